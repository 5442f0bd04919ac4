"""Where to restore first: a score that is the sum of its parts, and how far the rank hangs on the weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .tables import PRIORITY, PRIORITY_PARTS
from .weights import Criterion, Weights, load_weights

Floats = NDArray[np.float64]
_AT_ONCE = 4_000_000
_DECIMALS = 12


def priority(table: pd.DataFrame, weights: Weights | str | Path | None = None) -> pd.DataFrame:
    """Rank sites by their indicators.

    Parameters
    ----------
    table : DataFrame
        ``tables.INDICATORS``; rows of other origin (a share of the red line, say) may be appended.
    weights : Weights or path, optional
        The weights shipped where left out.

    Returns
    -------
    DataFrame
        ``tables.PRIORITY``, by rank: ``score`` from 0 to 1, ``parts`` its sum in words, ``top_ten_share`` how often
        the site is among the first `top` (10) when the weights vary, ``missing`` the criteria it has no value for.
        Equal scores have equal ranks; sites without any value come last, without a score.

    Notes
    -----
    A missing value, or one that stands on less than `least_covered` of the area, is left out of numerator and
    denominator: it neither helps nor harms, and is named. The weights
    are varied evenly by ±`spread`, each by itself, with a seed.
    """
    chosen = weights if isinstance(weights, Weights) else load_weights(weights)
    sites, _, scaled = _scaled(table, chosen)
    weight = np.array([criterion.weight for criterion in chosen.criteria])
    score = _scores(scaled, weight[:, None])[:, 0]
    effective = _effective(scaled, weight)
    order = np.argsort(-np.nan_to_num(score, nan=-1.0), kind="stable")
    rank = pd.Series(score).rank(method="min", ascending=False, na_option="bottom").astype(int).to_numpy()
    out = PRIORITY.frame(
        {
            "site_id": sites,
            "rank": rank,
            "score": score,
            "parts": [_sum(row, use, chosen.criteria) for row, use in zip(scaled, effective, strict=True)],
            "top_ten_share": np.where(np.isnan(score), np.nan, _top_share(scaled, weight, chosen)),
            "missing": [_missing(row, chosen.criteria) for row in scaled],
        }
    )
    return out.iloc[order].reset_index(drop=True)


def priority_parts(table: pd.DataFrame, weights: Weights | str | Path | None = None) -> pd.DataFrame:
    """Return every part of every score: ``tables.PRIORITY_PARTS``; the contributions of a site add up to its score.

    ``weight`` is the share of the weight among the criteria that the site has a value for.
    """
    chosen = weights if isinstance(weights, Weights) else load_weights(weights)
    sites, found, scaled = _scaled(table, chosen)
    effective = _effective(scaled, np.array([criterion.weight for criterion in chosen.criteria]))
    frames = []
    for k, criterion in enumerate(chosen.criteria):
        frames.append(
            pd.DataFrame(
                {
                    "site_id": sites,
                    "criterion": criterion.title.zh,
                    "indicator": criterion.indicator,
                    "date": found[k]["date"].fillna("").to_numpy(),
                    "value": found[k]["value"].to_numpy(),
                    "scaled": scaled[:, k],
                    "weight": effective[:, k],
                    "contribution": np.nan_to_num(effective[:, k] * scaled[:, k]),
                }
            )
        )
    parts = pd.concat(frames, ignore_index=True)
    place = {site: i for i, site in enumerate(sites)}
    order = np.argsort(parts["site_id"].map(place).to_numpy(), kind="stable")
    return PRIORITY_PARTS.frame(parts.iloc[order].reset_index(drop=True))


def _scaled(table: pd.DataFrame, weights: Weights) -> tuple[list[str], list[pd.DataFrame], Floats]:
    """Return sites in order of appearance, the rows used per criterion, and scaled values (sites, criteria)."""
    sites = list(dict.fromkeys(table["site_id"]))
    enough = table["covered_share"] >= weights.least_covered if "covered_share" in table else slice(None)
    found = [_values(table[enough], criterion).reindex(sites) for criterion in weights.criteria]
    scaled = np.full((len(sites), len(weights.criteria)), np.nan)
    for k, (criterion, rows) in enumerate(zip(weights.criteria, found, strict=True)):
        values = rows["value"].to_numpy(dtype=float)
        scaled[:, k] = np.clip((values - criterion.low) / (criterion.high - criterion.low), 0.0, 1.0)
    return sites, found, scaled


def _values(table: pd.DataFrame, criterion: Criterion) -> pd.DataFrame:
    """Return date and value per site of the date that a criterion asks for."""
    rows = table.loc[table["indicator"] == criterion.indicator, ["site_id", "date", "value"]]
    dates = sorted(set(rows["date"]), key=lambda text: _span(text, criterion.when == "whole"))
    rows = rows[rows["date"] == dates[-1]] if dates else rows
    return rows.drop_duplicates("site_id").set_index("site_id")


def _span(text: str, whole: bool) -> tuple[str, str]:
    """Return what the latest date sorts by: its end, then its start, the earliest one last where `whole`."""
    start, _, end = text.partition("/")
    mirrored = "".join(chr(0x10FF - ord(letter)) for letter in start) if whole else start
    return end or start, mirrored


def _scores(scaled: Floats, weight: Floats) -> Floats:
    """Return scores (sites, draws) of weights (criteria, draws); NaN for a site without any value."""
    known = np.isfinite(scaled)
    total = known.astype(float) @ weight
    out: Floats = np.full(total.shape, np.nan)
    np.divide(np.nan_to_num(scaled) @ weight, total, out=out, where=total > 0.0)
    # Products of matrices sum equal rows in unlike order: equal sites would differ in the last bit.
    return np.round(out, _DECIMALS)


def _effective(scaled: Floats, weight: Floats) -> Floats:
    used = np.where(np.isfinite(scaled), weight, 0.0)
    total = used.sum(axis=1, keepdims=True)
    out: Floats = np.divide(used, total, out=np.zeros_like(used), where=total > 0.0)
    return out


def _top_share(scaled: Floats, weight: Floats, weights: Weights) -> Floats:
    """Return how often each site is among the first `top` when the weights vary."""
    n = len(scaled)
    rng = np.random.default_rng(weights.seed)
    factor = rng.uniform(1.0 - weights.spread, 1.0 + weights.spread, (weights.draws, len(weight)))
    times = np.zeros(n)
    step = max(1, _AT_ONCE // max(n, 1))
    for start in range(0, weights.draws, step):
        scores = np.nan_to_num(_scores(scaled, (factor[start : start + step] * weight).T), nan=-1.0)
        place = max(n - weights.top, 0)
        least = np.partition(scores, place, axis=0)[place] if n else np.empty(0)
        times += (scores >= least).sum(axis=1)
    out: Floats = times / weights.draws
    return out


def _sum(scaled: Floats, weight: Floats, criteria: Sequence[Criterion]) -> str:
    """Return a score as the sum that it is, in words."""
    terms = [
        f"{criterion.title.zh} {use:.3f}×{value:.3f}={use * value:.3f}"
        for criterion, use, value in zip(criteria, weight, scaled, strict=True)
        if np.isfinite(value)
    ]
    return "；".join(terms)


def _missing(scaled: Floats, criteria: Sequence[Criterion]) -> str:
    return "、".join(c.title.zh for c, value in zip(criteria, scaled, strict=True) if not np.isfinite(value))
