"""Round numbers for a page: scale, scale bar and grid."""

from __future__ import annotations

from ...layers.texts import Text
from .errors import MapError

SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000, 100_000, 200_000)
FILL = 0.86
BAR_MM = 26.0
_GRID_SECONDS = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
_GRID_LINES = 2.0
_MM_PER_M = 1000.0


def fitting_scale(
    width_m: float,
    height_m: float,
    frame_mm: tuple[float, float],
    fill: float = FILL,
    scales: tuple[int, ...] = SCALES,
) -> int:
    """Return the largest round scale at which a box fits into a share of the frame.

    Parameters
    ----------
    width_m, height_m : float
        The box that must be seen, metres.
    frame_mm : tuple of float
        Width and height of the frame on paper, millimetres.
    fill : float
        Share of the frame that the box may take, 0 to 1.
    scales : tuple of int
        The round denominators, rising.

    Returns
    -------
    int
        The denominator, one of ``scales``.

    Raises
    ------
    MapError
        The box is too large for the smallest scale.
    """
    needed = max(width_m / frame_mm[0], height_m / frame_mm[1]) * _MM_PER_M / fill
    for denominator in scales:
        if needed <= denominator:
            return denominator
    raise MapError(
        Text(
            f"范围 {width_m / 1000:.1f} km × {height_m / 1000:.1f} km 超出 1:{scales[-1]} 图幅",
            f"an extent of {width_m / 1000:.1f} km × {height_m / 1000:.1f} km does not fit the page at 1:{scales[-1]}",
        ),
        remedy=Text(
            "请将地块（线路）分段为同一 project_id 的多个地块后分别出图。",
            "Split the site (line) into several sites of one project_id and map each.",
        ),
    )


def bar_segment(denominator: int) -> tuple[float, str]:
    """Return the length of one segment of the scale bar, in its unit, and the unit (m or km).

    The segment is the largest of 1, 2, 5 × 10ⁿ that takes at most `BAR_MM` on paper.
    """
    most = BAR_MM * denominator / _MM_PER_M
    power = 1.0
    while power * 10 <= most:
        power *= 10
    metres = max(step * power for step in (1, 2, 5) if step * power <= most)
    return (metres / 1000, "km") if metres >= 1000 else (metres, "m")


def grid_step(span_deg: float) -> float:
    """Return the round step in seconds that puts at least two lines of longitude or latitude on a span of degrees."""
    fitting = [step for step in _GRID_SECONDS if span_deg * 3600 / step >= _GRID_LINES]
    return fitting[-1] if fitting else _GRID_SECONDS[0]


def plane_step(span_m: float) -> float:
    """Return the round step (1, 2, 5 × 10ⁿ metres) that puts at least two lines on a span."""
    power = 1.0
    while power * 10 <= span_m / _GRID_LINES:
        power *= 10
    return max(step * power for step in (1, 2, 5) if step * power <= span_m / _GRID_LINES)
