"""Packs that are wrong in one place, each beside the same pack without the fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ecoredline.layers.errors import RulePackError
from ecoredline.processing.rules import packs, predicates

HEAD = """
[pack]
id = "trial"
title = "试验法"
issuer = "试验机关"
legal_nature = "法律"
in_force_from = 2021-03-01
"""
RULE = """
[[rule]]
id = "YZ-01"
clause = "第一条"
text = "禁止。"
status = "ready"
department = "生态环境"
layer = "bank_line"
place = { within_m = 1000 }
feature = { river_class = ["mainstem"] }
project = { all = [{ nature = ["新建"] }, { industry = ["C26"], except = ["C2672"] }] }
verdict = "prohibited"
"""
EXCEPTION = """
[[rule.exception]]
id = "safe"
flag = "safety_upgrade"
question = "是否为提升安全？"
verdict = "needs_review"
"""
CASE = """
[[case]]
rule = "YZ-01"
name = "fires"
on = 2026-11-24
site = "POINT (106.5 29.4)"
feature = "LINESTRING (106.4 29.4, 106.6 29.4)"
attributes = { nature = "新建", industry = "C2614" }
feature_attributes = { river_class = "mainstem" }
expect = { outcome = "fired", verdict = "prohibited" }
"""
GOOD = HEAD + RULE + EXCEPTION + CASE


def write(folder: Path, text: str, name: str = "trial.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> RulePackError:
    with pytest.raises(RulePackError) as caught:
        packs.load_pack(write(folder, text))
    return caught.value


def test_the_good_pack_is_read_as_written(tmp_path: Path) -> None:
    pack = packs.load_pack(write(tmp_path, GOOD))
    (rule,) = pack.rules
    assert (rule.from_, rule.to) == (date(2021, 3, 1), None)
    assert rule.citation == "《试验法》第一条"
    assert (rule.place.kind, rule.place.value) == ("within_m", 1000.0)
    assert rule.project == predicates.All(
        (predicates.Nature(("新建",)), predicates.Industry(("C26",), ("C2672",))),
    )
    (exception,) = rule.exceptions
    assert (exception.id, exception.flag, exception.verdict) == ("safe", "safety_upgrade", "needs_review")
    (case,) = pack.cases
    assert case.on == date(2026, 11, 24)
    assert case.expect == {"outcome": "fired", "verdict": "prohibited"}


FAULTS = [
    # (what stands in the good pack, what stands instead, words of the refusal)
    ("", "\n[stray]\nx = 1\n", ["stray"]),
    ('issuer = "试验机关"\n', 'issuer = "试验机关"\ncolour = "red"\n', ["[pack]", "colour"]),
    ('issuer = "试验机关"\n', "", ["[pack]", "issuer"]),
    ('legal_nature = "法律"', 'legal_nature = "内部通知"', ["[pack]", "legal_nature", "内部通知"]),
    ("in_force_from = 2021-03-01", 'in_force_from = "2021-03-01"', ["[pack]", "in_force_from"]),
    ("in_force_from = 2021-03-01", "in_force_from = 2021-03-01\nin_force_to = 2021-02-28", ["[pack]", "in_force_to"]),
    ('id = "trial"', 'id = "Trial Pack"', ["[pack]", "id"]),
    ('id = "YZ-01"', 'id = "rule one"', ["[[rule]]", "id"]),
    ('clause = "第一条"\n', "", ["YZ-01", "clause"]),
    ('text = "禁止。"\n', "", ["YZ-01", "text"]),
    ('status = "ready"', 'status = "sure"', ["YZ-01", "status", "sure"]),
    ('department = "生态环境"\n', "", ["YZ-01", "department"]),
    ('layer = "bank_line"', 'layer = "bank_lines"', ["YZ-01", "layer", "bank_line"]),
    ('verdict = "prohibited"\n\n[', 'verdict = "banned"\n\n[', ["YZ-01", "verdict", "banned"]),
    ('verdict = "prohibited"\n\n[', 'verdict = "undetermined"\n\n[', ["YZ-01", "verdict"]),
    ('verdict = "prohibited"\n\n[', 'verdict = "prohibited"\nseverity = 3\n\n[', ["YZ-01", "severity"]),
    ("place = { within_m = 1000 }\n", "", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ within_m = 0 }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ within_m = nan }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ within_m = true }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", '{ within_m = "1000" }', ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ within_m = 1000, share = 0.5 }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ within_m = [] }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", "{ share = 1.5 }", ["YZ-01", "place"]),
    ("{ within_m = 1000 }", '"within_m"', ["YZ-01", "place"]),
    ("{ within_m = 1000 }", '"near"', ["YZ-01", "place", "near"]),
    ("river_class = [", "river_klass = [", ["YZ-01", "feature.river_klass", "river_class"]),
    ('["mainstem"] }\nproject', '["main stem"] }\nproject', ["YZ-01", "feature.river_class", "main stem"]),
    ('["mainstem"] }\nproject', "[] }\nproject", ["YZ-01", "feature.river_class"]),
    ("project = {", "from = 2021-02-28\nproject = {", ["YZ-01", "from"]),
    ("project = {", "from = 2022-01-02\nto = 2022-01-01\nproject = {", ["YZ-01", "to"]),
    ("project = {", "from = 2022-01-02T00:00:00\nproject = {", ["YZ-01", "from"]),
    ('{ nature = ["新建"] }', '{ nature = ["新造"] }', ["YZ-01", "nature", "新造"]),
    ('{ nature = ["新建"] }', "{ nature = [] }", ["YZ-01", "nature"]),
    ('{ nature = ["新建"] }', '{ nature = "新建" }', ["YZ-01", "nature"]),
    ('{ nature = ["新建"] }', '{ kind = ["新建"] }', ["YZ-01", "kind"]),
    ('{ nature = ["新建"] }', '{ nature = ["新建"], flag = "is_chemical" }', ["YZ-01"]),
    ('{ nature = ["新建"] }', '{ flag = "is_chemicall" }', ["YZ-01", "flag", "is_chemical"]),
    ('{ nature = ["新建"] }', '{ flag = "accuracy_m" }', ["YZ-01", "flag", "accuracy_m"]),
    ('{ nature = ["新建"] }', "{ flag = \"__import__('os').remove('x')\" }", ["YZ-01", "flag"]),
    ('{ nature = ["新建"] }', '{ declared = "x" }', ["YZ-01", "declared"]),
    ('{ nature = ["新建"] }', '{ quantity = "area_m2" }', ["YZ-01", "quantity"]),
    ('{ nature = ["新建"] }', '{ quantity = "area_m2", ">" = "many" }', ["YZ-01", ">"]),
    ('{ nature = ["新建"] }', '{ quantity = "is_chemical", ">" = 1 }', ["YZ-01", "quantity", "is_chemical"]),
    ('{ nature = ["新建"] }', '{ elapsed = { since = "decided_on", until = "name", years = 5 } }', ["YZ-01", "until"]),
    ('{ nature = ["新建"] }', '{ elapsed = { since = "decided_on", years = 5 } }', ["YZ-01", "until"]),
    (
        '{ nature = ["新建"] }',
        '{ elapsed = { since = "decided_on", until = "starts_on", years = 0 } }',
        ["YZ-01", "years"],
    ),
    ('{ nature = ["新建"] }', '{ geometry = ["solid"] }', ["YZ-01", "geometry", "solid"]),
    ('{ nature = ["新建"] }', "{ all = [] }", ["YZ-01", "all"]),
    ('{ nature = ["新建"] }', "{ not = [] }", ["YZ-01", "not"]),
    ('{ nature = ["新建"] }', '{ use = "nothing" }', ["YZ-01", "nothing"]),
    ('industry = ["C26"]', 'industry = ["26"]', ["YZ-01", "industry", "26"]),
    ('except = ["C2672"]', 'except = ["C31"]', ["YZ-01", "C31"]),
    ('flag = "safety_upgrade"', 'flag = "safety"', ["YZ-01", "exception.safe", "safety_upgrade"]),
    ('question = "是否为提升安全？"\n', "", ["YZ-01", "exception.safe", "question"]),
    ('"needs_review"\n', '"fine"\n', ["YZ-01", "exception.safe", "fine"]),
    ("\n[[case]]", EXCEPTION + "\n[[case]]", ["YZ-01", "exception.safe"]),
    ('rule = "YZ-01"', 'rule = "YZ-02"', ["[[case]]", "YZ-02"]),
    ('"POINT (106.5 29.4)"', '"POINT (106.5 29.4"', ["[[case]]", "site"]),
    ('"POINT (106.5 29.4)"', '"POINT (36500000 3252000)"', ["[[case]]", "site"]),
    ('"POINT (106.5 29.4)"', '"POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))"', ["[[case]]", "site"]),
    ('"POINT (106.5 29.4)"', '"@shape"', ["[[case]]", "site", "shape"]),
    ("on = 2026-11-24\n", "", ["[[case]]", "on"]),
    ('outcome = "fired", verdict', 'outcome = "hit", verdict', ["[[case]]", "expect", "hit"]),
    ('"fired", verdict = "prohibited"', '"fired"', ["[[case]]", "expect.verdict"]),
    ('attributes = { nature = "新建"', 'attributes = { natur = "新建"', ["[[case]]", "attributes.natur"]),
    ("attributes = { nature", 'attributes = { is_chemical = "yes", nature', ["[[case]]", "attributes.is_chemical"]),
    ('feature_attributes = { river_class = "mainstem"', 'feature_attributes = { river_class = "大河"', ["大河"]),
    ("", 'answers = { unsafe = "是" }\n', ["answers.unsafe", "safe"]),
    ("", 'answers = { safe = "也许" }\n', ["answers.safe", "也许"]),
    ("", "layer = { colour = 1 }\n", ["layer", "colour"]),
    ("[pack]", "[pack", ["TOML"]),
]


@pytest.mark.parametrize(("good", "bad", "words"), FAULTS, ids=lambda v: str(v)[:40])
def test_a_fault_is_refused_by_file_rule_and_key(tmp_path: Path, good: str, bad: str, words: list[str]) -> None:
    assert good in GOOD
    text = GOOD.replace(good, bad, 1) if good else GOOD + bad
    error = refused(tmp_path, text)
    for language in (0, 1):
        told = error.message[language] + error.cause[language] + error.remedy[language]
        assert "trial.toml" in told
        for word in words:
            assert word in told, (word, told)


def test_the_refusal_speaks_both_languages_and_says_what_to_do(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD.replace('layer = "bank_line"', 'layer = "bank_lines"'))
    assert error.message.zh.startswith("规则包 trial.toml 未采用：YZ-01")
    assert error.message.en.startswith("Rule pack trial.toml is refused: YZ-01")
    assert "bank_line" in error.remedy.zh and "bank_line" in error.remedy.en


LINES = [
    # (what stands in the good pack, what stands instead, the line that the refusal names)
    ('issuer = "试验机关"', 'issuer = "试验机关"\ncolour = 1', "colour = 1"),
    ('layer = "bank_line"', 'layer = "bank_lines"', 'layer = "bank_lines"'),
    ('status = "ready"', 'status = "sure"', 'status = "sure"'),
    ('flag = "safety_upgrade"', 'flag = "safety"', 'flag = "safety"'),
    ("on = 2026-11-24", 'on = "2026-11-24"', 'on = "2026-11-24"'),
    ("place = { within_m = 1000 }", "place = { within_m = 0 }", "place = { within_m = 0 }"),
    ('project = { all = [{ nature = ["新建"] }', 'project = { all = [{ nature = ["新造"] }', None),
]


@pytest.mark.parametrize(("good", "bad", "line"), LINES, ids=[bad for _, bad, _ in LINES])
def test_a_refusal_names_the_line(tmp_path: Path, good: str, bad: str, line: str | None) -> None:
    text = GOOD.replace(good, bad, 1) + "\n" + RULE.replace("YZ-01", "YZ-02")
    cause = refused(tmp_path, text).cause
    written = text.splitlines()
    number = next(n for n, each in enumerate(written, 1) if each == line or (line is None and each.startswith(bad)))
    assert f"line {number})" in cause.en and f"第 {number} 行" in cause.zh


def test_a_line_of_the_second_rule_is_told_from_the_first(tmp_path: Path) -> None:
    text = HEAD + RULE + RULE.replace("YZ-01", "YZ-02").replace('"bank_line"', '"bank_lines"')
    number = text.splitlines().index('layer = "bank_lines"') + 1
    assert f"line {number})" in refused(tmp_path, text).cause.en


def test_what_is_no_toml_names_its_line(tmp_path: Path) -> None:
    assert "line 3" in refused(tmp_path, "\n\n[pack\n").cause.en


def test_a_case_takes_over_from_another_and_only_from_one_further_up(tmp_path: Path) -> None:
    like = """
