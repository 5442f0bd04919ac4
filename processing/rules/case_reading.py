"""TOML → golden cases: a site, a feature, a day and what the law says of them."""

from __future__ import annotations

from collections.abc import Mapping

import shapely

from ...layers.role import Role
from ...layers.texts import Text
from .caps import RULE_VERDICTS
from .model import Case, CaseFeature, Rule
from .refusal import Where, refusal, unknown_word
from .table import Table
from .vocabulary import Vocabulary

OUTCOMES = ("fired", "place_not_touched", "project_not_concerned", "not_in_force", "undetermined")
CERTAINTIES = ("firm", "borderline", "indicative")
EXPECTED = {
    "outcome": OUTCOMES,
    "verdict": RULE_VERDICTS,
    "condition": ("", "exception_open"),
    "certainty": CERTAINTIES,
}
LAYER_KEYS = ("authority", "accuracy_m", "state", "vintage", "valid_to")
LIST_KEYS = ("unit_code", "item_id", "level", "dimension", "requirement", "industry", "nature", "verdict")
ANSWERS = ("是", "否")
SHAPE = Text("形状（须先在 [shapes] 中写出）", "shape named under [shapes]")


def read_shapes(data: object, where: Where) -> dict[str, str]:
    """Return the WKT named under `[shapes]`, each checked to be a valid geometry in degrees."""
    shapes: dict[str, str] = {}
    if data is None:
        return shapes
    table = Table(data, where.under("shapes").at("[shapes]"))
    for name in table.names():
        shapes[name] = _checked(table.text(name, required=True), table.where.on(name))
    return shapes


def read_cases(
    items: list[object], where: Where, rules: Mapping[str, Rule], shapes: Mapping[str, str], known: Vocabulary
) -> tuple[Case, ...]:
    """Return the golden cases of a file; ``like`` takes over what another case of the same rule, further up, says."""
    written: dict[tuple[str, str], dict[str, object]] = {}
    cases = []
    for n, item in enumerate(items):
        spot = where.under("case", n)
        data = _inherited(item, spot, written)
        cases.append(read_case(data, spot, rules, shapes, known))
        written[cases[-1].rule, cases[-1].name] = data
    return tuple(cases)


def _inherited(item: object, where: Where, written: Mapping[tuple[str, str], dict[str, object]]) -> dict[str, object]:
    """Return a case with what it takes over: ``without`` names the attributes that it leaves out."""
    if not isinstance(item, dict) or not {"like", "without"} & set(item):
        return dict(item) if isinstance(item, dict) else {"name": item}
    own = dict(item)
    table = Table({key: own.pop(key) for key in ("like", "without") if key in own}, where.at("[[case]]"))
    like, without = table.text("like", required=True), table.texts("without")
    here = where.at(f"[[case]] {own.get('rule')} “{own.get('name')}”").on("like")
    key = (str(own.get("rule")), like)
    if key not in written:
        names = [name for rule, name in written if rule == key[0]]
        raise unknown_word(here, like, names, Text("本规则已写出的例子", "case of this rule further up"))
    merged: dict[str, object] = {name: value for name, value in written[key].items() if name != "answers"} | own
    attributes = dict(Table(written[key].get("attributes", {}), here).mapping_left())
    attributes |= Table(own.get("attributes", {}), here).mapping_left()
    merged["attributes"] = {name: value for name, value in attributes.items() if name not in without}
    return merged


def read_case(
    data: object, where: Where, rules: Mapping[str, Rule], shapes: Mapping[str, str], known: Vocabulary
) -> Case:
    """Return the golden case that a `[[case]]` table describes.

    Parameters
    ----------
    data : object
        The table as parsed; `site`, `feature` and the `wkt` of `others` are WKT or ``@name``
        of a shape.
    where : Where
        The file.
    rules : mapping of str to Rule
        The rules of the pack by id.
    shapes : mapping of str to str
        WKT by name.
    known : Vocabulary
        Roles and site columns that it may name.

    Raises
    ------
    RulePackError
        Naming the case, the key, the reason and the remedy.
    """
    table = Table(data, where.at("[[case]]"))
    name = table.text("name", required=True)
    rule_id = table.text("rule", required=True)
    table.where = here = where.at(f"[[case]] {rule_id} “{name}”")
    if rule_id not in rules:
        raise unknown_word(here.on("rule"), rule_id, rules, Text("本包规则编号", "rule of this pack"))
    rule = rules[rule_id]
    role = known.roles[rule.layer]
    on = table.day("on")
    if on is None:
        raise refusal(
            here.on("on"), Text("缺少日期", "the day is missing"), Text("补上 on = 日期。", "Add on = a date.")
        )
    feature = table.text("feature")
    case = Case(
        rule=rule_id,
        name=name,
        site=_shape(table.text("site", required=True), here.on("site"), shapes),
        on=on,
        expect=_expect(table.mapping("expect"), here),
        feature=_shape(feature, here.on("feature"), shapes) if feature else None,
        attributes=_attributes(table.mapping("attributes"), here, known),
        feature_attributes=_fields(table.mapping("feature_attributes"), here.on("feature_attributes"), role),
        others=tuple(_other(item, here, role, shapes) for item in table.tables("others")),
        layer=_closed(table.mapping("layer"), here.on("layer"), LAYER_KEYS),
        access_list=tuple(_item(item, here) for item in table.tables("access_list")),
        answers=_answers(table.mapping("answers"), here, rule),
        county=table.text("county"),
        basin=table.text("basin"),
    )
    table.finish()
    return case


