"""Verdicts on the days of acceptance and decision, beside those of the day of the run."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..judging.judge import Judged, judge
from ..tables import DAYS
from .tabulate import VERDICT_WORDS

BASES = ("accepted_on", "decided_on")


def days_table(judged: Judged) -> pd.DataFrame:
    """Return, per site and day, the verdict and the rules whose outcome or verdict differ from the day of the run.

    The tool lists what differs; it does not choose between the days.
    """
    chunk, law = judged.chunk, judged.chunk.basis.law
    parts = []
    others: dict[bytes, Judged] = {law.in_force(chunk.basis.as_of).tobytes(): judged}
    for basis in BASES:
        if basis not in chunk.frame or chunk.frame[basis].isna().all():
            continue
        days = pd.to_datetime(chunk.frame[basis], errors="coerce").dt.date.to_numpy(dtype=object)
        for day in sorted({d for d in days if isinstance(d, date) and not pd.isna(d)}):
            held = law.in_force(day).tobytes()  # days under the same law have the same verdicts
            if held not in others:
                others[held] = judge(chunk, day)
            parts.append(_columns(others[held], np.flatnonzero(days == day), basis, day, judged))
    if parts:
        parts.insert(0, _columns(judged, np.arange(len(chunk)), "as_of", chunk.basis.as_of, judged))
    return DAYS.joined(parts)


def _columns(
    that: Judged, sites: NDArray[np.int64], basis: str, day: date, run: Judged
) -> dict[str, NDArray[np.generic]]:
    ids = that.chunk.basis.law.ids
    differing = np.full(len(sites), "", dtype=object)
    if that is not run:
        differs = that.why[sites] != run.why[sites]
        differing[:] = [";".join(ids[row]) for row in differs]
    return {
        "site_id": that.chunk.ids[sites],
        "basis": np.full(len(sites), basis, dtype=object),
        "day": np.full(len(sites), day.isoformat(), dtype=object),
        "verdict": VERDICT_WORDS[that.verdicts.verdict[sites]],
        "differing": differing,
    }
