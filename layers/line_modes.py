"""How a line is laid along its length: 0-1200 桥梁;1200-3400 隧道, in metres from its start or as stakes K1+200."""

from __future__ import annotations

import re
from dataclasses import dataclass

MODES = ("地表", "桥梁", "隧道", "定向钻", "架空")
_PLACE = r"(?:[A-Za-z]*(?P<{0}k>\d+)\+(?P<{0}rest>\d+(?:\.\d+)?)|(?P<{0}m>\d+(?:\.\d+)?)\s*m?)"
_STRETCH = re.compile(
    _PLACE.format("a") + r"\s*(?:-|–|—|~|～|至|到)\s*" + _PLACE.format("b") + r"\s*[:：]?\s*(?P<mode>[^\d\s.].*)"
)
_STAKE = re.compile(r"(?P<letters>[A-Za-z]*)(?P<k>\d+)\+(?P<rest>\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class ModeStretch:
    """A stretch of a line with how it is laid; m along the line from its start."""

    from_m: float
    to_m: float
    mode: str


def mode_stretches(text: str, start_m: float = 0.0) -> tuple[ModeStretch, ...] | None:
    """Return the stretches that a text names, in its order, or None where a part of it cannot be read.

    Parameters
    ----------
    text : str
        Parts joined by ``;``, each two places and a mode.
    start_m : float
        The stake at the start of the line, taken off places written as stakes.
    """
    found = []
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        read = _STRETCH.fullmatch(part.strip())
        if read is None:
            return None
        begin, end = (_metres(read, side, start_m) for side in "ab")
        if end <= begin:
            return None
        found.append(ModeStretch(begin, end, read["mode"].strip()))
    return tuple(found)


def stake_of(text: str) -> tuple[str, float]:
    """Return the letters before a stake and its place, m: ``K12+340`` gives ("K", 12340.0), what is no stake K0+000."""
    read = _STAKE.fullmatch(text.strip().replace("＋", "+"))
    if read is None:
        return "K", 0.0
    return read["letters"] or "K", 1000.0 * int(read["k"]) + float(read["rest"])


def stake(place_m: float, letters: str = "K") -> str:
    """Return a place along a line as a stake to the centimetre: 1234.5 gives ``K1+234.50``."""
    centimetres = round(place_m * 100)
    kilometres, rest = divmod(centimetres, 100_000)
    return f"{letters}{kilometres}+{rest // 100:03d}" + (f".{rest % 100:02d}" if rest % 100 else "")


def _metres(read: re.Match[str], side: str, start_m: float) -> float:
    if read[f"{side}m"]:
        return float(read[f"{side}m"])
    return 1000.0 * int(read[f"{side}k"]) + float(read[f"{side}rest"]) - start_m
