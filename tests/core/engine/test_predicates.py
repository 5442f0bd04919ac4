"""Three-valued logic over all sites at once, against a slow evaluation of one site at a time in Python."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ecoredline.layers.sites import normalise
from ecoredline.processing.engine.judging.predicates import Attributes
from ecoredline.processing.engine.truth import FALSE, TRUE, UNKNOWN
from ecoredline.processing.rules.predicates import (
    All,
    Any_,
    Declared,
    Denied,
    Flag,
    Geometry,
    Industry,
    LandUse,
    Measure,
    Nature,
    Not,
    Operator,
    Predicate,
    Quantity,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box
from small_runs import sites

Truth = bool | None
OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
KINDS = {
    "point": Point(106.5, 29.5),
    "line": LineString([(106.5, 29.5), (106.6, 29.5)]),
    "polygon": box(106, 29, 107, 30),
}
SITE = Mapping[str, Any]


def slow(predicate: Predicate, site: SITE) -> Truth:
    match predicate:
        case All(parts):
            return conjunction([slow(part, site) for part in parts])
        case Any_(parts):
            return negation(conjunction([negation(slow(part, site)) for part in parts]))
        case Not(part):
            return negation(slow(part, site))
        case Nature(any_of):
            return None if site["nature"] is None else bool({*site["nature"].split(";")} & {*any_of})
        case Industry(prefixes, excluded):
            return industries(site["industry"], prefixes, excluded)
        case LandUse(words):
            return None if site["land_use"] is None else any(word in site["land_use"] for word in words)
        case Measure(any_of):
            return None if site["measures"] is None else bool({*site["measures"].split(";")} & {*any_of})
        case Geometry(kinds):
            return site["kind"] in kinds
        case Flag(name):
            return site[name]
        case Declared(name):
            return site[name] is True
        case Denied(name):
            return site[name] is False
        case Quantity(name, op, value):
            return None if site[name] is None else bool(OPERATORS[op](site[name], value))


def conjunction(parts: list[Truth]) -> Truth:
    return False if False in parts else None if None in parts else True


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def industries(codes: str | None, prefixes: tuple[str, ...], excluded: tuple[str, ...]) -> Truth:
    """A project of several industries is under a prefix as soon as one of them is."""
    if codes is None:
        return None
    return negation(conjunction([negation(industry(code, prefixes, excluded)) for code in codes.split(";")]))


def industry(code: str, prefixes: tuple[str, ...], excluded: tuple[str, ...]) -> Truth:
    """Ask every class of four digits that the code may stand for."""
    found = {
        full.startswith(prefixes) and not any(full.startswith(word) for word in excluded)
        for full in (CLASSES if len(code) < 5 else [code])
        if full.startswith(code)
    }
    return found.pop() if len(found) == 1 else None


CLASSES = [f"C{n}" for n in range(2500, 2720)] + [f"G{n}" for n in range(5900, 6000)]
ONE_CODE = st.sampled_from(["C25", "C26", "C253", "C2530", "C2614", "C2710", "C27", "G59", "G5941", "C265", "C2651"])
SEVERAL_CODES = st.lists(ONE_CODE, min_size=2, max_size=3, unique=True).map(";".join)
NATURES = st.lists(
    st.sampled_from(["新建", "改建", "扩建", "技术改造", "现有", "未批先建"]), min_size=1, max_size=2, unique=True
)
FLAGS = ("is_chemical", "applies_for_land")
SITES = st.fixed_dictionaries(
    {
        "nature": st.none() | NATURES.map(";".join),
        "industry": st.none() | ONE_CODE,
        "land_use": st.none() | st.sampled_from(["居住用地", "工业用地", "工业用地、仓储用地"]),
        "measures": st.none() | st.sampled_from(["植树覆绿", "回填覆土;撒播草籽", "湿地恢复;植树覆绿"]),
        "area_m2": st.none() | st.sampled_from([0.0, 24.999, 25.0, 1e6]),
        "kind": st.sampled_from(["point", "line", "polygon"]),
        **{name: st.none() | st.booleans() for name in FLAGS},
    }
)
PREFIXES = st.lists(st.sampled_from(["C26", "C25", "C2614", "C27", "G59"]), min_size=1, max_size=3, unique=True)
EXCLUDED = st.lists(st.sampled_from(["C253", "C265", "C2614", "C2710"]), max_size=2, unique=True)
# An exclusion is narrower than what it is excluded from; none takes a whole prefix back.
INDUSTRIES = (
    st.tuples(PREFIXES, EXCLUDED)
    .filter(lambda pair: not any(prefix.startswith(tuple(pair[1])) for prefix in pair[0]))
    .map(lambda pair: Industry(tuple(pair[0]), tuple(pair[1])))
)
LEAVES = st.one_of(
    NATURES.map(lambda words: Nature(tuple(words))),
    INDUSTRIES,
    st.sampled_from([LandUse(("工业",)), LandUse(("居住", "公共"))]),
    st.sampled_from([Measure(("植树覆绿",)), Measure(("回填覆土", "湿地恢复"))]),
    st.sampled_from(FLAGS).map(Flag),
    st.sampled_from(FLAGS).map(Declared),
    st.sampled_from(FLAGS).map(Denied),
    st.sampled_from([Geometry(("line",)), Geometry(("point", "polygon"))]),
    st.builds(Quantity, st.just("area_m2"), st.sampled_from(list(OPERATORS)), st.just(25.0)),
)
PREDICATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any_(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
WORDS = {False: FALSE, None: UNKNOWN, True: TRUE}


def attributes(rows: list[SITE]) -> Attributes:
    frame = pd.DataFrame([{k: v for k, v in row.items() if k != "kind"} for row in rows], dtype=object)
    shapes = gpd.GeoDataFrame(frame, geometry=[KINDS[row["kind"]] for row in rows], crs="EPSG:4490")
    return Attributes(normalise(shapes, "test"), np.array([row["kind"] for row in rows]))


@settings(max_examples=120, deadline=None)
@given(st.lists(SITES, min_size=1, max_size=6), PREDICATES)
def test_all_sites_at_once_are_as_one_by_one(rows: list[SITE], predicate: Predicate) -> None:
    found = attributes(rows).evaluate(predicate)
    assert found.tolist() == [WORDS[slow(predicate, row)] for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.lists(SEVERAL_CODES, min_size=1, max_size=4), INDUSTRIES)
def test_several_industries_at_once(codes: list[str], asked: Industry) -> None:
    found = attributes([{"industry": code, "kind": "point"} for code in codes]).evaluate(asked)
    assert found.tolist() == [WORDS[industries(code, asked.prefixes, asked.excluded)] for code in codes]


def industry_of(code: str | None, prefixes: tuple[str, ...], excluded: tuple[str, ...] = ()) -> int:
    found = Attributes(normalise(sites((KINDS["point"], {"industry": code})), "test"), np.array(["point"]))
    return int(found.evaluate(Industry(prefixes, excluded))[0])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("C2614", TRUE),
        ("2614", TRUE),
        ("C2614 有机化学原料制造", TRUE),
        ("C26", UNKNOWN),  # 2672 explosives are excluded
        ("C267", UNKNOWN),
        ("C2672", FALSE),
        ("C261", TRUE),
        ("C2710", FALSE),
        ("C", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_codes_long_and_short(code: str | None, expected: int) -> None:
    assert industry_of(code, ("C26",), ("C2672",)) == expected


def test_a_short_code_without_exclusions_is_sure_where_it_is_long_enough() -> None:
    assert industry_of("C26", ("C26",)) == TRUE
    assert industry_of("C26", ("C2614",)) == UNKNOWN
    assert industry_of("C27", ("C2614",)) == FALSE


@pytest.mark.parametrize("codes", ["G5941;C2614", "G5941、C2614", "C3011;C2614;G5941"])
def test_any_of_several_industries_counts(codes: str) -> None:
    assert industry_of(codes, ("C26",)) == TRUE


def test_several_industries_of_which_none_counts() -> None:
    assert industry_of("G5941;C3011", ("C26",)) == FALSE


def test_of_several_industries_a_short_one_leaves_it_open() -> None:
    assert industry_of("G5941;C26", ("C2614",)) == UNKNOWN


def test_an_excluded_industry_does_not_take_another_one_out() -> None:
    assert industry_of("C2672;C2614", ("C26",), ("C2672",)) == TRUE


def test_nature_is_a_set() -> None:
    found = attributes([{"nature": "改扩建", "kind": "point"}, {"nature": "迁建", "kind": "point"}])
    assert found.evaluate(Nature(("扩建",))).tolist() == [TRUE, FALSE]
    assert found.evaluate(Nature(("改建",))).tolist() == [TRUE, FALSE]
    assert found.evaluate(Nature(("新建",))).tolist() == [FALSE, TRUE]


def test_a_column_that_is_missing_is_unknown_everywhere() -> None:
    found = attributes([{"kind": "point"}, {"kind": "line"}])
    for leaf in (
        Nature(("新建",)),
        Industry(("C26",)),
        LandUse(("工业",)),
        Measure(("植树覆绿",)),
        Flag("is_chemical"),
        Quantity("area_m2", "<", 1),
    ):
        assert found.evaluate(leaf).tolist() == [UNKNOWN, UNKNOWN]
    for leaf in (Declared("is_chemical"), Denied("is_chemical")):
        assert found.evaluate(leaf).tolist() == [FALSE, FALSE]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("<", [TRUE, FALSE, FALSE]),
        ("<=", [TRUE, TRUE, FALSE]),
        ("==", [FALSE, TRUE, FALSE]),
        (">=", [FALSE, TRUE, TRUE]),
        (">", [FALSE, FALSE, TRUE]),
    ],
)
def test_quantities_on_both_sides_of_their_value(op: Operator, expected: list[int]) -> None:
    found = attributes([{"area_m2": area, "kind": "point"} for area in (24.999, 25.0, 25.001)])
    assert found.evaluate(Quantity("area_m2", op, 25.0)).tolist() == expected


def test_no_predicate_concerns_every_project() -> None:
    assert attributes([{"kind": "point"}]).evaluate(None).tolist() == [TRUE]


def test_unknown_and_false_is_false_unknown_or_true_is_true() -> None:
    found = attributes([{"is_chemical": None, "applies_for_land": False, "kind": "point"}])
    assert found.evaluate(All((Flag("is_chemical"), Flag("applies_for_land")))).tolist() == [FALSE]
    assert found.evaluate(Any_((Flag("is_chemical"), Not(Flag("applies_for_land"))))).tolist() == [TRUE]
    assert found.evaluate(Any_((Flag("is_chemical"), Flag("applies_for_land")))).tolist() == [UNKNOWN]
