"""TOML → the project predicate of a rule, every name checked against the declared words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from ...layers.texts import Text
from .predicates import (
    GEOMETRY_KINDS,
    NATURES,
    OPERATORS,
    All,
    Any_,
    Declared,
    Denied,
    Elapsed,
    Flag,
    Geometry,
    GeometryKind,
    Industry,
    LandUse,
    Measure,
    Nature,
    Not,
    Operator,
    Predicate,
    Quantity,
    size,
)
from .refusal import Where, refusal, unknown_word
from .table import Table, number, texts
from .vocabulary import Vocabulary

INDUSTRY_CODE = re.compile(r"[A-T]\d{0,4}")
LARGEST_TREE = 400

KINDS = Text("判断条件", "condition")


def read_predicate(
    data: object, where: Where, known: Vocabulary, defined: Mapping[str, Predicate] | None = None
) -> Predicate:
    """Return the predicate tree that a TOML table describes.

    Parameters
    ----------
    data : object
        A table of exactly one condition (``industry`` may carry ``except``, ``quantity`` an
        operator).
    where : Where
        Its spot in the pack.
    known : Vocabulary
        The declared flag and quantity columns.
    defined : mapping, optional
        Predicates named under ``[define]`` further up, for ``use``.

    Returns
    -------
    Predicate
        With every ``use`` replaced by what it names.

    Raises
    ------
    RulePackError
        For an unknown condition, column, word or code, an empty list, or a tree of more than
        `LARGEST_TREE` nodes.
    """
    predicate = _node(data, where, known, defined or {})
    if size(predicate) > LARGEST_TREE:
        raise refusal(
            where,
            Text(f"判断条件超过 {LARGEST_TREE} 个节点", f"the condition has more than {LARGEST_TREE} nodes"),
            Text("拆成几条规则。", "Split it into several rules."),
        )
    return predicate


def _node(data: object, where: Where, known: Vocabulary, defined: Mapping[str, Predicate]) -> Predicate:
    table = Table(data, where)
    kind = next((key for key in table.names() if key in READERS), None)
    if kind is None:
        names = ", ".join(table.names()) or "{}"
        raise unknown_word(where, names, READERS, KINDS)
    predicate = READERS[kind](table, where.on(kind), known, defined)
    table.finish()
    return predicate


def _parts(value: object, where: Where, known: Vocabulary, defined: Mapping[str, Predicate]) -> tuple[Predicate, ...]:
    if not isinstance(value, list) or not value:
        raise refusal(where, Text("应为至少一个条件的数组", "expected an array of at least one condition"))
    return tuple(_node(part, where, known, defined) for part in value)


def _some(value: object, where: Where) -> tuple[str, ...]:
    words = texts(value, where)
    if not words:
        raise refusal(where, Text("数组为空", "the array is empty"))
    return words


def _closed(value: object, where: Where, known: tuple[str, ...], what: Text) -> tuple[str, ...]:
    words = _some(value, where)
    for word in words:
        if word not in known:
            raise unknown_word(where, word, known, what)
    return words


def _column(value: object, where: Where, known: frozenset[str], what: Text) -> str:
    if not isinstance(value, str) or value not in known:
        raise unknown_word(where, value, known, what)
    return value


def _flag_name(table: Table, key: str, where: Where, known: Vocabulary) -> str:
    return _column(table.raw(key), where, known.flags, Text("地块标志列", "flag column of sites"))


def _all(table: Table, where: Where, known: Vocabulary, defined: Mapping[str, Predicate]) -> Predicate:
    return All(_parts(table.raw("all"), where, known, defined))


def _any(table: Table, where: Where, known: Vocabulary, defined: Mapping[str, Predicate]) -> Predicate:
    return Any_(_parts(table.raw("any"), where, known, defined))


def _not(table: Table, where: Where, known: Vocabulary, defined: Mapping[str, Predicate]) -> Predicate:
    return Not(_node(table.raw("not"), where, known, defined))


def _use(table: Table, where: Where, _known: Vocabulary, defined: Mapping[str, Predicate]) -> Predicate:
    name = table.text("use", required=True)
    if name not in defined:
        raise unknown_word(where, name, defined, Text("已定义条件（须先在 [define] 中写出）", "name under [define]"))
    return defined[name]


def _nature(table: Table, where: Where, _known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return Nature(_closed(table.raw("nature"), where, NATURES, Text("建设性质", "nature")))


def _industry(table: Table, where: Where, _known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    prefixes = _some(table.raw("industry"), where)
    excluded = table.texts("except")
    for code in prefixes + excluded:
        if not INDUSTRY_CODE.fullmatch(code):
            raise refusal(
                where,
                Text(f"“{code}”不是行业代码", f"{code!r} is not an industry code"),
                Text("写作 GB/T 4754 代码，如 C26 或 C2614。", "Write a GB/T 4754 code such as C26 or C2614."),
            )
    for code in excluded:
        if not code.startswith(prefixes):
            raise refusal(
                where,
                Text(f"except 中的“{code}”不在所列行业之内", f"{code!r} under except is in none of the industries"),
            )
    return Industry(prefixes, excluded)


def _flag(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return Flag(_flag_name(table, "flag", where, known))


def _declared(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return Declared(_flag_name(table, "declared", where, known))


def _denied(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return Denied(_flag_name(table, "denied", where, known))


def _quantity(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    name = _column(table.raw("quantity"), where, known.quantities, Text("地块数量列", "quantity column of sites"))
    present = [op for op in OPERATORS if table.has(op)]
    if len(present) != 1:
        raise refusal(
            where,
            Text("须有且仅有一个比较符", "needs exactly one comparison"),
            Text('如 ">=" = 25', 'Such as ">=" = 25'),
        )
    op: Operator = present[0]
    return Quantity(name, op, number(table.raw(op), where.on(op)))


def _elapsed(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    what = Text("地块日期列", "date column of sites")
    inner = Table(table.raw("elapsed"), where)
    since = _column(inner.raw("since"), where.on("since"), known.dates, what)
    until = _column(inner.raw("until"), where.on("until"), known.dates, what)
    years = number(inner.raw("years"), where.on("years"))
    if years != int(years) or not 1 <= years <= 100:
        raise refusal(where.on("years"), Text("应为 1 至 100 的整数", "expected a whole number from 1 to 100"))
    inner.finish()
    return Elapsed(since, until, int(years))


def _land_use(table: Table, where: Where, _known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return LandUse(_some(table.raw("land_use"), where))


def _measure(table: Table, where: Where, known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    return Measure(_closed(table.raw("measure"), where, known.measures, Text("修复措施", "restoration measure")))


def _geometry(table: Table, where: Where, _known: Vocabulary, _defined: Mapping[str, Predicate]) -> Predicate:
    kinds = _closed(table.raw("geometry"), where, GEOMETRY_KINDS, Text("几何类型", "geometry kind"))
    return Geometry(cast("tuple[GeometryKind, ...]", kinds))


Reader = Callable[[Table, Where, Vocabulary, Mapping[str, Predicate]], Predicate]
READERS: dict[str, Reader] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "use": _use,
    "nature": _nature,
    "industry": _industry,
    "flag": _flag,
    "declared": _declared,
    "denied": _denied,
    "quantity": _quantity,
    "elapsed": _elapsed,
    "land_use": _land_use,
    "measure": _measure,
    "geometry": _geometry,
}
