"""The first-screening opinion as a page prints it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

import pandas as pd

from ..engine.words import CERTAINTY_TEXTS, COMPLETENESS_TEXTS, Certainty, Completeness, Verdict, verdict_words
from .catalogue import STYLES

CLEAR_PARTIAL = "clear_partial"


@dataclass(frozen=True)
class VerdictBox:
    """What the box says: the word with its symbol, the lines below it, and its colours ``#RRGGBB``."""

    words: str
    detail: str
    colour: str
    fill: str


@cache
def _looks() -> dict[str, dict[str, str]]:
    with (STYLES / "verdicts.toml").open("rb") as file:
        return tomllib.load(file)


def verdict_box(verdict: pd.Series) -> VerdictBox:
    """Return the box of a site.

    Parameters
    ----------
    verdict : Series
        Its row of the verdicts.
    """
    words = verdict["verdict_zh"] or verdict_words(
        verdict["verdict"], verdict["completeness"], int(verdict["n_undetermined"]), verdict["condition"]
    )
    partial = verdict["verdict"] == Verdict.CLEAR and verdict["completeness"] != Completeness.COMPLETE
    look = _looks()[CLEAR_PARTIAL if partial else verdict["verdict"]]
    counts = [(v.text.zh, int(verdict[f"n_{v.value}"])) for v in Verdict if v != Verdict.CLEAR]
    listed = "，".join(f"{word} {count} 条" for word, count in counts if count) or "无"
    open_ = verdict["verdict"] == Verdict.UNDETERMINED  # what could not be judged is neither firm nor borderline
    states = [
        f"完整性：{COMPLETENESS_TEXTS[Completeness(verdict['completeness'])].zh}",
        f"确定性：{CERTAINTY_TEXTS[Certainty(verdict['certainty'])].zh}" if verdict["certainty"] and not open_ else "",
    ]
    detail = f"{'　'.join(state for state in states if state)}\n发现：{listed}"
    return VerdictBox(f"{look['symbol']} {words}", detail, look["colour"], look["fill"])
