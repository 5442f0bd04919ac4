"""What papers show, as values: every format prints these and computes nothing of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...layers.texts import Text


@dataclass(frozen=True)
class Entry:
    """A labelled value; a wide one is a sentence and takes a line of its own."""

    label: Text
    value: str
    wide: bool = False


@dataclass(frozen=True)
class Figures:
    """The numbers of a finding by which a table sorts; NaN where there is none."""

    overlap_m2: float
    distance_m: float
    limit_m: float


@dataclass(frozen=True)
class FindingPaper:
    """One finding: what the clause says, what was measured, what stays open."""

    rule_id: str
    look: str
    words: str
    subject: str
    citation: str
    legal: str
    quote: str
    entries: tuple[Entry, ...]
    verdict: str
    open: bool
    feature_id: str
    note: str
    question: str
    certainty: str
    figures: Figures


@dataclass(frozen=True)
class ItemRow:
    """One row of 管控要求层级 | 管控类别 | 管控要求 | 建设项目相关情况 | 符合性结论."""

    level: str
    dimension: str
    requirement: str
    situation: str
    suggestion: str


@dataclass(frozen=True)
class UnitPaper:
    """One control unit that the site lies in, with its access list."""

    code: str
    name: str
    kind: str
    area: str
    share: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class RoleRow:
    """One layer as checked for one site."""

    name: str
    state: str
    touched: str
    area: str
    share: str


@dataclass(frozen=True)
class Others:
    """Layers that share one line: their state, their names, and why it is so."""

    state: str
    names: str
    note: str = ""


@dataclass(frozen=True)
class RedLinePaper:
    """How a site stands to the red line: the state in words, the four states with which holds, the area, a note."""

    state: str
    states: tuple[tuple[bool, str], ...]
    size: str
    note: str


@dataclass(frozen=True)
class LinePaper:
    """A line by stake: its passages in order, and its length by unit and by bank side, each with how it is laid."""

    passages: tuple[tuple[str, ...], ...]
    by_unit: tuple[tuple[str, str, str], ...]
    by_side: tuple[tuple[str, str, str], ...]
    note: str


@dataclass(frozen=True)
class ReceptorRow:
    """One environmental target."""

    name: str
    wind: str
    distance: str
    ring: str
    place: str


@dataclass(frozen=True)
class ReceptorPaper:
    """The environmental targets about a site, the nearest first."""

    rows: tuple[ReceptorRow, ...]
    note: str


@dataclass(frozen=True)
class AskRow:
    """One thing to ask: what it is about, the question, and on which text or rules it rests."""

    matter: str
    ask: str
    basis: str


@dataclass(frozen=True)
class Consultation:
    """What to ask of one department."""

    department: str
    rows: tuple[AskRow, ...]


@dataclass(frozen=True)
class SitePaper:
    """Everything that a paper says about one site."""

    site_id: str
    name: str
    look: str
    words: str
    verdict: str
    opinion: tuple[Entry, ...]
    project: tuple[Entry, ...]
    findings: tuple[FindingPaper, ...]
    units: tuple[UnitPaper, ...]
    roles: tuple[RoleRow, ...]
    other_roles: tuple[Others, ...]
    questions: tuple[str, ...]
    days: tuple[tuple[str, ...], ...]
    answers: tuple[tuple[str, ...], ...]
    reviews: tuple[tuple[str, ...], ...]
    chemistry: tuple[Entry, ...]
    red_line: RedLinePaper
    line: LinePaper | None
    receptors: ReceptorPaper
    corrections: tuple[AskRow, ...]
    consultations: tuple[Consultation, ...]
    gaps: tuple[GapGroup, ...]
    checks: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class LawRow:
    """One legal text that the run applied; its note is a list of lines.

    ``pending`` are texts none of whose clauses takes part yet, ``past`` those not in force on the day of the run,
    ``rule_ids`` the rules that it holds.
    """

    title: str
    kind: str
    dates: str
    clauses: str
    note: tuple[str, ...]
    pending: bool = False
    past: bool = False
    rule_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerRow:
    """One layer of the run with what it can bear."""

    name: str
    state: str
    vintage: str
    accuracy: str
    authority: str
    features: str
    note: str


@dataclass(frozen=True)
class GapGroup:
    """Open matters that one step cures: how many sites of the run they concern, how many items of one site."""

    cure: str
    causes: tuple[str, ...]
    roles: str
    rules: str
    sites: str
    items: str = ""


@dataclass(frozen=True)
class RunPaper:
    """What all papers of one run share."""

    seal: str
    settings: tuple[Entry, ...]
    statements: tuple[Text, ...]
    laws: tuple[LawRow, ...]
    layers: tuple[LayerRow, ...]
    other_layers: tuple[Others, ...]
    dropped: tuple[tuple[str, str], ...]
    gaps: tuple[GapGroup, ...]
    secrecy: bool
    as_of: str
    report_name: str
    validity: tuple[str, ...] = ()
