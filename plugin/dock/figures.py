"""The figures of a finding as the dock prints them, in the language and unit of the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...layers.texts import Text

MU_M2 = 10_000 / 15


def verdict_words(verdict: str, completeness: str, unchecked: int, condition: str) -> Text:
    """Return the words of a verdict in both languages; a clear that is not complete never reads as one."""
    from ...processing.engine import words

    zh = words.verdict_words(verdict, completeness, unchecked, condition)
    en = words.VERDICT_TEXTS[words.Verdict(verdict)].en
    if verdict == words.Verdict.CLEAR and completeness != words.Completeness.COMPLETE:
        en = f"not touched in the part checked ({unchecked} more unchecked)"
    elif condition == words.CONDITION_OPEN:
        en = f"{en}, {words.CONDITION_OPEN_TEXT.en}"
    return Text(zh, en)


def area(value: float, units: str) -> str:
    """Return an area in m², and in the unit that the user chose where it is another one."""
    from ...processing.report.figures import figure

    square = f"{figure(value, 2, (1.0,))} m²"
    if units == "ha":
        return f"{figure(value / 10_000, 4)} {Text('公顷', 'ha')}（{square}）"
    if units == "mu":
        return f"{figure(value / MU_M2, 3)} {Text('亩', 'mu')}（{square}）"
    return square


def metres(value: float, limit: float = float("nan")) -> str:
    """Return a distance; rounding never crosses its limit."""
    from ...processing.report.figures import metres as printed

    return printed(value, (limit,))


def bearing(degrees: float) -> str:
    """Return an azimuth with its point of the compass."""
    from ...processing.report.figures import bearing as printed

    if str(Text("zh", "en")) == "zh":
        return printed(degrees)
    return f"{degrees % 360:.1f}° ({('N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW')[int(degrees % 360 / 45 + 0.5) % 8]})"


def figures_of(row: Mapping[str, Any], units: str) -> tuple[tuple[Text, str], ...]:
    """Return label and value of everything measured for a finding."""
    from ...processing.engine.tables import FINDINGS
    from ...processing.engine.words import CERTAINTY_TEXTS, RELATION_TEXTS, Certainty, Relation, Verdict
    from ...processing.report.figures import percent

    def label(name: str) -> Text:
        return FINDINGS.column(name).heading

    shown: list[tuple[Text, str]] = []
    if row["relation"] in set(Relation):
        shown.append((label("relation"), str(RELATION_TEXTS[Relation(row["relation"])])))
    for name in ("overlap_m2", "within_m2"):
        if row[name] > 0:
            share = percent(row[name.replace("_m2", "_share")])
            shown.append((label(name), f"{area(row[name], units)}，{share}"))
    for name in ("length_m", "within_length_m"):
        if row[name] > 0:
            shown.append((label(name), metres(row[name])))
    if row["distance_m"] == row["distance_m"]:
        shown.append((label("distance_m"), metres(row["distance_m"], row["limit_m"])))
    if row["limit_m"] == row["limit_m"]:
        shown.append((label("limit_m"), f"{row['limit_m']:g} m"))
    if row["bearing_deg"] == row["bearing_deg"] and row["distance_m"] > 0:
        shown.append((label("bearing_deg"), bearing(row["bearing_deg"])))
    if row["bank_def"]:
        shown.append((label("bank_def"), str(row["bank_def"])))
    if row["margin_m"] == row["margin_m"]:
        shown.append((label("margin_m"), metres(row["margin_m"])))
    if row["certainty"] in set(Certainty) and row["verdict"] != Verdict.UNDETERMINED:
        shown.append((label("certainty"), str(CERTAINTY_TEXTS[Certainty(row["certainty"])])))
    return tuple(shown)
