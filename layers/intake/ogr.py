"""Vector files of GIS: GeoPackage and sound shapefiles here, in chunks; every other format of GDAL in a child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import SitesError
from ..feature_reading import RawFeatures, read_features
from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from ..vector import Opened, list_layers, open_layer
from . import shapefile
from .isolated import Found, read_apart
from .shapes import Entry, Shapes, notice, objects

CHUNK = 20_000
CHUNK_BYTES = 32 * 1024**2
_PREVIEW = 5


def entries(path: Path, source: str, label: str, encoding: str | None, progress: Progress = Progress()) -> list[Entry]:
    """Return the layers of a vector file that GDAL reads in this process.

    Parameters
    ----------
    path : Path
        The file.
    source : str
        Path, or a virtual path of GDAL.
    label : str
        What messages call it.
    encoding : str, optional
        Encoding of a shapefile's texts.
    """
    if path.suffix.lower() == ".shp" and path.is_file() and (what := shapefile.trouble(path)):
        return [_damaged(path, label, encoding, what)]
    found = []
    for name, kind in list_layers(source, SitesError):
        opened = open_layer(source, name, SitesError, encoding=encoding)
        opened = replace(opened, where=f"{label}|{name}")
        found.append(Entry(name, kind or "", opened.features, _loader(opened)))
    return found


def _damaged(path: Path, label: str, encoding: str | None, what: str) -> Entry:
    def load(progress: Progress) -> Shapes:
        return shapefile.read_damaged(path, f"{label}|{path.stem}", encoding, progress)

    return Entry(path.stem, f"? ({what})", -1, load)


def _loader(opened: Opened) -> Callable[[Progress], Shapes]:
    return lambda progress: read(opened, progress)


def read(opened: Opened, progress: Progress = Progress()) -> Shapes:
    """Return a layer, read 32 MB at a time, so that a cancel is heard and no second copy stands in memory.

    Raises
    ------
    SitesError
        GDAL cannot read it, or geometry cannot be decoded; the features are named.
    """
    geometry: list[NDArray[np.object_]] = []
    columns: dict[str, list[NDArray[np.generic]]] = {name: [] for name in opened.columns}
    noticed: list[Noticed] = []
    if opened.detected:
        noticed.append(_encoding(opened, opened.detected))
    done = 0
    total = max(opened.features, 1)
    limit = _limit(opened)
    while done < opened.features or not geometry:
        progress.step(min(done / total, 1.0), Text("读取文件", "Reading the file"))
        raw = read_features(opened, list(opened.columns), SitesError, limit=limit, skip=done)
        shapes = _geometry(raw, done, noticed)
        geometry.append(shapes)
        for name, parts in columns.items():
            parts.append(raw.columns[name])
        done += len(shapes)
        if not len(shapes):
            break
    joined = {name: np.concatenate(parts) for name, parts in columns.items() if name != "geometry"}
    return Shapes(opened.where, np.concatenate(geometry), joined, opened.crs, noticed=tuple(noticed))


def _limit(opened: Opened) -> int:
    """Return how many features to read at a time, by their average size in the file."""
    path = Path(opened.source)
    size = path.stat().st_size if path.is_file() else 0
    return max(1, min(CHUNK, CHUNK_BYTES * max(opened.features, 1) // max(size, 1)))


def _geometry(raw: RawFeatures, done: int, noticed: list[Noticed]) -> NDArray[np.object_]:
    """Return geometries, None where a feature has none or one that cannot be decoded; what was closed is noticed."""
    shapes: NDArray[np.object_] = shapely.from_wkb(raw.wkb, on_invalid="ignore")
    given = np.array([shape is not None for shape in raw.wkb], dtype=bool)
    odd = np.flatnonzero(shapely.is_missing(shapes) & given)
    shapes[odd] = shapely.from_wkb(raw.wkb[odd], on_invalid="fix")
    for row in odd:
        if shapes[row] is None:
            text = Text("几何无法解析", "the geometry cannot be decoded")
            noticed.append(notice(done + int(row) + 1, "undecodable", text, raw.fids[row]))
        else:
            noticed.append(notice(done + int(row) + 1, "ring_closed", Text("环未闭合，已闭合", "a ring was closed")))
    return shapes


def _encoding(opened: Opened, codec: str) -> Noticed:
    """Return that an encoding was found by trying, with a preview, so that a person sees whether it is right."""
    preview = read_features(opened, list(opened.columns), SitesError, limit=_PREVIEW, geometry=False)
    words = [str(v) for column in preview.columns.values() for v in column if isinstance(v, str) and not v.isascii()]
    shown = "、".join(dict.fromkeys([*(name for name in opened.columns if not name.isascii()), *words]))[:120]
    text = Text(f"未注明编码，经试读确定；预览：{shown}", f"no encoding is named; found by trial; preview: {shown}")
    return notice(0, "encoding", text, codec, "")


def entries_apart(path: Path, label: str, progress: Progress = Progress()) -> list[Entry]:
    """Return the layers of a file of another format, listed and read in a child."""
    listed = read_apart("ogr:listed", path, label, progress=progress)
    return [
        Entry(name, kind, count, _apart(path, name, f"{label}|{name}")) for name, kind, count in listed.extra["layers"]
    ]


def _apart(path: Path, layer: str, where: str) -> Callable[[Progress], Shapes]:
    def load(progress: Progress) -> Shapes:
        found = read_apart("ogr:extract", path, where, {"layer": layer}, progress)
        columns = {name: objects(values) for name, values in found.columns.items()}
        return Shapes(where, found.geometry, columns, found.crs, noticed=tuple(found.noticed))

    return load


def listed(path: Path, _options: dict[str, Any]) -> Found:
    """Return the layers of a file; runs in the child."""
    layers = [
        (name, kind or "", open_layer(str(path), name, SitesError).features)
        for name, kind in list_layers(str(path), SitesError)
    ]
    return Found(np.empty(0, dtype=object), extra={"layers": layers})


def extract(path: Path, options: dict[str, Any]) -> Found:
    """Return a layer; runs in the child."""
    shapes = read(open_layer(str(path), options["layer"], SitesError))
    columns = {name: [_plain(value) for value in values.tolist()] for name, values in shapes.columns.items()}
    return Found(shapely.force_2d(shapes.geometry), columns, shapes.crs, list(shapes.noticed))


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
