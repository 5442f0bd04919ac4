"""Numbers as papers print them: rounded, but never across a limit that decides something."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from ...layers.geodesy.winds import wind

NOTHING = "—"
LESS = "小于"
MORE = "大于"
METRE_DECIMALS = 2
SQUARE_METRE_DECIMALS = 2
HECTARE_DECIMALS = 4
PERCENT_DECIMALS = 2
BEARING_DECIMALS = 1
SHARE_DOUBT = 1e-9
_COMPASS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def figure(value: float | Decimal | None, decimals: int, limits: Iterable[float | Decimal] = ()) -> str:
    """Return the value rounded half up, or in words where rounding would cross a limit.

    Parameters
    ----------
    value : float or Decimal or None
        The value; None, NaN and infinities print as a dash.
    decimals : int
        Digits after the point.
    limits : iterable of float
        Values on which a decision hangs, in the unit of ``value``. What is below,
        on or above a limit stays so in print: 999.996 with limit 1000 prints
        ``小于 1000``. NaN and None are no limits.

    Returns
    -------
    str
        A positive value that would round to zero prints as ``小于 0.01``.
    """
    exact = _decimal(value)
    if exact is None:
        return NOTHING
    rounded = _rounded(exact, decimals)
    crossed = sorted(limit for limit in map(_decimal, limits) if limit is not None and _crosses(exact, rounded, limit))
    if exact in crossed:
        return _plain(exact)
    above = next((limit for limit in crossed if limit > exact), None)
    below = next((limit for limit in reversed(crossed) if limit < exact), None)
    words = [f"{MORE} {_plain(below)}"] if below is not None else []
    words += [f"{LESS} {_plain(above)}"] if above is not None else []
    if words:
        return "、".join(words)
    if rounded == 0 and exact != 0:
        step = _plain(Decimal(1).scaleb(-decimals))
        return f"{LESS} {step}" if exact > 0 else f"{MORE} -{step}"
    return f"{rounded:f}"


def metres(value: float | None, limits: Iterable[float] = (), decimals: int = METRE_DECIMALS) -> str:
    """Return a length or distance in metres with its unit."""
    return _with_unit(figure(value, decimals, limits), " m")


def area(value: float | None) -> str:
    """Return an area in m² with its hectares; 1 m², below which an overlap counts as a shared edge, is a limit."""
    square = figure(value, SQUARE_METRE_DECIMALS, (1.0,))
    exact = _decimal(value)
    if exact is None:
        return NOTHING
    return f"{square} m²（{figure(exact / 10_000, HECTARE_DECIMALS, (Decimal('0.0001'),))} 公顷）"


def whole_share(share: float | None) -> float | None:
    """Return 1 for a share that misses the whole by less than a sum over pieces can tell, else the share."""
    return 1.0 if share is not None and abs(share - 1.0) < SHARE_DOUBT else share


def percent(share: float | None) -> str:
    """Return a share (0 to 1) in per cent; the whole is a limit."""
    exact = _decimal(whole_share(share))
    return _with_unit(figure(None if exact is None else exact * 100, PERCENT_DECIMALS, (100.0,)), "%")


def bearing(degrees: float | None) -> str:
    """Return an azimuth in degrees with its point of the compass."""
    if degrees is None or not isfinite(degrees):
        return NOTHING
    turned = round(degrees % 360.0, 1) % 360.0
    return f"{turned:.1f}°（{_COMPASS[int(turned / 45.0 + 0.5) % 8]}）"


def sixteen_winds(degrees: float | None) -> str:
    """Return the point of the compass among sixteen, as 环境保护目标表 names it: ``东北 NE``, ``北北东 NNE``."""
    if degrees is None or not isfinite(degrees):
        return NOTHING
    return " ".join(wind(degrees))


def degrees_minutes(value: float) -> str:
    """Return an angle as degrees, minutes and seconds with three decimals, as EIA forms ask for."""
    thousandths = int((abs(Decimal(repr(float(value)))) * 3_600_000).quantize(Decimal(1), ROUND_HALF_UP))
    minutes, rest = divmod(thousandths, 60_000)
    sign = "-" if value < 0 and thousandths else ""
    return f"{sign}{minutes // 60}°{minutes % 60:02d}′{rest // 1000:02d}.{rest % 1000:03d}″"


def cell_format(value: float | None, decimals: int, limits: Iterable[float] = (), scale: int = 1) -> str:
    """Return the Excel number format that shows the value as `figure` prints it.

    The cell keeps the full number; where rounding would cross a limit the format
    is the words themselves, so that a sheet and a paper never disagree.

    Parameters
    ----------
    value : float or None
        The number in the cell.
    decimals : int
        Digits after the point, as shown.
    limits : iterable of float
        In the unit of ``value``.
    scale : int
        100 for a cell shown in per cent.
    """
    exact = _decimal(value)
    suffix = "" if scale == 1 else "%"
    plain = "0" + ("." + "0" * decimals if decimals else "") + suffix
    if exact is None:
        return plain
    shown = figure(exact * scale, decimals, [limit * scale for limit in map(_decimal, limits) if limit is not None])
    return plain if shown == f"{_rounded(exact * scale, decimals):f}" else f'"{shown}{suffix}"'


def _rounded(exact: Decimal, decimals: int) -> Decimal:
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _crosses(exact: Decimal, rounded: Decimal, limit: Decimal) -> bool:
    return exact.compare(limit) != rounded.compare(limit)


def _decimal(value: float | Decimal | None) -> Decimal | None:
    """Return the shortest decimal that means this float: what a person reads in the data."""
    if value is None or not isfinite(value):
        return None
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_unit(text: str, unit: str) -> str:
    return text if text == NOTHING else text + unit
