"""Makes the helpers beside the tests importable; what measures is tested with compiled loops and without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ecoredline.processing.engine.kernel import library

sys.path.insert(0, str(Path(__file__).parent))

BOTH_WAYS = {
    "test_against_reference", "test_bank_definitions", "test_depth", "test_inscribed", "test_measuring",
    "test_nearest", "test_overlap", "test_places", "test_strength", "test_stretches", "test_united", "test_water",
    "test_within",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in BOTH_WAYS:
        metafunc.fixturenames.append("loops")
        metafunc.parametrize("loops", ["compiled", "GEOS"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def loops(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the compiled loops, or do without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(library.SWITCH, "off" if request.param == "GEOS" else "on")
        library.kernel.cache_clear()
        assert (library.kernel() is None) == (request.param == "GEOS")
        yield
    library.kernel.cache_clear()
