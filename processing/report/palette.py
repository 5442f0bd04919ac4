"""The look of each verdict, read from styles/verdicts.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..engine.words import Completeness, Verdict

CLEAR_PARTIAL = "clear_partial"
_FILE = Path(__file__).resolve().parents[2] / "styles" / "verdicts.toml"


@dataclass(frozen=True)
class Look:
    """Colour ``#RRGGBB`` of text and lines, light fill behind it, symbol beside it."""

    colour: str
    fill: str
    symbol: str


@cache
def looks() -> dict[str, Look]:
    """Return the look per verdict, with ``clear_partial`` for a clear that is not complete."""
    with _FILE.open("rb") as file:
        return {name: Look(**entry) for name, entry in tomllib.load(file).items()}


def look_key(verdict: str, completeness: str = Completeness.COMPLETE) -> str:
    """Return the key in `looks` of a verdict with its completeness."""
    partial = verdict == Verdict.CLEAR and completeness != Completeness.COMPLETE
    return CLEAR_PARTIAL if partial else str(verdict)
