"""Every rule for a chunk of sites on a day: outcomes, findings, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..words import RoleState
from . import rows
from .chunk import Chunk
from .cover import cover_gaps
from .outcomes import judge_place
from .rows import Rows
from .sieve import sieve
from .verdict import Verdicts, settle


@dataclass(frozen=True)
class Judged:
    """A chunk judged: why per site and rule, findings, verdicts, and roles met of which no rule speaks."""

    chunk: Chunk
    why: NDArray[np.uint8]
    found: Rows
    verdicts: Verdicts
    silent_roles: tuple[str, ...]
    unjudged: NDArray[np.bool_]


def judge(chunk: Chunk, day: date) -> Judged:
    """Judge a chunk under the law of a day."""
    law = chunk.basis.law
    first = sieve(law.rules, chunk, law.in_force(day))
    parts: list[Rows] = [cover_gaps(chunk)]
    for position in np.flatnonzero(first.asked.any(axis=1)).tolist():
        first.why[position], found = judge_place(position, law.rules[position][0], chunk, first, position)
        parts.append(found)
    why = np.ascontiguousarray(first.why.T)
    found = rows.join(parts)
    found = found.take(np.lexsort((found.rule, found.verdict, found.site)))
    silent, unjudged = _unjudged(chunk)
    return Judged(chunk, why, found, settle(chunk, why, found, unjudged), silent, unjudged)


def _unjudged(chunk: Chunk) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
    """Return the loaded roles of the profile of which no rule speaks, and which sites meet them."""
    basis = chunk.basis
    profile = (*basis.profile.required, *basis.profile.optional)
    silent = tuple(
        r for r in profile
        if r not in basis.judged_roles and r not in ("district", "basin") and basis.state(r) == RoleState.LOADED
    )  # fmt: skip
    met = np.zeros((len(chunk), len(silent)), dtype=bool)
    for column, role_id in enumerate(silent):
        for position in chunk.positions(role_id):
            facts = chunk.layers[position].facts
            met[facts.site[facts.met], column] = True
    return silent, met