[[case]]
rule = "YZ-01"
name = "industry unknown"
like = "fires"
without = ["industry"]
attributes = { is_chemical = true }
expect = { outcome = "undetermined" }
"""
    first, second = packs.load_pack(write(tmp_path, GOOD + like)).cases
    assert second.attributes == {"nature": "新建", "is_chemical": True}
    assert (second.site, second.feature, second.on) == (first.site, first.feature, first.on)
    assert second.expect == {"outcome": "undetermined"}
    for bad, words in [
        (like.replace('like = "fires"', 'like = "smoke"'), "smoke"),
        (like.replace('like = "fires"\n', ""), "like"),
        (like.replace('without = ["industry"]', "without = 3"), "without"),
    ]:
        error = refused(tmp_path, GOOD + bad)
        assert words in error.message.en + error.cause.en


def test_cases_may_stand_in_a_companion_that_the_digest_leaves_out(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + RULE + EXCEPTION)
    alone = packs.load_pack(path)
    write(tmp_path, CASE, "trial.cases.toml")
    beside = packs.load_pack(path)
    assert (len(alone.cases), len(beside.cases)) == (0, 1)
    assert alone.digest == beside.digest
    assert packs.load_pack(path, cases=False).cases == ()
    assert [pack.id for pack in packs.load_packs(tmp_path)] == ["trial"]
    write(tmp_path, CASE + "\n[[rule]]\nid = 'YZ-02'\n", "trial.cases.toml")
    with pytest.raises(RulePackError, match=r"trial\.cases\.toml"):
        packs.load_pack(path)


def test_an_empty_pack_and_a_pack_without_rules_are_refused(tmp_path: Path) -> None:
    assert "[pack]" in refused(tmp_path, "").message.en
    assert "rule" in refused(tmp_path, HEAD).cause.en


def test_a_missing_file_a_folder_and_foreign_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match=r"absent\.toml"):
        packs.load_pack(tmp_path / "absent.toml")
    with pytest.raises(RulePackError):
        packs.load_pack(tmp_path)
    (tmp_path / "gbk.toml").write_bytes(GOOD.encode("gbk"))
    with pytest.raises(RulePackError, match="UTF-8"):
        packs.load_pack(tmp_path / "gbk.toml")


def test_a_file_of_one_megabyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    filler = 1_000_000 - len(GOOD.encode()) - 2
    assert packs.load_pack(write(tmp_path, GOOD + "\n#" + "x" * filler)).id == "trial"
    assert "1000000" in refused(tmp_path, GOOD + "\n#" + "x" * (filler + 1)).cause.en


def nested(levels: int) -> str:
    return "{ not = " * levels + '{ nature = ["新建"] }' + " }" * levels


def test_nesting_of_eight_is_read_and_of_nine_is_not(tmp_path: Path) -> None:
    # Inside the rule: the tables of `not`, the innermost table and its array.
    for levels, good in ((6, True), (7, False), (5000, False)):
        text = HEAD + RULE.replace('{ nature = ["新建"] }', nested(0)).replace(
            'project = { all = [{ nature = ["新建"] }, { industry = ["C26"], except = ["C2672"] }] }',
            f"project = {nested(levels)}",
        )
        if good:
            assert packs.load_pack(write(tmp_path, text)).id == "trial"
        else:
            assert "nested" in refused(tmp_path, text).cause.en


def test_definitions_are_replaced_and_cannot_go_in_circles_or_explode(tmp_path: Path) -> None:
    define = '[define]\nnew = { nature = ["新建"] }\nboth = { all = [{ use = "new" }, { flag = "is_chemical" }] }\n'
    text = (HEAD + define + RULE).replace('{ all = [{ nature = ["新建"] }, {', '{ any = [{ use = "both" }, {')
    (rule,) = packs.load_pack(write(tmp_path, text)).rules
    assert isinstance(rule.project, predicates.Any_)
    assert rule.project.parts[0] == predicates.All((predicates.Nature(("新建",)), predicates.Flag("is_chemical")))
    circle = HEAD + '[define]\na = { not = { use = "b" } }\nb = { not = { use = "a" } }\n' + RULE
    assert "'b'" in refused(tmp_path, circle).cause.en
    doubling = '[define]\nx0 = { nature = ["新建"] }\n'
    doubling += "".join(f'x{i} = {{ all = [{{ use = "x{i - 1}" }}, {{ use = "x{i - 1}" }}] }}\n' for i in range(1, 60))
    assert "nodes" in refused(tmp_path, HEAD + doubling + RULE).cause.en


def test_ids_and_versions_collide_only_when_both_are_in_force(tmp_path: Path) -> None:
    def pair(first: str, first_dates: str, second: str, second_dates: str) -> str:
        one = RULE.replace('"YZ-01"', f'"{first}"').replace("project =", f"{first_dates}\nproject =")
        other = RULE.replace('"YZ-01"', f'"{second}"').replace("project =", f"{second_dates}\nproject =")
        return HEAD + one + other

    apart = pair("YZ-01-2021", "to = 2026-08-14", "YZ-01-2026", "from = 2026-08-15")
    assert len(packs.load_pack(write(tmp_path, apart)).rules) == 2
    same_day = pair("YZ-01-2021", "to = 2026-08-15", "YZ-01-2026", "from = 2026-08-15")
    assert "YZ-01-2026" in refused(tmp_path, same_day).message.en
    assert "YZ-01-2021" in refused(tmp_path, same_day).cause.en
    assert "twice" in refused(tmp_path, pair("YZ-01", "", "YZ-01", "")).cause.en
    branches = pair("YZ-01", "", "YZ-01-PARK", "")
    assert len(packs.load_pack(write(tmp_path, branches)).rules) == 2
    year_and_none = pair("YZ-01", "", "YZ-01-2026", "from = 2026-08-15")
    assert "YZ-01" in refused(tmp_path, year_and_none).message.en


@pytest.mark.parametrize(
    ("nature", "verdict", "good"),
    [
        ("法律", "prohibited", True),
        ("地方性法规", "prohibited", True),
        ("规划", "restricted", True),
        ("规划", "needs_review", False),
        ("规划", "prohibited", False),
        ("规范性文件", "restricted", True),
        ("规范性文件", "prohibited", False),
        ("征求意见稿", "notice", True),
        ("征求意见稿", "restricted", False),
    ],
)
def test_the_kind_of_text_caps_the_verdict(tmp_path: Path, nature: str, verdict: str, good: bool) -> None:
    text = (HEAD + RULE).replace('"法律"', f'"{nature}"').replace('"prohibited"', f'"{verdict}"')
    if good:
        (rule,) = packs.load_pack(write(tmp_path, text)).rules
        assert rule.verdict == verdict
        return
    error = refused(tmp_path, text)
    assert "YZ-01" in error.message.zh and nature in error.cause.zh
    exempt = text.replace("[[rule]]", 'cap_exempt_reason = "另有依据"\n[[rule]]', 1)
    assert packs.load_pack(write(tmp_path, exempt)).rules[0].cap is None


def test_the_digest_is_that_of_the_text_whatever_its_line_ends(tmp_path: Path) -> None:
    unix, windows, changed = tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "c.toml"
    unix.write_bytes(GOOD.encode())
    windows.write_bytes(GOOD.replace("\n", "\r\n").encode())
    changed.write_bytes(GOOD.replace("1000", "1001").encode())
    assert packs.load_pack(unix).digest == packs.load_pack(windows).digest
    assert packs.load_pack(unix).digest != packs.load_pack(changed).digest


def test_a_folder_is_read_whole_and_shares_no_ids(tmp_path: Path) -> None:
    with pytest.raises(RulePackError, match=str(tmp_path.name)):
        packs.load_packs(tmp_path)
    write(tmp_path, GOOD, "a.toml")
    write(tmp_path, (HEAD + RULE).replace("trial", "other").replace("YZ-01", "YZ-02"), "b.toml")
    assert [pack.id for pack in packs.load_packs(tmp_path)] == ["trial", "other"]
    write(tmp_path, (HEAD + RULE).replace("trial", "third"), "c.toml")
    with pytest.raises(RulePackError, match=r"c\.toml"):
        packs.load_packs(tmp_path)
    write(tmp_path, (HEAD + RULE).replace("YZ-01", "YZ-03"), "c.toml")
    with pytest.raises(RulePackError, match=r"c\.toml"):
        packs.load_packs(tmp_path)
