"""A layer made ready: its borders in blocks, its features near a box with all banks of a river."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine.prepared import layer as prepared
from ecoredline.processing.engine.prepared.layer import Rims, prepare
from small_runs import GROUND, layer


@pytest.mark.parametrize("block", [1, 50, 10**9])
def test_borders_made_in_blocks_are_those_made_at_once(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "RIM_BLOCK", block)
    rng = np.random.default_rng(3)
    features = np.array([shapely.Point(*xy).buffer(0.1, 40) for xy in rng.uniform(0, 5, (20, 2))], dtype=object)
    rims = Rims.of(features)
    assert (shapely.get_num_coordinates(rims.runs) <= prepared.RIM_VERTICES).all()
    for row, feature in enumerate(features):
        again = shapely.line_merge(shapely.multilinestrings(rims.of_feature(row).runs))
        assert shapely.equals(again, shapely.boundary(feature))
    assert len(Rims.of(np.empty(0, dtype=object)).runs) == 0


def _bank(x: float, side: str | None, river: str = "甲江") -> tuple[shapely.Geometry, dict[str, str | None]]:
    return GROUND.line((x, 0), (x + 1000, 0)), {"river": river, "side": side}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([_bank(50_000, "right")], 2),  # the other bank, though it is far away
        ([_bank(50_000, None)], 2),
        ([_bank(50_000, "right", "乙江")], 1),
    ],
)
def test_all_banks_of_a_river_come_together(
    others: list[tuple[shapely.Geometry, dict[str, str | None]]], expected: int
) -> None:
    data = read_layer(layer("bank_line", _bank(0, "left"), *others))
    box = (106.49, 29.49, 106.51, 29.51)
    near = prepare(data, box)
    assert len(near.data.frame) == expected
    assert near.whole.n_features == 2
    assert near.used(box) == prepare(data).used(box)
    assert near.used(box).n_features == expected


def test_without_a_named_side_banks_stand_alone() -> None:
    data = read_layer(layer("bank_line", _bank(0, None), _bank(50_000, None)))
    assert len(prepare(data, (106.49, 29.49, 106.51, 29.51)).data.frame) == 1
