"""What can be said of rules before any place is asked for: in force, scope, project, layer state, in this order.

All rules at once: most are settled here for every site of a chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...rules.model import Pack, Rule
from ..truth import FALSE, UNKNOWN, Truth
from ..words import RoleState
from . import reasons
from .chunk import Chunk
from .reasons import byte

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Sieve:
    """Some rules at the sites of a chunk, arrays of shape (n_rules, n_sites).

    Attributes
    ----------
    why : ndarray of uint8
        Bytes of `reasons`; `NOT_TOUCHED` where the place is still to be asked for.
    asked : ndarray of bool
        Where that is.
    scope, project : ndarray of int8
        Whether the text applies there, and whether it concerns the project.
    """

    why: Codes
    asked: NDArray[np.bool_]
    scope: Truth
    project: Truth


def sieve(rules: Sequence[tuple[Rule, Pack]], chunk: Chunk, holds: NDArray[np.bool_]) -> Sieve:
    """Ask of rules what needs no place.

    Parameters
    ----------
    holds : ndarray of bool, shape (n_rules,)
        Which of them are in force.
    """
    shape, unknown = (len(rules), len(chunk)), np.full(len(chunk), UNKNOWN)
    known = holds.tolist()
    project = [_project(rule, chunk) if held else unknown for (rule, _), held in zip(rules, known, strict=True)]
    scope = [chunk.places.scope(pack) if held else unknown for (_, pack), held in zip(rules, known, strict=True)]
    projects, scopes = np.array(project, dtype=np.int8).reshape(shape), np.array(scope, dtype=np.int8).reshape(shape)
    why = np.full(shape, byte(reasons.NOT_TOUCHED))
    why[projects == FALSE] = byte(reasons.NOT_CONCERNED)
    why[scopes == FALSE] = byte(reasons.OUT_OF_SCOPE)
    why[~holds] = byte(reasons.NOT_YET)
    asked = why == byte(reasons.NOT_TOUCHED)
    blocked = np.array([_blocked(rule, chunk) for rule, _ in rules], dtype=np.uint8)
    shut = asked & (blocked > 0)[:, None]
    return Sieve(np.where(shut, blocked[:, None], why), asked & ~shut, scopes, projects)


def _project(rule: Rule, chunk: Chunk) -> Truth:
    truth = chunk.attributes.evaluate(rule.project)
    if not rule.question.zh:
        return truth
    given = chunk.basis.answers.given(rule.id, rule.question.zh, chunk.ids)
    return truth if given is None else np.where(truth == UNKNOWN, given, truth)


def _blocked(rule: Rule, chunk: Chunk) -> np.uint8:
    """Return why the place of a rule cannot be asked for, or need not; 0 where it can."""
    if rule.status == "hold":
        return byte(reasons.ON_HOLD)
    state = chunk.basis.state(rule.layer)
    if state == RoleState.NOT_HELD:
        return byte(reasons.ROLE_OPEN)
    if state == RoleState.ABSENT_CONFIRMED:
        return byte(reasons.ROLE_OPEN if rule.place.kind == "not_within" else reasons.ABSENT)
    return np.uint8(0)
