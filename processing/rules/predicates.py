"""What a rule asks of a project, as a tree of plain data.

The engine evaluates the tree in three-valued logic (true, false, unknown); nothing here is
ever executed, and no part of it can name anything but a declared site column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator = Literal["<", "<=", ">", ">=", "=="]
OPERATORS: tuple[Operator, ...] = ("<", "<=", ">", ">=", "==")

GeometryKind = Literal["point", "line", "polygon"]
GEOMETRY_KINDS: tuple[GeometryKind, ...] = ("point", "line", "polygon")

NATURES = ("新建", "改建", "扩建", "技术改造", "迁建", "现有", "未批先建", "生态修复")


@dataclass(frozen=True)
class All:
    """Every part holds: false if one is false, else unknown if one is unknown."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Any_:  # noqa: N801 - `Any` belongs to typing
    """At least one part holds: true if one is true, else unknown if one is unknown."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Predicate


@dataclass(frozen=True)
class Nature:
    """The site's nature has one of these words; unknown where the site names none."""

    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Industry:
    """The site's GB/T 4754 code begins with a prefix and with none of the excluded ones.

    Unknown where the site names no code, and where its code is shorter than a prefix or an
    exclusion that begins with it (``C26`` against ``C2672``).
    """

    prefixes: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flag:
    """The flag column is true; unknown where it is not filled."""

    name: str


@dataclass(frozen=True)
class Declared:
    """The flag column is known to be true; false in every other case, never unknown."""

    name: str


@dataclass(frozen=True)
class Denied:
    """The flag column is known to be false; false in every other case, never unknown."""

    name: str


@dataclass(frozen=True)
class Quantity:
    """The quantity column compares so with the value; unknown where it is not filled."""

    name: str
    op: Operator
    value: float


@dataclass(frozen=True)
class Elapsed:
    """More than so many years lie between two date columns; false where one is not filled, never unknown."""

    since: str
    until: str
    years: int


@dataclass(frozen=True)
class LandUse:
    """The site's land use contains one of these words; unknown where it names none."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """The site's restoration measures hold one of these; unknown where it names none."""

    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Geometry:
    """The site's geometry is of one of these kinds; never unknown."""

    kinds: tuple[GeometryKind, ...]


Predicate: TypeAlias = (
    All | Any_ | Not | Nature | Industry | Flag | Declared | Denied | Quantity | Elapsed | LandUse | Measure | Geometry
)


def size(predicate: Predicate) -> int:
    """Return the number of nodes of the tree."""
    if isinstance(predicate, All | Any_):
        return 1 + sum(size(part) for part in predicate.parts)
    if isinstance(predicate, Not):
        return 1 + size(predicate.part)
    return 1


def columns(predicate: Predicate | None) -> frozenset[str]:
    """Return the names of the site columns that the tree asks for."""
    match predicate:
        case All(parts) | Any_(parts):
            names = frozenset(name for part in parts for name in columns(part))
        case Not(part):
            names = columns(part)
        case Nature():
            names = frozenset({"nature"})
        case Industry():
            names = frozenset({"industry"})
        case Measure():
            names = frozenset({"measures"})
        case LandUse():
            names = frozenset({"land_use"})
        case Flag(name) | Declared(name) | Denied(name) | Quantity(name):
            names = frozenset({name})
        case Elapsed(since, until):
            names = frozenset({since, until})
        case _:
            names = frozenset()
    return names
