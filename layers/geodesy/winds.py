"""The sixteen points of the compass, as 环境保护目标表 names them: one list for papers and maps."""

from __future__ import annotations

_WINDS = (
    ("北", "N"), ("北北东", "NNE"), ("东北", "NE"), ("东东北", "ENE"),
    ("东", "E"), ("东东南", "ESE"), ("东南", "SE"), ("南南东", "SSE"),
    ("南", "S"), ("南南西", "SSW"), ("西南", "SW"), ("西西南", "WSW"),
    ("西", "W"), ("西西北", "WNW"), ("西北", "NW"), ("北北西", "NNW"),
)  # fmt: skip


def wind(bearing_deg: float) -> tuple[str, str]:
    """Return the point of the compass, in Chinese and by its letters, in which an azimuth lies.

    Parameters
    ----------
    bearing_deg : float
        Clockwise from north, finite; each point reaches 11.25 degrees to both sides, the later one where two meet.
    """
    return _WINDS[int(bearing_deg % 360.0 / 22.5 + 0.5) % 16]
