"""Uploads of every kind, made in a temporary folder; real ones where the folder of data is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("ECOREDLINE_DATA", Path(__file__).absolute().parents[4] / "shared" / "data"))


def uploads() -> list[Path]:
    return sorted(path for path in (DATA / "uploads").rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"no folder of real data at {DATA} (set ECOREDLINE_DATA)")
    return DATA
