"""A screening as the dock shows it: plain values, taken out of its tables inside the task.

Nothing is judged or measured here; every verdict, figure and text is that of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...layers.role import role
from ...layers.texts import EMPTY, Text
from .figures import figures_of, verdict_words

if TYPE_CHECKING:
    from ...processing.engine import Screening
    from ...processing.engine.dossier.asking import Asked
    from ...processing.rules.model import Rule

Pair = tuple[float, float, float, float]  # longitude and latitude on the site, then on the feature, EPSG:4490


@dataclass(frozen=True)
class Finding:
    """One row of the findings with the text of its rule."""

    rule_id: str
    verdict: str
    words: Text
    condition: str
    role: str
    role_name: Text
    feature_id: str
    feature_name: str
    citation: str
    law: str
    department: str
    figures: tuple[tuple[Text, str], ...]
    question: str
    note: Text
    distance_m: float
    limit_m: float
    bearing_deg: float
    met: bool
    pair: Pair | None

    @property
    def subject(self) -> str:
        """The feature by name and id."""
        if self.feature_name and self.feature_id:
            return f"{self.feature_name}（{self.feature_id}）"
        return self.feature_name or self.feature_id


@dataclass(frozen=True)
class Gap:
    """What stayed open for a cause of the run."""

    cause: Text
    cure: Text
    roles: tuple[str, ...]
    rule_ids: tuple[str, ...]


@dataclass(frozen=True)
class SiteTold:
    """What a run says of one site."""

    site_id: str
    name: str
    project_id: str
    verdict: str
    completeness: str
    look: str
    words: Text
    certainty: Text
    project_verdict: str
    counts: Mapping[str, int]
    units: str
    redline: str
    findings: tuple[Finding, ...]
    asked: Asked | None
    days: tuple[tuple[str, str, str, str], ...]
    reviews: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class RunTold:
    """What the dock keeps of one run: its sites in order, its gaps, and the screening to ask further."""

    as_of: str
    made_at: str
    layer_set: str
    seal: str
    sites: Mapping[str, SiteTold]
    gaps: tuple[Gap, ...]
    screening: Screening
    rules: Mapping[str, Rule] = field(default_factory=dict)


def tell(screening: Screening, rules: Mapping[str, Rule], units: str) -> RunTold:
    """Return a screening as plain values; called inside the task.

    Parameters
    ----------
    screening : Screening
    rules : mapping
        The rules by id, to ask what is missing; empty for an opened dossier whose packs are not at hand.
    units : str
        Unit of areas: ``m2``, ``ha`` or ``mu``.
    """
    from ...processing.engine.dossier.asking import asked

    laws = {str(row["rule_id"]): row for row in _rows(screening.rules)}
    pairs = {(row["site_id"], row["role"], row["feature_id"]): row for row in reversed(_rows(screening.facts))}
    by_site: dict[str, list[Finding]] = {}
    for row in _rows(screening.findings):
        at = pairs.get((row["site_id"], row["role"], row["feature_id"]))
        by_site.setdefault(str(row["site_id"]), []).append(_finding(row, laws.get(str(row["rule_id"]), {}), at, units))
    sites = {}
    for row in _rows(screening.verdicts.drop(columns=screening.verdicts.geometry.name)):
        id_ = str(row["site_id"])
        found = tuple(sorted(by_site.get(id_, ()), key=lambda one: (_rank(one.verdict), one.rule_id)))
        sites[id_] = _site(row, found, asked(screening, id_, rules) if rules else None, screening)
    settings = screening.settings
    return RunTold(
        str(settings["as_of"]), str(settings.get("made_at", "")), str(settings.get("layer_set", "")),
        str(screening.seal.number), sites, tuple(map(_gap, _rows(screening.gaps))), screening, rules,
    )  # fmt: skip


def _rows(frame: Any) -> list[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def _rank(verdict: str) -> int:
    from ...processing.engine.words import Verdict

    return Verdict(verdict).rank


def _finding(row: Mapping[str, Any], law: Mapping[str, Any], at: Mapping[str, Any] | None, units: str) -> Finding:
    from ...processing.engine.judging.notes import in_english

    role_id = str(row["role"])
    pair = None
    if at is not None and at["site_lon"] == at["site_lon"]:
        pair = (at["site_lon"], at["site_lat"], at["feature_lon"], at["feature_lat"])
    return Finding(
        rule_id=str(row["rule_id"]),
        verdict=str(row["verdict"]),
        words=verdict_words(str(row["verdict"]), "complete", 0, str(row["condition"])),
        condition=str(row["condition"]),
        role=role_id,
        role_name=role(role_id).name if role_id else EMPTY,
        feature_id=str(row["feature_id"]),
        feature_name=str(row["feature_name"]),
        citation=str(law.get("citation", "")),
        law=str(law.get("text", "")),
        department=str(law.get("department", "")),
        figures=figures_of(row, units),
        question=str(row["question"]),
        note=Text(str(row["note"]), in_english(str(row["note"]))),
        distance_m=float(row["distance_m"]),
        limit_m=float(row["limit_m"]),
        bearing_deg=float(row["bearing_deg"]),
        met=row["overlap_m2"] > 0 or row["length_m"] > 0,
        pair=pair,
    )


def _site(row: Mapping[str, Any], found: tuple[Finding, ...], asks: Asked | None, screening: Screening) -> SiteTold:
    from ...processing.engine.words import CERTAINTY_TEXTS, Certainty, Verdict
    from ...processing.report.palette import look_key

    id_, verdict, completeness = str(row["site_id"]), str(row["verdict"]), str(row["completeness"])
    certain = row["certainty"] in set(Certainty) and verdict != Verdict.UNDETERMINED
    days, reviews = screening.days, screening.reviews
    return SiteTold(
        site_id=id_,
        name=str(row["name"]),
        project_id=str(row["project_id"]),
        verdict=verdict,
        completeness=completeness,
        look=look_key(verdict, completeness),
        words=verdict_words(verdict, completeness, int(row["n_undetermined"]), str(row["condition"])),
        certainty=CERTAINTY_TEXTS[Certainty(row["certainty"])] if certain else EMPTY,
        project_verdict=str(row["project_verdict"]),
        counts={v.value: int(row[f"n_{v.value}"]) for v in Verdict if v != Verdict.CLEAR},
        units=str(row["unit_codes"]),
        redline=str(row["redline_state"]),
        findings=found,
        asked=asks,
        days=tuple(
            (str(d["basis"]), str(d["day"]), str(d["verdict"]), str(d["differing"]))
            for d in _rows(days[days["site_id"] == id_])
        ),
        reviews=tuple(_rows(reviews[reviews["site_id"] == id_])),
    )


def _gap(row: Mapping[str, Any]) -> Gap:
    roles = tuple(part for part in str(row["roles"]).split(";") if part)
    ids = tuple(part for part in str(row["rule_ids"]).split(";") if part)
    cause, cure = (Text(str(row[name]), str(row[f"{name}_en"] or row[name])) for name in ("cause", "cure"))
    return Gap(cause, cure, roles, ids)
