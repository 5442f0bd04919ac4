"""The sample district with and without the compiled loops: one seal, one table, the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ecoredline.layers.sample import make
from ecoredline.processing.engine import Screening, screen
from ecoredline.processing.engine.kernel import library

TABLES = ("findings", "facts", "units", "roles", "stretches", "verdicts", "days", "gaps")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Screening, Screening]]:
    sample = make(tmp_path_factory.mktemp("sample"))

    def screened(switch: str) -> Screening:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(library.SWITCH, switch)
            library.kernel.cache_clear()
            assert (library.kernel() is None) == (switch == "off")
            return screen(Path(sample.sites), sample.layer_set, as_of=date(2026, 11, 1))

    yield screened("on"), screened("off")
    library.kernel.cache_clear()


def test_one_seal(both: tuple[Screening, Screening]) -> None:
    compiled, plain = both
    assert compiled.seal.number == plain.seal.number
    assert (compiled.seal.beside["kernel"], plain.seal.beside["kernel"]) == (f"compiled {library.VERSION}", "none")


@pytest.mark.parametrize("name", TABLES)
def test_one_table(both: tuple[Screening, Screening], name: str) -> None:
    """Words to the letter; figures, which are rounded to a millimetre, by no more than that, or 1e-9.

    Depths of areas, and margins that are such, by the 1 cm to which GEOS finds them.
    """
    compiled, plain = (pd.DataFrame(getattr(screening, name)) for screening in both)
    for column in {"margin_m", "depth_m"} & set(plain):
        depths = (table.pop(column).to_numpy(dtype=float) for table in (compiled, plain))
        np.testing.assert_allclose(*depths, rtol=1e-9, atol=0.0121)
    pd.testing.assert_frame_equal(compiled, plain, check_exact=False, rtol=1e-9, atol=1.001e-3)
