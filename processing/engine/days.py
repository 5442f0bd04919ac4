"""Verdicts on the days of acceptance and decision, beside those of the day of the run."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .chunk import Chunk
from .judge import Judged, judge
from .scope import in_force
from .tables import DAYS
from .tabulate import VERDICT_WORDS

BASES = ("accepted_on", "decided_on")


def days_table(judged: Judged) -> pd.DataFrame:
    """Return, per site and day, the verdict and the rules whose outcome or verdict differ from the day of the run.

    The tool lists what differs; it does not choose between the days.
    """
    chunk = judged.chunk
    frames = [_row_frame(judged, np.arange(len(chunk)), "as_of", judged.chunk.basis.as_of, None)]
    others: dict[frozenset[str], Judged] = {_law_of(chunk, chunk.basis.as_of): judged}
    for basis in BASES:
        if basis not in chunk.frame:
            continue
        days = pd.to_datetime(chunk.frame[basis], errors="coerce").dt.date.to_numpy(dtype=object)
        for day in sorted({d for d in days if isinstance(d, date) and not pd.isna(d)}):
            law = _law_of(chunk, day)
            if law not in others:
                others[law] = judge(chunk, day)
            frames.append(_row_frame(others[law], np.flatnonzero(days == day), basis, day, judged))
    if len(frames) == 1:
        return DAYS.empty()
    return DAYS.frame(pd.concat(frames, ignore_index=True))


def _law_of(chunk: Chunk, day: date) -> frozenset[str]:
    """Return the rules in force on a day: days under the same law have the same verdicts."""
    return frozenset(rule.id for rule, pack in chunk.basis.rules if in_force(rule, pack, day))


def _row_frame(that: Judged, sites: NDArray[np.int64], basis: str, day: date, run: Judged | None) -> pd.DataFrame:
    ids = np.array([rule.id for rule, _ in that.chunk.basis.rules], dtype=object)
    differing = ["" if run is None else ";".join(ids[that.why[i] != run.why[i]]) for i in sites]
    return pd.DataFrame(
        {
            "site_id": that.chunk.ids[sites],
            "basis": basis,
            "day": day.isoformat(),
            "verdict": VERDICT_WORDS[that.verdicts.verdict[sites]],
            "differing": differing,
        }
    )
