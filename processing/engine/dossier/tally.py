"""What a run counts over all its chunks, so that chunks can be judged apart and joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....layers.noticed import Noticed
from ..judging import reasons
from ..judging.judge import Judged
from ..judging.reasons import byte
from .tabulate import rule_ids

Counts = NDArray[np.int64]
NOTICED = 50
"""Of how many things noticed about sites a run keeps the words; the others are counted."""


@dataclass(frozen=True)
class Tally:
    """Counts over some sites.

    Attributes
    ----------
    n_sites : int
    on_hold, role_open, list_open, scope_open : ndarray of int64, shape (n_rules,)
        Sites that each rule left open, by cause.
    by_role : dict
        Sites left open by any rule for want of a role.
    unjudged : dict
        Sites that meet a role of which no rule speaks.
    figures : dict
        Per rule the number of findings and their totals, by which a re-run is compared.
    n_noticed : int
        Values of sites that could not be read, and shapes that were repaired.
    noticed : sequence of tuple
        The first `NOTICED` of them, as `layers.noticed.Noticed`.
    """

    n_sites: int
    on_hold: Counts
    role_open: Counts
    list_open: Counts
    scope_open: Counts
    by_role: Mapping[str, int] = field(default_factory=dict)
    unjudged: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    n_noticed: int = 0
    noticed: Sequence[Sequence[object]] = ()

    def __add__(self, other: Tally) -> Tally:
        """Return the counts over the sites of both."""
        figures = {
            rule: _sum(self.figures.get(rule, {}), other.figures.get(rule, {}))
            for rule in sorted({*self.figures, *other.figures})
        }
        return Tally(
            self.n_sites + other.n_sites,
            self.on_hold + other.on_hold,
            self.role_open + other.role_open,
            self.list_open + other.list_open,
            self.scope_open + other.scope_open,
            {k: int(v) for k, v in _sum(self.by_role, other.by_role).items()},
            {k: int(v) for k, v in _sum(self.unjudged, other.unjudged).items()},
            figures,
            self.n_noticed + other.n_noticed,
            [*self.noticed, *other.noticed][:NOTICED],
        )

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in vars(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """Return the tally that `to_json` gave."""
        arrays = {
            name: np.array(data[name], dtype=np.int64) for name in ("on_hold", "role_open", "list_open", "scope_open")
        }
        return cls(**{**data, **arrays})

    @classmethod
    def empty(cls, n_rules: int) -> Tally:
        """Return the counts over no site."""
        none = np.zeros(n_rules, dtype=np.int64)
        return cls(0, none, none, none, none)


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def count(judged: Judged, findings: pd.DataFrame, noticed: Sequence[Noticed] = ()) -> Tally:
    """Return the counts over a judged chunk, of whose sites something was noticed."""
    of_role = judged.chunk.basis.law.of_role
    on_hold, role_open, list_open, scope_open = (
        np.count_nonzero(judged.why == byte(reason), axis=0)
        for reason in (reasons.ON_HOLD, reasons.ROLE_OPEN, reasons.LIST_OPEN, reasons.SCOPE_OPEN)
    )
    by_role = {role_id: _any_open(judged, [i for i in at if role_open[i]]) for role_id, at in of_role.items()}
    return Tally(
        len(judged.chunk),
        on_hold,
        role_open,
        list_open,
        scope_open,
        by_role,
        dict(zip(judged.silent_roles, judged.unjudged.sum(axis=0).tolist(), strict=True)),
        _figures(judged, findings),
        len(noticed),
        [list(each) for each in noticed[:NOTICED]],
    )


def _any_open(judged: Judged, rules: list[int]) -> int:
    """Return how many sites some of the rules leave open for want of their role."""
    return int((judged.why[:, rules] == byte(reasons.ROLE_OPEN)).any(axis=1).sum())


def _figures(judged: Judged, findings: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the totals of each rule; the findings are those of the judged chunk, in their order."""
    known, of_known = np.unique(judged.found.rule, return_inverse=True)
    rules, at = np.unique(rule_ids(judged)[known].astype(str), return_inverse=True)
    at = at[of_known]
    figures = {
        name: np.bincount(at, np.nan_to_num(findings[name].to_numpy(dtype=np.float64)), len(rules)).tolist()
        for name in ("overlap_m2", "length_m", "distance_m")
    }
    figures["n"] = np.bincount(at, minlength=len(rules)).astype(np.float64).tolist()
    return {str(rule): {name: values[i] for name, values in figures.items()} for i, rule in enumerate(rules)}
