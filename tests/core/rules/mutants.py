"""Every small change of a rule: one number, date, verdict, word or node at a time.

The word 迁建 is left out: the door turns it into 新建 before any rule sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ecoredline.processing.rules.model import Place, Rule
from ecoredline.processing.rules.predicates import (
    All,
    Any_,
    Declared,
    Denied,
    Elapsed,
    Flag,
    Geometry,
    Industry,
    LandUse,
    Measure,
    Nature,
    Not,
    Predicate,
    Quantity,
)

DAY = timedelta(days=1)
VERDICTS = ("prohibited", "needs_review", "restricted", "notice")
KINDS = ("intersects", "crosses", "not_within")
Mutant = tuple[str, Rule]


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Yield what was changed, and the changed rule."""
    yield from _of_place(rule)
    yield from _of_dates(rule)
    for verdict in VERDICTS:
        if verdict != rule.verdict:
            yield f"verdict {verdict}", replace(rule, verdict=verdict, cap=None)
    yield "status hold", replace(rule, status="hold")
    yield from _of_feature(rule)
    yield from _of_exceptions(rule)
    if rule.project is not None:
        yield "no project predicate", replace(rule, project=None)
        for what, changed in trees(rule.project):
            yield f"project: {what}", replace(rule, project=changed)


def _of_place(rule: Rule) -> Iterator[Mutant]:
    if rule.place.value is not None:
        for change in (-1.0, 1.0) if rule.place.kind == "within_m" else (-0.01, 0.01):
            yield f"place {change:+}", replace(rule, place=Place(rule.place.kind, rule.place.value + change))
    # Sites of the cases are never lines alone, and the district holds every case.
    for kind in KINDS if rule.layer != "district" else ():
        if kind != rule.place.kind:
            yield f"place {kind}", replace(rule, place=Place(kind))  # type: ignore[arg-type]


def _of_dates(rule: Rule) -> Iterator[Mutant]:
    for name, day in (("from_", rule.from_), ("to", rule.to)):
        if day is not None:
            yield f"{name} earlier", replace(rule, **{name: day - DAY})  # type: ignore[arg-type]
            yield f"{name} later", replace(rule, **{name: day + DAY})  # type: ignore[arg-type]


def _of_feature(rule: Rule) -> Iterator[Mutant]:
    for name, values in rule.feature.items():
        yield f"any {name}", replace(rule, feature={k: v for k, v in rule.feature.items() if k != name})
        for value in values if len(values) > 1 else ():
            # 重要支流 counts as 支流 where both are named.
            if (name, value) == ("river_class", "major_tributary") and "tributary" in values:
                continue
            yield (
                f"{name} without {value}",
                replace(rule, feature={**rule.feature, name: tuple(v for v in values if v != value)}),
            )


def _of_exceptions(rule: Rule) -> Iterator[Mutant]:
    for i, exception in enumerate(rule.exceptions):
        rest = rule.exceptions[:i], rule.exceptions[i + 1 :]
        yield f"without exception {exception.id}", replace(rule, exceptions=(*rest[0], *rest[1]))
        for verdict in (*VERDICTS, None):
            if verdict != exception.verdict:
                changed = replace(exception, verdict=verdict)
                yield f"exception {exception.id}: {verdict}", replace(rule, exceptions=(*rest[0], changed, *rest[1]))
        if exception.flag:
            changed = replace(exception, flag=None)
            yield f"exception {exception.id}: no flag", replace(rule, exceptions=(*rest[0], changed, *rest[1]))


def trees(node: Predicate) -> Iterator[tuple[str, Predicate]]:
    """Yield the predicate with one node negated, dropped, swapped or with one word less."""
    yield f"not {_name(node)}", Not(node)
    match node:
        case All(parts) | Any_(parts):
            kind, other = (All, Any_) if isinstance(node, All) else (Any_, All)
            if len(parts) > 1:
                yield f"{_name(node)} swapped", other(parts)
            for i, part in enumerate(parts):
                if len(parts) > 1:
                    yield f"without {_name(part)}", kind((*parts[:i], *parts[i + 1 :]))
                for what, changed in trees(part):
                    yield what, kind((*parts[:i], changed, *parts[i + 1 :]))
        case Not(part):
            yield f"no longer not {_name(part)}", part
            for what, changed in trees(part):
                yield what, Not(changed)
        case Nature(words):
            for word in words:
                if len(words) > 1 and word != "迁建":
                    yield f"nature without {word}", Nature(tuple(w for w in words if w != word))
        case LandUse(words):
            for word in words:
                if len(words) > 1:
                    yield f"land use without {word}", LandUse(tuple(w for w in words if w != word))
        case Measure(words):
            for word in words:
                if len(words) > 1:
                    yield f"measures without {word}", Measure(tuple(w for w in words if w != word))
        case Industry(prefixes, excluded):
            for code in prefixes:
                if len(prefixes) > 1:
                    left = tuple(p for p in prefixes if p != code)
                    yield f"without {code}", Industry(left, tuple(e for e in excluded if e.startswith(left)))
            for code in excluded:
                yield f"without except {code}", Industry(prefixes, tuple(e for e in excluded if e != code))
        case Flag(name):
            yield f"{name} only if declared", Declared(name)
            yield f"{name} unless denied", Not(Denied(name))
        case Declared(name):
            yield f"{name} asked", Flag(name)
        case Denied(name):
            yield f"{name} asked", Not(Flag(name))
        case Quantity(name, op, value):
            yield f"{name} of more", Quantity(name, op, value + 1.0)
        case Elapsed(since, until, years):
            yield "a year more", Elapsed(since, until, years + 1)
            yield "a year less", Elapsed(since, until, years - 1)
        case Geometry():
            pass


def _name(node: Predicate) -> str:
    match node:
        case Flag(name) | Declared(name) | Denied(name) | Quantity(name):
            return f"{type(node).__name__.lower()} {name}"
        case Nature(words):
            return "nature " + "/".join(words[:2])
        case Industry(prefixes):
            return "industry " + "/".join(prefixes[:2])
        case _:
            return type(node).__name__.lower().strip("_")
