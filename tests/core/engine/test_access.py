"""Access lists: every item of every list of every unit, what only a person can compare, and lists not held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from ecoredline.layers.layerset import AccessList, LayerSet, LayerSource
from ecoredline.processing.engine import Screening, screen
from ecoredline.processing.rules.model import Pack, Rule
from ecoredline.processing.rules.predicates import Nature
from shapely import box
from small_runs import AS_OF, Shape, layer, one, outcome, pack, profile, rule, sites

WEST, EAST = box(106.49, 29.4, 106.5, 29.5), box(106.5, 29.4, 106.51, 29.5)
A, B = "ZH50010120001", "ZH50010120002"
IN_A, ACROSS = box(106.495, 29.45, 106.496, 29.46), box(106.499, 29.45, 106.501, 29.46)
UNITS = layer("control_unit", (WEST, {"name": "甲"}), (EAST, {"name": "乙"}))
LIST_RULE = rule("CU-02", layer="control_unit", access_list=True, question="是否触及清单？")


class Lists:
    """Runs with an access list written to a table."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "list.csv"

    def run(
        self,
        site: Shape,
        *items: dict[str, str],
        units: LayerSource = UNITS,
        law: Rule | Pack = LIST_RULE,
        others: tuple[LayerSource, ...] = (),
        **more: Any,
    ) -> Screening:
        columns = ["unit_code", "item_id", "dimension", "requirement", "industry", "nature", "verdict"]
        rows = [
            {"item_id": str(n), "dimension": "空间布局约束", "requirement": f"要求{n}"} | item
            for n, item in enumerate(items)
        ]
        pd.DataFrame(rows, columns=columns).to_csv(self._path, index=False)
        listed = AccessList(str(self._path)) if items else None
        return screen(
            sites(site),
            LayerSet("small", (units, *others), (), None, listed),
            (law if isinstance(law, Pack) else pack(law),),
            profile=profile(("control_unit",)),
            as_of=AS_OF,
            **more,
        )


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)


CEMENT = {"unit_code": A, "industry": "C3011", "nature": "新建", "verdict": "禁止"}
NEW_CEMENT = {"industry": "C3011", "nature": "新建"}


def test_an_item_that_matches_is_a_finding(lists: Lists) -> None:
    result = lists.run((IN_A, NEW_CEMENT), CEMENT)
    row = one(result.findings)
    assert (row["outcome"], row["verdict"], row["feature_id"]) == ("fired", "prohibited", A)
    assert row["note"] == "空间布局约束：要求0"


@pytest.mark.parametrize(
    "attributes", [{"industry": "C3011", "nature": "现有"}, {"industry": "C3012", "nature": "新建"}]
)
def test_an_item_that_does_not_match_concerns_nobody(lists: Lists, attributes: dict[str, str]) -> None:
    result = lists.run((IN_A, attributes), CEMENT)
    assert result.findings.empty
    assert outcome(result, "CU-02") == "project_not_concerned"
    assert tuple(one(result.verdicts)[["verdict", "completeness"]]) == ("clear", "complete")


def test_every_item_that_matches_is_told(lists: Lists) -> None:
    softer = {"unit_code": A, "industry": "C30", "nature": "新建", "verdict": "限制"}
    result = lists.run((IN_A, NEW_CEMENT), CEMENT, softer)
    assert result.findings["verdict"].tolist() == ["prohibited", "restricted"]
    assert one(result.verdicts)["verdict"] == "prohibited"


@pytest.mark.parametrize(("code", "hit"), [("*", True), ("500101", True), (A, True), (B, False), ("500112", False)])
def test_lists_of_the_unit_of_its_county_and_of_all_units(lists: Lists, code: str, hit: bool) -> None:
    other = {"unit_code": A, "industry": "C1311", "verdict": "禁止"}
    result = lists.run((IN_A, NEW_CEMENT), CEMENT | {"unit_code": code}, other)
    assert (outcome(result, "CU-02") == "fired") == hit


def test_all_lists_of_all_units_apply(lists: Lists) -> None:
    result = lists.run((ACROSS, NEW_CEMENT), CEMENT, CEMENT | {"unit_code": B, "verdict": "限制"})
    assert result.findings[["feature_id", "verdict"]].to_numpy().tolist() == [[A, "prohibited"], [B, "restricted"]]


