"""Makes the helpers beside the tests of the engine importable: `reference`, `comparing`, `shapes`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
