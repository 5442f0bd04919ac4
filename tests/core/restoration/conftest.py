"""Rasters of a test stand in its own folder; the helpers beside it are importable."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from small_rasters import write


@pytest.fixture
def raster(tmp_path: Path) -> Callable[..., str]:
    """Return a writer of rasters: name, values, then where they lie and their tags."""

    def make(name: str, *arguments: Any, **tags: Any) -> str:
        return partial(write, tmp_path / f"{name}.tif")(*arguments, **tags)

    return make