def test_the_verdict_of_the_rule_bounds_its_items(lists: Lists) -> None:
    law = rule("CU-02", layer="control_unit", access_list=True, verdict="needs_review")
    assert one(lists.run((IN_A, NEW_CEMENT), CEMENT, law=law).findings)["verdict"] == "needs_review"
    law = rule("CU-02", layer="control_unit", access_list=True, cap="restricted")
    assert one(lists.run((IN_A, NEW_CEMENT), CEMENT, law=law).findings)["verdict"] == "restricted"


@pytest.mark.parametrize("missing", ["nature", "industry"])
def test_an_item_that_cannot_be_told_leaves_the_rule_open(lists: Lists, missing: str) -> None:
    result = lists.run((IN_A, {k: v for k, v in NEW_CEMENT.items() if k != missing}), CEMENT)
    row = one(result.findings)
    assert (row["outcome"], row["verdict"], row["question"]) == ("undetermined", "undetermined", "是否触及清单？")
    assert tuple(one(result.verdicts)[["verdict", "completeness"]]) == ("undetermined", "insufficient")


def test_an_item_that_cannot_be_told_stays_open_beside_one_that_matches(lists: Lists) -> None:
    """Whether the ban concerns the project hangs on its nature; the restriction does not."""
    restriction = {"unit_code": A, "industry": "C3011", "verdict": "限制"}
    result = lists.run((IN_A, {"industry": "C3011"}), CEMENT, restriction)
    assert tuple(one(result.verdicts)[["verdict", "completeness"]]) == ("undetermined", "insufficient")


def test_an_item_that_cannot_be_told_matters_not_beside_a_ban_that_matches(lists: Lists) -> None:
    ban = {"unit_code": A, "industry": "C3011", "verdict": "禁止"}
    result = lists.run((IN_A, {"industry": "C3011"}), CEMENT | {"verdict": "限制"}, ban)
    assert one(result.verdicts)["verdict"] == "prohibited"


@pytest.mark.parametrize("person_in", [A, B])
def test_a_unit_left_to_a_person_does_not_close_what_is_open_in_another(lists: Lists, person_in: str) -> None:
    open_in = B if person_in == A else A
    items = (CEMENT | {"unit_code": open_in}, {"unit_code": person_in, "verdict": "禁止"})
    result = lists.run((ACROSS, {"industry": "C3011"}), *items)
    assert tuple(one(result.verdicts)[["verdict", "completeness"]]) == ("undetermined", "insufficient")


def test_items_for_a_person_are_one_finding_and_leave_the_site_partly_checked(lists: Lists) -> None:
    result = lists.run((IN_A, NEW_CEMENT), {"unit_code": A}, {"unit_code": "*"}, {"unit_code": B})
    row = one(result.findings)
    assert row["outcome"] == "undetermined"
    assert "2 条" in row["note"]
    assert one(result.verdicts)["completeness"] == "partial"


@pytest.mark.parametrize("listed", [A, B])
def test_a_unit_without_a_list_is_open_whatever_its_neighbour_says(lists: Lists, listed: str) -> None:
    result = lists.run((ACROSS, NEW_CEMENT), CEMENT | {"unit_code": listed, "verdict": "限制"})
    site = one(result.verdicts)
    assert (site["verdict"], site["completeness"]) == ("undetermined", "insufficient")
    assert site["n_restricted"] == 1
    assert result.gaps["cause"].str.contains("准入清单").any()


def test_no_list_at_all_is_a_gap_of_the_run(lists: Lists) -> None:
    result = lists.run((IN_A, NEW_CEMENT))
    assert result.findings.empty
    gap = one(result.gaps, rule_ids="CU-02")
    assert "准入清单" in gap["cause"] and "access_list" in gap["cure"]
    assert tuple(one(result.verdicts)[["verdict", "completeness"]]) == ("undetermined", "insufficient")


def test_the_columns_of_the_units_are_a_list_for_a_person(lists: Lists) -> None:
    units = layer("control_unit", (WEST, {"space": "禁止新建化工。", "emission": "执行特别排放限值。"}))
    result = lists.run((IN_A, NEW_CEMENT), units=units)
    assert "2 条" in one(result.findings)["note"]
    assert result.unit_items["requirement"].tolist() == ["禁止新建化工。", "执行特别排放限值。"]


