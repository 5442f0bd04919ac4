"""What to ask of a project: the columns and questions on which the open outcomes of one site hang."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from ....layers.texts import Text
from ...rules.model import Rule
from ...rules.predicates import All, Any_, Declared, Denied, Elapsed, Geometry, Not, Predicate, columns
from ..judging import reasons
from ..judging.predicates import Attributes
from ..truth import UNKNOWN
from .screening import Screening

KINDS = {"Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line"}
OF_THE_PROJECT = (reasons.CORE_OPEN, reasons.PROJECT_OPEN)


@dataclass(frozen=True)
class Question:
    """One yes-or-no question of a rule to a person.

    Attributes
    ----------
    rule_id : str
        The rule.
    text : Text
        The question; its Chinese is the key of the answer.
    column : str
        The site column that answers it too, or empty.
    """

    rule_id: str
    text: Text
    column: str = ""


@dataclass(frozen=True)
class Asked:
    """What would settle the open outcomes of one site.

    Attributes
    ----------
    columns : mapping of str to tuple of str
        Site column to the rules that hang on it, those that settle most first.
    questions : tuple of Question
        Exceptions that nobody has answered, and questions of rules whose project is not known.
    """

    columns: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...]


def asked(screening: Screening, site_id: str, rules: Mapping[str, Rule]) -> Asked:
    """Return what to ask about one site, from its outcomes.

    Parameters
    ----------
    screening : Screening
        A finished run.
    site_id : str
    rules : mapping
        The rules of the run by id.
    """
    site = screening.sites[screening.sites["site_id"] == site_id]
    outcomes = screening.outcomes(site_id)
    told = {reason.text.zh for reason in OF_THE_PROJECT}
    open_ids = outcomes.loc[outcomes["why"].isin(told), "rule_id"]
    by_column: dict[str, list[str]] = {}
    questions: list[Question] = []
    for rule_id in open_ids:
        rule = rules.get(str(rule_id))
        if rule is None:
            continue
        for name in open_columns(rule.project, site):
            by_column.setdefault(name, []).append(rule.id)
        if rule.question.zh:
            questions.append(Question(rule.id, rule.question))
    findings = screening.findings[screening.findings["site_id"] == site_id]
    excepted = findings.loc[findings["condition"] == "exception_open", "rule_id"]
    for rule_id in dict.fromkeys(map(str, excepted)):
        if rule_id in rules:
            questions += _exceptions(rules[rule_id], screening, site_id, site)
    ranked = sorted(by_column.items(), key=lambda item: (-len(item[1]), item[0]))
    return Asked({name: tuple(ids) for name, ids in ranked}, tuple(questions))


def _exceptions(rule: Rule, screening: Screening, site_id: str, site: gpd.GeoDataFrame) -> Iterable[Question]:
    given = screening.answers
    own = given[(given["site_id"] == site_id) & (given["rule_id"] == rule.id)] if len(given) else given
    answered = set(own["question"]) if len(own) else set()
    for each in rule.exceptions:
        filled = bool(each.flag) and each.flag in site and site[each.flag].iloc[0] in (True, False)
        if not filled and not answered & {each.question, each.id}:
            yield Question(rule.id, Text(each.question, each.question_en or each.question), each.flag or "")


def open_columns(predicate: Predicate | None, site: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return the columns of one site without which a predicate stays unknown, in the order of the rule.

    Parts that are settled, or that could not settle it, ask for nothing.
    """
    kind = KINDS.get(str(site.geometry.iloc[0].geom_type), "polygon")
    attributes = Attributes(site, np.array([kind]))
    return tuple(dict.fromkeys(_open(predicate, attributes)))


def _open(predicate: Predicate | None, attributes: Attributes) -> Iterable[str]:
    if predicate is None or attributes.evaluate(predicate)[0] != UNKNOWN:
        return
    match predicate:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from _open(part, attributes)
        case Not(part):
            yield from _open(part, attributes)
        case Declared() | Denied() | Elapsed() | Geometry():
            return
        case _:
            yield from sorted(columns(predicate))
