"""From outcomes and findings to the verdict of each site, with completeness, certainty and condition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..words import Completeness, RoleState, Verdict
from . import reasons, rows
from .chunk import Chunk
from .reasons import byte
from .rows import Rows

Codes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

# What an outcome means for its site, a bit each: one look at every outcome of a chunk serves all questions.
OF_THE_RUN, HANGS, HANGS_IF_REQUIRED, LEFT_TO_A_PERSON, IN_BAND = (np.uint8(1 << bit) for bit in range(5))
MEANING = np.zeros(256, dtype=np.uint8)
for bit, group in (
    (OF_THE_RUN, reasons.OF_THE_RUN),
    (HANGS, (reasons.CORE_OPEN, reasons.SCOPE_OPEN, reasons.COVER_OPEN, reasons.LIST_OPEN)),
    (HANGS_IF_REQUIRED, (reasons.ROLE_OPEN, reasons.FIELD_OPEN)),
    (LEFT_TO_A_PERSON, reasons.LEFT_TO_A_PERSON),
    (IN_BAND, (reasons.IN_BAND,)),
):
    MEANING[[byte(reason) for reason in group]] |= bit

COMPLETENESS = tuple(Completeness)
UNDETERMINED = Verdict.UNDETERMINED.rank
CLEAR = Verdict.CLEAR.rank
N_VERDICTS = len(tuple(Verdict))


@dataclass(frozen=True)
class Verdicts:
    """Per site: verdict as rank, completeness and certainty as positions, condition, and counts of findings by rank."""

    verdict: NDArray[np.int64]
    completeness: NDArray[np.int64]
    certainty: NDArray[np.int64]
    open_exception: Bools
    counts: NDArray[np.int64]


def settle(chunk: Chunk, why: Codes, found: Rows, unjudged: Bools) -> Verdicts:
    """Return the verdicts of a chunk.

    Parameters
    ----------
    why : ndarray of uint8, shape (n_sites, n_rules)
        Bytes of `reasons`.
    found : Rows
        All findings.
    unjudged : ndarray of bool, shape (n_sites, n)
        Sites that meet a loaded role of the profile of which no rule speaks.
    """
    n = len(chunk)
    counts = np.zeros((n, N_VERDICTS), dtype=np.int64)
    counts += np.bincount(found.site * N_VERDICTS + found.verdict, minlength=counts.size).reshape(counts.shape)
    unchecked, unchecked_required = _unchecked_roles(chunk)
    meaning = MEANING[why]
    of_run = np.count_nonzero(meaning & OF_THE_RUN, axis=1)
    any_ = np.bitwise_or.reduce(meaning, axis=1, initial=0)
    counts[:, UNDETERMINED] += of_run + unchecked + unjudged.sum(axis=1)

    # An open outcome hangs on a required role, nature, industry or the cover by units.
    required = np.array([chunk.basis.required(rule.layer) for rule, _ in chunk.basis.rules], dtype=bool)
    of_required = np.bitwise_or.reduce(meaning[:, required], axis=1, initial=0)
    hangs = ((any_ & HANGS) | (of_required & HANGS_IF_REQUIRED)) > 0
    hangs |= unchecked_required > 0
    hangs[found.site[reasons.is_one_of(found.reason, (reasons.COVER_OPEN,))]] = True
    open_ = (counts[:, UNDETERMINED] > 0) | ((any_ & LEFT_TO_A_PERSON) > 0)
    completeness = np.where(hangs, 2, np.where(open_, 1, 0))

    others = counts.copy()
    others[:, UNDETERMINED] = 0
    worst = np.where(others.any(axis=1), np.argmax(others > 0, axis=1), CLEAR)
    still_open = open_ | ((any_ & IN_BAND) > 0)
    undetermined = still_open if chunk.basis.strict else hangs
    verdict = np.where((worst > Verdict.PROHIBITED.rank) & undetermined, UNDETERMINED, worst)
    certainty, condition = _certainty(found, verdict, n)
    certainty[(verdict == CLEAR)] = np.where(_only_indicative(chunk, why), rows.INDICATIVE, rows.FIRM)[verdict == CLEAR]
    return Verdicts(verdict, completeness, certainty, condition, counts)


def _unchecked_roles(chunk: Chunk) -> tuple[int, int]:
    """Return how many roles that no rule asks for are not held, and how many required ones are not held."""
    basis = chunk.basis
    missing = [r for r in (*basis.profile.required, *basis.profile.optional) if basis.state(r) == RoleState.NOT_HELD]
    silent = [role for role in missing if role not in basis.judged_roles]
    return len(silent), sum(basis.required(role) for role in missing)


def _certainty(found: Rows, verdict: NDArray[np.int64], n: int) -> tuple[NDArray[np.int64], Bools]:
    """Return the best certainty among the findings that carry the verdict, and whether all of them are conditional."""
    carrying = found.take(found.verdict == verdict[found.site])
    certainty = np.full(n, rows.FIRM)
    certainty[carrying.site] = rows.INDICATIVE
    np.minimum.at(certainty, carrying.site, carrying.certainty)
    conditional = np.zeros(n, dtype=bool)
    conditional[carrying.site] = True
    np.logical_and.at(conditional, carrying.site, carrying.open_exception)
    return certainty, conditional


def _only_indicative(chunk: Chunk, why: Codes) -> Bools:
    """Tell at which sites a rule was found not to be touched by indicative data alone, or that lie near such data."""
    basis = chunk.basis
    out = np.zeros(len(chunk), dtype=bool)
    for layer in chunk.layers:
        out[layer.facts.site[layer.indicative[layer.facts.feature]]] = True
    for role_id, rules in basis.law.of_role.items():
        layers = [chunk.layers[i] for i in chunk.positions(role_id)]
        if layers and all(layer.only_hints for layer in layers):
            out |= (why[:, rules] == byte(reasons.NOT_TOUCHED)).any(axis=1)
    return out