def _shape(written: str, where: Where, shapes: Mapping[str, str]) -> str:
    if not written.startswith("@"):
        return _checked(written, where)
    if written[1:] not in shapes:
        raise unknown_word(where, written[1:], shapes, SHAPE)
    return shapes[written[1:]]


def _checked(wkt: str, where: Where) -> str:
    try:
        geometry = shapely.from_wkt(wkt)
    except shapely.errors.GEOSException as error:
        raise refusal(where, Text(f"不是 WKT：{error}", f"is not WKT: {error}")) from error
    if geometry.is_empty or not geometry.is_valid:
        raise refusal(where, Text("几何为空或无效", "the geometry is empty or invalid"))
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise refusal(
            where, Text("坐标不是经纬度", "the coordinates are not degrees"), Text("先经度后纬度。", "Longitude first.")
        )
    return wkt


def _expect(data: Mapping[str, object], here: Where) -> dict[str, str]:
    table = Table(dict(data), here.on("expect"))
    expected = {
        key: table.word(key, words, Text(f"{key} 取值", f"value of {key}"), required=key == "outcome")
        for key, words in EXPECTED.items()
        if key == "outcome" or table.has(key)
    }
    table.finish()
    if expected["outcome"] == "fired" and "verdict" not in expected:
        raise refusal(here.on("expect.verdict"), Text("触发的例子须写结论", "a case that fires must say its verdict"))
    return expected


def _attributes(data: Mapping[str, object], here: Where, known: Vocabulary) -> Mapping[str, object]:
    for name, value in data.items():
        where = here.on(f"attributes.{name}")
        if name not in known.columns:
            raise unknown_word(where, name, known.columns, Text("地块列", "column of sites"))
        if name in known.flags and not isinstance(value, bool):
            raise refusal(where, Text("应为 true 或 false", "expected true or false"))
    return data


def _fields(data: Mapping[str, object], where: Where, role: Role) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in data.items():
        if name not in role.fields:
            raise unknown_word(where, name, role.fields, Text(f"{role.name.zh}的字段", f"field of {role.id}"))
        options = role.fields[name].options
        if options and value not in options:
            raise unknown_word(where, value, options, Text(f"{name} 取值", f"value of {name}"))
        fields[name] = str(value)
    return fields


def _other(item: object, here: Where, role: Role, shapes: Mapping[str, str]) -> CaseFeature:
    table = Table(item, here.on("others"))
    feature = CaseFeature(
        _shape(table.text("wkt", required=True), here.on("others"), shapes),
        _fields(table.mapping("attributes"), here.on("others"), role),
    )
    table.finish()
    return feature


def _item(item: object, here: Where) -> dict[str, str]:
    table = Table(item, here.on("access_list"))
    row = {key: table.text(key) for key in LIST_KEYS}
    table.finish()
    return row


def _closed(data: Mapping[str, object], where: Where, keys: tuple[str, ...]) -> Mapping[str, object]:
    for key in data:
        if key not in keys:
            raise unknown_word(where, key, keys, Text("键", "key"))
    return data


def _answers(data: Mapping[str, object], here: Where, rule: Rule) -> dict[str, str]:
    names = [clause.id for clause in rule.exceptions]
    for name, answer in data.items():
        where = here.on(f"answers.{name}")
        if name not in names:
            raise unknown_word(where, name, names, Text("例外编号", "exception of the rule"))
        if answer not in ANSWERS:
            raise unknown_word(where, answer, ANSWERS, Text("答复", "answer"))
    return {name: str(answer) for name, answer in data.items()}
