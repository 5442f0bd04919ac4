"""The packs that ship: complete in their cases, within their caps, and in the tool's own words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from ecoredline.layers.role import roles
from ecoredline.processing.engine.words import NEVER_SAID, Outcome, Verdict
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.caps import RULE_VERDICTS
from ecoredline.processing.rules.model import Pack, Rule

PACKS = packs.load_packs()
RULES = [(pack, rule) for pack in PACKS for rule in pack.rules]
FIRING = [(pack, rule) for pack, rule in RULES if rule.status != "hold"]
CASES = defaultdict(list)
for _pack in PACKS:
    for _case in _pack.cases:
        CASES[_case.rule].append(_case)

# What the main job asks for, by the ids of the facts.
ASKED = [
    "YZ-01", "YZ-02", "YZ-03", "YZ-04", "YZ-05", "YZ-06", "RL-01", "RL-02", "RL-03", "RL-04", "RL-05",
    "CU-01", "CU-02", "CU-03", "WS-01", "WS-02", "WS-03", "WS-04", "WS-05", "PA-01", "PA-02", "PA-07", "PA-08",
]  # fmt: skip


def named(item: tuple[Pack, Rule]) -> str:
    return item[1].id


@pytest.mark.parametrize("asked", ASKED)
def test_every_rule_asked_for_is_there(asked: str) -> None:
    assert any(rule.id == asked or rule.id.startswith(f"{asked}-") for _, rule in FIRING)


@pytest.mark.parametrize("item", FIRING, ids=named)
def test_a_rule_has_cases_that_fire_that_miss_and_that_cannot_be_judged(item: tuple[Pack, Rule]) -> None:
    outcomes = Counter(case.expect["outcome"] for case in CASES[item[1].id])
    assert sum(outcomes.values()) >= 3
    assert outcomes["fired"], "none fires"
    # What holds in a whole district is missed by other projects and in other counties.
    missed = "project_not_concerned" if item[1].layer == "district" else "place_not_touched"
    assert outcomes[missed], "none just misses"
    assert outcomes["undetermined"] or item[1].project is None, "none is open"


def test_no_two_cases_of_a_rule_have_one_name() -> None:
    for rule_id, cases in CASES.items():
        names = Counter(case.name for case in cases)
        assert max(names.values()) == 1, (rule_id, names.most_common(1))


@pytest.mark.parametrize("item", FIRING, ids=named)
def test_no_case_fires_outside_the_dates_of_its_rule(item: tuple[Pack, Rule]) -> None:
    rule = item[1]
    for case in CASES[rule.id]:
        inside = (rule.from_ is None or rule.from_ <= case.on) and (rule.to is None or case.on <= rule.to)
        elsewhere = bool(case.county or case.basin)
        assert (inside and not elsewhere) == (case.expect["outcome"] != "not_in_force"), case.name


def edges() -> list[tuple[str, date, str]]:
    day = timedelta(days=1)
    found = []
    for base in ("YZ-01", "YZ-04", "RL-04", "WS-01-2026", "CU-01-2026", "RL-01-2026", "PA-01-2026"):
        first = next(rule.from_ for _, rule in RULES if rule.id == base)
        assert first is not None
        found += [(base, first, "fired"), (base, first - day, "not_in_force")]
    for base in ("WS-01-2008", "CU-01-2021", "PA-02-2017"):
        last = next(rule.to for _, rule in RULES if rule.id == base)
        assert last is not None
        found += [(base, last + day, "not_in_force")]
    return found


@pytest.mark.parametrize(("rule_id", "day", "outcome"), edges())
def test_the_first_and_the_last_day_have_a_case_on_each_side(rule_id: str, day: date, outcome: str) -> None:
    assert any(case.on == day and case.expect["outcome"] == outcome for case in CASES[rule_id])


def test_the_code_takes_over_without_a_gap_and_without_a_day_twice() -> None:
    by_id = {rule.id: rule for _, rule in RULES}
    for older, newer in [
        ("CU-01-2021", "CU-01-2026"), ("CU-02-2021", "CU-02-2026"), ("CU-03-2021", "CU-03-2026"),
        ("WS-01-2008", "WS-01-2026"), ("WS-02-2008", "WS-02-2026"), ("WS-03-2008", "WS-03-2026"),
        ("WS-04-2008", "WS-04-2026"), ("WS-05-2008", "WS-05-2026"), ("PA-02-2017", "PA-01-2026"),
    ]:  # fmt: skip
        last, first = by_id[older].to, by_id[newer].from_
        assert last is not None and first is not None
        assert last + timedelta(days=1) == first, (older, newer)


def test_the_dates_are_those_of_the_texts() -> None:
    starts = {pack.id: (pack.in_force_from, pack.in_force_to) for pack in PACKS}
    assert starts["yangtze_protection_law"] == (date(2021, 3, 1), None)
    assert starts["ecological_code"] == (date(2026, 8, 15), None)
    assert starts["water_pollution_law"][1] == date(2026, 8, 14)
    assert starts["nature_reserve_regulation_2026"][0] == date(2026, 3, 15)
    assert starts["nature_reserve_regulation_2017"][1] == date(2026, 3, 14)
    assert starts["land_administration_law"] == (date(2020, 1, 1), None)


def test_the_basin_law_is_bound_to_its_basin_and_the_red_line_is_not() -> None:
    basins = {pack.id: pack.basin for pack in PACKS}
    assert basins["yangtze_protection_law"] == "长江流域"
    assert basins["red_line_notice"] is None and basins["ecological_code"] is None


def test_normative_documents_ban_only_with_a_reason() -> None:
    strong = RULE_VERDICTS.index("restricted")
    for pack, rule in RULES:
        if pack.legal_nature in ("规范性文件", "规划") and RULE_VERDICTS.index(rule.verdict) < strong:
            assert pack.cap_exempt_reason, rule.id
    assert [pack.id for pack in PACKS if pack.cap_exempt_reason] == ["red_line_notice"]


def test_texts_that_were_not_read_are_on_hold() -> None:
    held = {rule.id for _, rule in RULES if rule.status == "hold"}
    assert held == {"YZ-07", "YZ-09", "YZ-10", "YZ-11"}
    assert all(not CASES[rule_id] for rule_id in held)


def test_the_words_are_those_of_the_engine() -> None:
    assert set(RULE_VERDICTS) == set(Verdict) - {Verdict.UNDETERMINED, Verdict.CLEAR}
    assert [v for v in Verdict if v in RULE_VERDICTS] == list(RULE_VERDICTS)
    seen = {case.expect["outcome"] for cases in CASES.values() for case in cases}
    assert seen == set(Outcome)


@pytest.mark.parametrize("item", RULES, ids=named)
def test_the_tools_own_words_decide_nothing(item: tuple[Pack, Rule]) -> None:
    pack, rule = item
    own = [rule.note, rule.question.zh, rule.department, pack.cap_exempt_reason]
    own += [exception.question for exception in rule.exceptions]
    for words in own:
        assert not [word for word in NEVER_SAID if word in words], words


@pytest.mark.parametrize("item", FIRING, ids=named)
def test_a_question_has_both_languages_and_an_open_predicate_has_a_question(item: tuple[Pack, Rule]) -> None:
    rule = item[1]
    assert rule.question.zh or rule.exceptions or rule.project is None
    if rule.question.zh:
        assert rule.question.en and rule.question.en != rule.question.zh
    for exception in rule.exceptions:
        assert exception.question_en
    if any(case.expect == {"outcome": "undetermined"} and "state" not in case.layer for case in CASES[rule.id]):
        assert rule.question.zh


def test_departments_are_those_of_the_facts() -> None:
    known = {"规划和自然资源", "水利", "林业", "农业农村", "住房城乡建设", "生态环境", "应急"}
    assert {rule.department for _, rule in RULES} <= known


def test_every_case_that_needs_a_bank_says_which_line_it_is() -> None:
    needed = [spec.name for spec in roles()["bank_line"].fields.values() if spec.required]
    by_id = {rule.id: rule for _, rule in RULES}
    for cases in CASES.values():
        for case in cases:
            if by_id[case.rule].layer == "bank_line" and case.feature and not case.name.endswith("not filled"):
                assert set(needed) <= set(case.feature_attributes), case.name


def test_versions_in_one_family_agree_but_for_text_and_dates() -> None:
    by_id = {rule.id: rule for _, rule in RULES}
    for rule_id, rule in by_id.items():
        if re.fullmatch(r"WS-0[1-5](-BUILT)?-2008", rule_id):
            newer = by_id[rule_id.replace("2008", "2026")]
            same = ("text", "department", "layer", "place", "feature", "project", "verdict", "exceptions", "question")
            for name in same:
                assert getattr(rule, name) == getattr(newer, name), (rule_id, name)
