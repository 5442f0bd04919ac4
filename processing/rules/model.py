"""A rule pack in memory: one legal text, its clauses made computable, its golden cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from ...layers.texts import EMPTY, Text
from .predicates import Predicate

PlaceKind = Literal["intersects", "share", "within_m", "not_within", "crosses", "multiple"]
Status = Literal["ready", "partial", "hold"]

LEGAL_NATURES = ("法律", "行政法规", "地方性法规", "规章", "规范性文件", "规划", "征求意见稿")
STATUSES: tuple[Status, ...] = ("ready", "partial", "hold")


@dataclass(frozen=True)
class Place:
    """How a site must lie to a feature of the rule's role.

    `value` is metres for ``within_m``, a share of 0 to 1 for ``share`` and None otherwise;
    ``multiple`` means that the site meets more than one feature of the role.
    """

    kind: PlaceKind
    value: float | None = None


@dataclass(frozen=True)
class ExceptionClause:
    """A way out that the text names, put as a question to a person.

    `flag` is the site column that answers it yes; `verdict` is what remains when the answer
    is yes (None: the rule then does not concern the project).
    """

    id: str
    question: str
    flag: str | None = None
    verdict: str | None = None
    text: str = ""
    question_en: str = ""


@dataclass(frozen=True)
class Rule:
    """One clause made computable.

    `feature` maps role fields to the canonical values of which a feature must have one.
    `project` None means every project. `cap` is the strongest verdict that the kind of text
    can carry (None: no cap). With `access_list` the engine judges each list item of the unit
    and `verdict` bounds what an item can come to. `off` is the reason for which a bureau switched the
    rule off; its status then is ``hold``.
    """

    id: str
    pack: str
    title: str
    clause: str
    text: str
    from_: date | None
    to: date | None
    status: Status
    department: str
    layer: str
    place: Place
    feature: Mapping[str, tuple[str, ...]]
    project: Predicate | None
    verdict: str
    cap: str | None = None
    exceptions: tuple[ExceptionClause, ...] = ()
    question: Text = EMPTY
    sources: tuple[str, ...] = ()
    access_list: bool = False
    note: str = ""
    off: str = ""

    @property
    def citation(self) -> str:
        """《title》clause, as papers print it."""
        return f"《{self.title}》{self.clause}"

    @property
    def base_id(self) -> str:
        """The id without the year of its version."""
        head, _, tail = self.id.rpartition("-")
        return head if len(tail) == 4 and tail.isdigit() else self.id


@dataclass(frozen=True)
class CaseFeature:
    """One feature of the rule's role in a golden case."""

    geometry: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A golden case: a small site and feature, a day, and what the law says of them.

    `site` and `feature` are WKT in EPSG:4490, x = longitude; `feature` None is a role that is
    loaded and has nothing here. `others` are further features of the same role. `layer` holds
    authority, accuracy_m, state, vintage, valid_to of the role's layer; `access_list` rows as
    `read_access_list` returns them. `answers` maps an exception id to 是 or 否. `county` and `basin`
    say where the case lies, if not where the pack applies.
    """

    rule: str
    name: str
    site: str
    on: date
    expect: Mapping[str, str]
    feature: str | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)
    feature_attributes: Mapping[str, str] = field(default_factory=dict)
    others: tuple[CaseFeature, ...] = ()
    layer: Mapping[str, object] = field(default_factory=dict)
    access_list: tuple[Mapping[str, str], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    county: str = ""
    basin: str = ""


@dataclass(frozen=True)
class Pack:
    """One legal text with its rules and golden cases; `digest` is the hash of its file."""

    id: str
    title: str
    issuer: str
    number: str
    legal_nature: str
    basin: str | None
    counties: tuple[str, ...]
    in_force_from: date | None
    in_force_to: date | None
    rules: tuple[Rule, ...]
    cases: tuple[Case, ...]
    path: Path
    digest: str
    cap_exempt_reason: str = ""
