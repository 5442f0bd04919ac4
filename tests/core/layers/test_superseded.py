"""When data of a role has given way to other data, on both sides of each day."""

from __future__ import annotations

from datetime import date

import pytest
from ecoredline.layers.sources import LayerSource
from ecoredline.layers.superseded import superseded
from ecoredline.layers.texts import EMPTY

DAY = date(2026, 3, 15)


def source(vintage: date | None = None, valid_to: date | None = None) -> LayerSource:
    return LayerSource("red_line", "a.gpkg", vintage=vintage, valid_to=valid_to)


@pytest.mark.parametrize(
    ("valid_to", "over"), [(None, False), (DAY, False), (date(2026, 3, 14), True), (date(2026, 3, 16), False)]
)
def test_data_are_valid_through_their_last_day(valid_to: date | None, over: bool) -> None:
    one = source(valid_to=valid_to)
    assert (superseded(one, [one], DAY) != EMPTY) == over


@pytest.mark.parametrize(
    ("other", "over"),
    [(None, False), (date(2024, 1, 1), False), (date(2024, 1, 2), True), (DAY, True), (date(2026, 3, 16), False)],
)
def test_a_newer_vintage_supersedes_from_its_day_on(other: date | None, over: bool) -> None:
    one = source(date(2024, 1, 1))
    told = superseded(one, [one, source(other)], DAY)
    assert (told != EMPTY) == over
    if over:
        assert str(other) in told.zh
        assert str(other) in told.en


def test_data_without_a_date_are_superseded_by_nothing() -> None:
    assert superseded(source(), [source(), source(DAY)], DAY) == EMPTY
