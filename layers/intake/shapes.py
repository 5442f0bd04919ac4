"""What a reader gets out of an upload: features as they stand, and what the file says of their coordinates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..errors import SitesError
from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text

LEFT_OUT = "left_out"
"""Problem of features that are reported but not among the sites."""
CHECK_FILE = Text("请改正该处后重新导入。", "Correct that place and import again.")


@dataclass(frozen=True)
class Header:
    """What a file says of its coordinates, apart from a coordinate system as GIS write it.

    Attributes
    ----------
    datum : str
        ``cgcs2000``, ``wgs84``, ``xian80``, ``beijing54``, ``gcj02``, ``bd09``, or empty.
    meridian : float or None
        Central meridian, degrees.
    width : int or None
        Width of the zones, 3 or 6 degrees.
    degrees : bool
        Whether the coordinates were written with signs of degrees, so that they are angles for sure.
    """

    datum: str = ""
    meridian: float | None = None
    width: int | None = None
    degrees: bool = False


@dataclass(frozen=True, eq=False)
class Shapes:
    """The features of one dataset, their coordinates as written.

    Attributes
    ----------
    where : str
        File and dataset, for messages.
    geometry : ndarray of geometry
        2-D, x = what stands first or is called east or longitude; None where a feature has none.
    columns : dict
        Column to one value per feature.
    crs : str or None
        The coordinate system that the file names.
    standard : bool
        Whether `crs` is not said by the file but by the standard of its format (KML, GeoJSON).
    header : Header
        What else the file says of its coordinates.
    noticed : tuple of Noticed
        What the reader noticed; features that it left out have the problem ``left_out``.
    """

    where: str
    geometry: NDArray[np.object_]
    columns: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    crs: str | None = None
    standard: bool = False
    header: Header = field(default_factory=Header)
    noticed: tuple[Noticed, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One dataset of an upload, listed before it is read.

    Attributes
    ----------
    name : str
        Its name in the upload.
    kind : str
        Kind of geometry, empty for a table that holds none.
    features : int
        How many features there are.
    load : callable
        Takes a `Progress`, returns `Shapes`.
    """

    name: str
    kind: str
    features: int
    load: Callable[[Progress], Shapes]


def wrong(where: str, problem: Text, remedy: Text = CHECK_FILE, cause: Text | None = None) -> SitesError:
    """Return the error for a place in a file."""
    return SitesError(Text(f"{where}：{problem.zh}", f"{where}: {problem.en}"), cause or Text("", ""), remedy)


def notice(row: int, problem: str, text: Text, value: object = "", column: str = "geometry") -> Noticed:
    """Return one thing noticed; row 0 stands for the file."""
    return Noticed(row, "", column, str(value)[:200], problem, text.zh, text.en)


def objects(values: Sequence[object]) -> NDArray[np.object_]:
    """Return an array of objects, geometries and lists included."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def table(records: Sequence[dict[str, object]]) -> dict[str, NDArray[np.generic]]:
    """Return columns out of one dictionary per feature; None where a feature has no such key."""
    names = dict.fromkeys(name for record in records for name in record)
    return {name: objects([record.get(name) for record in records]) for name in names}
