"""How tests find the package: as `ecoredline`, by the link in build/dev, never by the names at the root."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT.resolve()]
if str(ROOT / "build" / "dev") not in sys.path:
    sys.path.insert(0, str(ROOT / "build" / "dev"))

# pytest names the modules of tests/qgis `qgis.…` and would put an empty parent of that name in the place of QGIS.
with contextlib.suppress(ImportError):
    importlib.import_module("qgis")
