"""Makes the helpers beside the tests of papers importable: `paper_run`, `paper_tables`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from paper_run import FakeScreening, make_screening


@pytest.fixture
def screening() -> FakeScreening:
    """Return the run, fresh, so that a test may change it."""
    return make_screening()
