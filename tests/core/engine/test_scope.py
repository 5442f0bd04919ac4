"""Where and when a rule applies: basin, county, first and last day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely
from ecoredline.layers.layerset import LayerSource
from ecoredline.processing.engine import Screening
from ecoredline.processing.rules.model import Pack
from ecoredline.processing.rules.predicates import Nature
from small_runs import GROUND, layer, one, outcome, pack, rule, run

LINE = layer("red_line", GROUND.box(0, 0, 1000, 1000))
INSIDE = GROUND.box(400, 400, 500, 500)
HOME, AWAY = GROUND.box(-2000, -2000, 450, 2000), GROUND.box(450, -2000, 3000, 2000)
RIVER = "长江流域"


def district(code: str | None, shape: shapely.Geometry | None = None) -> LayerSource:
    return layer("district", (shape or GROUND.box(-2000, -2000, 3000, 2000), {"code": code}))


def basin(name: str | None, shape: shapely.Geometry | None = None) -> LayerSource:
    return layer("basin", (shape or GROUND.box(-2000, -2000, 3000, 2000), {"name": name}))


def screened(pack_: Pack, *places: LayerSource) -> Screening:
    return run(INSIDE, [LINE, *places], pack_)


COUNTY = pack(rule(), counties=("5001",))
BASIN = pack(rule(), basin=RIVER)


@pytest.mark.parametrize("code", ["500101", "500112"])
def test_inside_its_county(code: str) -> None:
    assert outcome(screened(COUNTY, district(code))) == "fired"


def test_outside_its_county() -> None:
    result = screened(COUNTY, district("511302"))
    assert outcome(result) == "not_in_force"
    assert one(result.verdicts)["verdict"] == "clear"


def test_across_the_border_of_its_county() -> None:
    both = layer("district", (HOME, {"code": "500101"}), (AWAY, {"code": "511302"}))
    assert outcome(screened(COUNTY, both)) == "fired"


def test_touching_the_county_from_outside() -> None:
    both = layer("district", (GROUND.box(-2000, -2000, 3000, 400), {"code": "500101"}), (AWAY, {"code": "511302"}))
    assert outcome(screened(COUNTY, both)) == "not_in_force"


@pytest.mark.parametrize("places", [(), (district("500101", GROUND.box(-9000, 0, -8000, 100)),)])
def test_in_no_district_the_scope_is_open(places: tuple[LayerSource, ...]) -> None:
    result = screened(COUNTY, *places)
    row, site = one(result.findings), one(result.verdicts)
    assert (row["outcome"], row["verdict"]) == ("undetermined", "undetermined")
    assert "适用范围" in row["note"]
    assert (site["verdict"], site["completeness"]) == ("undetermined", "insufficient")


def test_a_district_without_a_code_tells_nothing() -> None:
    assert outcome(screened(COUNTY, district(None))) == "undetermined"


def test_an_open_scope_matters_only_where_the_place_is_touched() -> None:
    result = run(GROUND.box(-500, 0, -400, 10), [LINE], COUNTY)
    assert outcome(result) == "place_not_touched"


def test_inside_its_basin() -> None:
    assert outcome(screened(BASIN, basin(RIVER))) == "fired"


def test_in_another_basin() -> None:
    assert outcome(screened(BASIN, basin("黄河流域"))) == "not_in_force"


def test_outside_the_basin_that_is_loaded() -> None:
    assert outcome(screened(BASIN, basin(RIVER, GROUND.box(-9000, 0, -8000, 100)))) == "not_in_force"


def test_a_basin_without_a_name_tells_nothing() -> None:
    assert outcome(screened(BASIN, basin(None))) == "undetermined"


def test_a_province_that_lies_wholly_in_the_basin_tells_it() -> None:
    assert outcome(screened(BASIN, district("500101"))) == "fired"


def test_a_province_that_lies_partly_in_the_basin_does_not() -> None:
    assert outcome(screened(BASIN, district("510101"))) == "undetermined"


def test_without_basin_and_district_the_scope_is_open() -> None:
    assert outcome(screened(BASIN)) == "undetermined"


def test_county_and_basin_both_count() -> None:
    both = pack(rule(), basin=RIVER, counties=("5001",))
    assert outcome(screened(both, basin(RIVER), district("500101"))) == "fired"
    assert outcome(screened(both, basin(RIVER), district("511302"))) == "not_in_force"
    assert outcome(screened(both, basin("黄河流域"), district("500101"))) == "not_in_force"


def test_a_text_without_scope_holds_everywhere() -> None:
    assert outcome(screened(pack(rule()))) == "fired"


FIRST, LAST, DAY = date(2026, 8, 15), date(2026, 11, 30), timedelta(days=1)


@pytest.mark.parametrize("by", ["rule", "pack"])
@pytest.mark.parametrize(
    ("day", "expected"),
    [(FIRST - DAY, "not_in_force"), (FIRST, "fired"), (LAST, "fired"), (LAST + DAY, "not_in_force")],
)
def test_the_first_and_the_last_day_count(by: str, day: date, expected: str) -> None:
    law = pack(rule(from_=FIRST, to=LAST)) if by == "rule" else pack(rule(), in_force_from=FIRST, in_force_to=LAST)
    assert outcome(run(INSIDE, [LINE], law, as_of=day)) == expected


def test_the_later_of_two_beginnings_and_the_earlier_of_two_ends_count() -> None:
    law = pack(rule(from_=FIRST, to=LAST), in_force_from=FIRST - 9 * DAY, in_force_to=LAST + 9 * DAY)
    assert outcome(run(INSIDE, [LINE], law, as_of=FIRST - DAY)) == "not_in_force"
    assert outcome(run(INSIDE, [LINE], law, as_of=LAST + DAY)) == "not_in_force"
    assert outcome(run(INSIDE, [LINE], law, as_of=LAST)) == "fired"


def test_force_is_asked_before_scope_project_and_layer() -> None:
    """Everything else would be open."""
    law = pack(rule(layer="wetland", project=Nature(("新建",)), from_=date(2027, 1, 1)), basin=RIVER)
    result = run(INSIDE, [LINE], law)
    assert outcome(result) == "not_in_force"
    assert one(result.verdicts)["completeness"] == "complete"


def test_scope_is_asked_before_project() -> None:
    law = pack(rule(project=Nature(("新建",))), counties=("5001",))
    assert outcome(run((INSIDE, {"nature": "现有"}), [LINE, district("511302")], law)) == "not_in_force"


def test_project_is_asked_before_the_layer() -> None:
    law = pack(rule(layer="wetland", project=Nature(("新建",))))
    assert outcome(run((INSIDE, {"nature": "现有"}), [LINE], law)) == "project_not_concerned"
    assert outcome(run((INSIDE, {"nature": "新建"}), [LINE], law)) == "undetermined"


@pytest.mark.parametrize("day", [date(2021, 2, 28), date(2021, 3, 1)])
def test_a_rule_on_hold_never_fires(day: date) -> None:
    law = pack(rule(status="hold", from_=date(2021, 3, 1)))
    result = run(INSIDE, [LINE], law, as_of=day)
    assert result.findings.empty
    assert outcome(result) == ("undetermined" if day.month == 3 else "not_in_force")
    assert result.gaps["cause"].str.contains("待核文本").any() == (day.month == 3)