@pytest.mark.parametrize(("code", "expected"), [(B, "notice"), (A, "prohibited")])
def test_a_unit_that_the_site_only_touches_has_a_notice_at_most(lists: Lists, code: str, expected: str) -> None:
    touching = box(106.495, 29.45, 106.5, 29.46)
    result = lists.run((touching, NEW_CEMENT), CEMENT | {"unit_code": code}, {"unit_code": "*", "industry": "C1311"})
    assert one(result.findings)["verdict"] == expected
    assert ("边界相接" in one(result.findings)["note"]) == (expected == "notice")


def test_a_touch_of_a_unit_whose_list_does_not_concern_the_project_is_nothing(lists: Lists) -> None:
    touching = box(106.495, 29.45, 106.5, 29.46)
    result = lists.run((touching, NEW_CEMENT), CEMENT | {"unit_code": "*", "industry": "C1311"})
    assert outcome(result, "CU-02") == "project_not_concerned"
    assert result.findings.empty


def test_a_unit_within_the_band_is_for_review(lists: Lists) -> None:
    near = box(106.495, 29.45, 106.49999, 29.46)  # 1 m off
    units = layer("control_unit", WEST, EAST, accuracy_m=5.0, authority="derived")
    items = (CEMENT | {"unit_code": B}, CEMENT | {"industry": "C1311"})
    row = one(lists.run((near, NEW_CEMENT), *items, units=units).findings)
    assert (row["outcome"], row["verdict"], row["certainty"]) == ("undetermined", "needs_review", "borderline")


def test_a_sliver_of_a_unit_is_for_review(lists: Lists) -> None:
    sliver = box(106.495, 29.45, 106.5000002, 29.4501)  # 2 cm by 11 m
    row = one(lists.run((sliver, NEW_CEMENT), CEMENT | {"unit_code": B}, CEMENT | {"industry": "C1311"}).findings)
    assert (row["verdict"], row["certainty"]) == ("needs_review", "borderline")
    assert "边界重合待核" in row["note"]


def test_indicative_units_are_good_for_review_at_most(lists: Lists) -> None:
    units = layer("control_unit", WEST, EAST, authority="indicative")
    row = one(lists.run((IN_A, NEW_CEMENT), CEMENT, units=units).findings)
    assert (row["verdict"], row["certainty"]) == ("needs_review", "indicative")


def test_a_unit_whose_class_is_not_told_is_not_passed_over(lists: Lists) -> None:
    """The lists of priority and of other units are two rules; a unit of neither class known is open, not clear."""
    by_class = pack(
        rule("CU-01", layer="control_unit", access_list=True, feature={"class": ("1",)}),
        rule("CU-02", layer="control_unit", access_list=True, feature={"class": ("2", "3")}),
    )
    units = layer("control_unit", (WEST, {"code": "单元甲"}))
    result = lists.run((IN_A, NEW_CEMENT), CEMENT | {"unit_code": "单元甲"}, units=units, law=by_class)
    assert one(result.verdicts)["verdict"] in ("undetermined", "prohibited")
    assert outcome(result, "CU-01") != "place_not_touched"


def test_the_project_of_the_rule_counts_for_its_list(lists: Lists) -> None:
    law = rule("CU-02", layer="control_unit", access_list=True, project=Nature(("新建",)))
    assert outcome(lists.run((IN_A, {"nature": "现有", "industry": "C3011"}), CEMENT, law=law), "CU-02") == (
        "project_not_concerned"
    )
    any_nature = {"unit_code": A, "industry": "C3011", "verdict": "禁止"}
    assert outcome(lists.run((IN_A, {"industry": "C3011"}), any_nature, law=law), "CU-02") == "undetermined"


def test_a_list_of_a_county_whose_scope_cannot_be_told_is_open(lists: Lists) -> None:
    law = pack(LIST_RULE, counties=("5001",))
    assert outcome(lists.run((IN_A, NEW_CEMENT), CEMENT, law=law), "CU-02") == "undetermined"
    there = (layer("district", (shapely.box(106, 29, 107, 30), {"code": "500101"})),)
    assert outcome(lists.run((IN_A, NEW_CEMENT), CEMENT, law=law, others=there), "CU-02") == "fired"


def test_items_are_kept_as_read(lists: Lists) -> None:
    result = lists.run((IN_A, NEW_CEMENT), CEMENT)
    row = one(result.unit_items)
    assert (row["unit_code"], row["dimension"], row["requirement"]) == (A, "空间布局约束", "要求0")
