"""TOML → rules: one `[[rule]]` table, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from ...layers.role import Role
from ...layers.texts import Text
from .caps import RULE_VERDICTS, cap_of, check_cap
from .model import STATUSES, ExceptionClause, Place, PlaceKind, Rule, Status
from .predicate_reading import read_predicate
from .predicates import Predicate
from .refusal import Where, refusal, unknown_word
from .table import Table, number, texts
from .vocabulary import Vocabulary

RULE_ID = re.compile(r"[A-Z]{2,4}-\d{2,3}(-[A-Z0-9]{1,12})*")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
BARE_PLACES = ("intersects", "crosses", "not_within", "multiple")
VERDICT = Text("结论", "verdict")


@dataclass(frozen=True)
class Header:
    """What a rule takes over from `[pack]`."""

    id: str
    title: str
    legal_nature: str
    in_force_from: date | None
    in_force_to: date | None
    cap_exempt_reason: str


def read_rule(data: object, where: Where, header: Header, known: Vocabulary, defined: Mapping[str, Predicate]) -> Rule:
    """Return the rule that a `[[rule]]` table describes.

    Parameters
    ----------
    data : object
        The table as parsed.
    where : Where
        The file.
    header : Header
        What the pack says for all its rules.
    known : Vocabulary
        Roles and site columns that it may name.
    defined : mapping
        Predicates named under `[define]`.

    Raises
    ------
    RulePackError
        Naming the rule, the key, the reason and the remedy.
    """
    table = Table(data, where.at("[[rule]]"))
    rule_id = table.text("id", required=True)
    if not RULE_ID.fullmatch(rule_id):
        raise refusal(
            table.where.on("id"),
            Text(f"规则编号“{rule_id}”的写法不对", f"rule id {rule_id!r} is not written as one"),
            Text("写作 YZ-01 或 YZ-01-2026。", "Write it as YZ-01 or YZ-01-2026."),
        )
    here = where.at(rule_id)
    table.where = here
    status = cast("Status", table.word("status", STATUSES, Text("状态", "status")))
    verdict = table.word("verdict", RULE_VERDICTS, VERDICT)
    cap = cap_of(header.legal_nature, header.cap_exempt_reason)
    check_cap(verdict, cap, header.legal_nature, here.on("verdict"))
    role = _role(table, here, known)
    first, last = _dates(table, here, header)
    rule = Rule(
        id=rule_id,
        pack=header.id,
        title=header.title,
        clause=table.text("clause", required=True),
        text=table.text("text", required=status == "ready"),
        from_=first,
        to=last,
        status=status,
        department=table.text("department", required=True),
        layer=role.id,
        place=_place(table.raw("place"), here.on("place")),
        feature=_feature(table.mapping("feature"), here, role),
        project=read_predicate(table.raw("project"), here.on("project"), known, defined)
        if table.has("project")
        else None,
        verdict=verdict,
        cap=cap,
        exceptions=_exceptions(table.tables("exception"), here, known, verdict),
        question=table.words("question"),
        sources=table.texts("sources"),
        access_list=table.flag("access_list"),
        note=table.text("note"),
    )
    table.finish()
    return rule


def _role(table: Table, here: Where, known: Vocabulary) -> Role:
    name = table.text("layer", required=True)
    if name not in known.roles:
        raise unknown_word(here.on("layer"), name, known.roles, Text("图层角色", "role"))
    return known.roles[name]


def _dates(table: Table, here: Where, header: Header) -> tuple[date | None, date | None]:
    first, last = table.day("from"), table.day("to")
    opening, closing = header.in_force_from, header.in_force_to
    if first and opening and first < opening:
        raise refusal(
            here.on("from"),
            Text(f"早于规则包施行日期 {opening}", f"before the pack comes into force on {opening}"),
            Text("改正其一。", "Correct one of the two."),
        )
    if last and closing and last > closing:
        raise refusal(
            here.on("to"),
            Text(f"晚于规则包失效日期 {closing}", f"after the pack goes out of force on {closing}"),
            Text("改正其一。", "Correct one of the two."),
        )
    first, last = first or opening, last or closing
    check_order(first, last, here.on("to"))
    return first, last


def check_order(first: date | None, last: date | None, where: Where) -> None:
    """Refuse a period that ends before it begins."""
    if first and last and last < first:
        raise refusal(
            where,
            Text(f"失效日期 {last} 早于施行日期 {first}", f"ends on {last}, before it begins on {first}"),
            Text("改正日期；to 为施行的最后一天。", "Correct the dates; to is the last day in force."),
        )


def _place(data: object, where: Where) -> Place:
    """Return the place; a bare word, or a table with one word and its number."""
    if isinstance(data, str) and data in BARE_PLACES:
        return Place(cast("PlaceKind", data))
    table = Table(data if isinstance(data, dict) else {}, where)
    if table.names() == ["within_m"]:
        metres = number(table.raw("within_m"), where)
        if metres <= 0:
            raise refusal(where, Text("距离须大于 0 米", "the distance must be more than 0 m"))
        return Place("within_m", metres)
    if table.names() == ["share"]:
        share = number(table.raw("share"), where)
        if not 0 < share <= 1:
            raise refusal(where, Text("比例须大于 0 且不大于 1", "the share must be more than 0 and at most 1"))
        return Place("share", share)
    raise refusal(
        where,
        Text(f"空间条件“{data}”无法理解", f"place {data!r} is not one"),
        Text(
            f"写作 {'、'.join(BARE_PLACES)}，或 {{ within_m = 1000 }}、{{ share = 0.5 }}。",
            f"Write {', '.join(BARE_PLACES)}, or {{ within_m = 1000 }}, {{ share = 0.5 }}.",
        ),
    )


def _feature(data: Mapping[str, object], here: Where, role: Role) -> dict[str, tuple[str, ...]]:
    """Return the feature filter, its fields and values checked against the role."""
    wanted: dict[str, tuple[str, ...]] = {}
    for name, values in data.items():
        where = here.on(f"feature.{name}")
        if name not in role.fields:
            raise unknown_word(where, name, role.fields, Text(f"{role.name.zh}的字段", f"field of {role.id}"))
        wanted[name] = texts(values, where)
        options = role.fields[name].options
        for value in wanted[name]:
            if options and value not in options:
                raise unknown_word(where, value, options, Text(f"{name} 取值", f"value of {name}"))
        if not wanted[name]:
            raise refusal(where, Text("数组为空", "the array is empty"))
    return wanted


def _exceptions(items: list[object], here: Where, known: Vocabulary, verdict: str) -> tuple[ExceptionClause, ...]:
    clauses: list[ExceptionClause] = []
    for item in items:
        table = Table(item, here.on("exception"))
        name = table.text("id", required=True)
        table.where = where = here.on(f"exception.{name}")
        if not NAME.fullmatch(name) or any(clause.id == name for clause in clauses):
            raise refusal(
                where,
                Text("例外编号写法不对或重复", "the id of the exception is malformed or stands there twice"),
                Text("写作小写英文，每条规则内唯一。", "Write it in lower case, once per rule."),
            )
        flag = table.text("flag")
        if flag and flag not in known.flags:
            raise unknown_word(where.on("flag"), flag, known.flags, Text("地块标志列", "flag column of sites"))
        outcome = table.word("verdict", RULE_VERDICTS, VERDICT, required=False)
        if outcome and RULE_VERDICTS.index(outcome) < RULE_VERDICTS.index(verdict):
            raise refusal(where, Text("例外的结论重于规则本身", "the exception is worse than the rule itself"))
        clauses.append(
            ExceptionClause(
                id=name,
                question=table.text("question", required=True),
                flag=flag or None,
                verdict=outcome or None,
                text=table.text("text"),
                question_en=table.text("question_en"),
            )
        )
        table.finish()
    return tuple(clauses)
