"""Vector files opened and read through OGR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from . import encoding as enc
from .columns import plain
from .conditions import Term, attribute_filter, resolve
from .coordinates import Bounds
from .errors import EcoRedlineError
from .quality import named
from .texts import Text
from .threads import spread

_SHAPEFILE = "ESRI Shapefile"
_OGR_ERRORS = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Opened:
    """A layer of a vector file, not yet read.

    Attributes
    ----------
    source, layer : str
        File and layer.
    columns : mapping of str to str
        Column as people read it to column as OGR names it.
    features : int
        How many there are in all.
    geometry_type : str or None
        What OGR says; None for a table without geometry.
    crs : str or None
        What the file says.
    codec : str or None
        The codec of texts that OGR hands over byte by byte (shapefiles).
    detected : str or None
        The codec, where it was found by trying.
    chosen : bool
        Whether the layer was chosen by its name among several.
    where : str
        File and layer, for messages.
    """

    source: str
    layer: str
    columns: Mapping[str, str]
    features: int
    geometry_type: str | None
    crs: str | None
    codec: str | None
    detected: str | None
    chosen: bool
    where: str


@dataclass(frozen=True)
class RawFeatures:
    """Features as read: ids of the source, 2-D little-endian WKB, columns."""

    fids: NDArray[np.object_]
    wkb: NDArray[np.object_]
    columns: dict[str, NDArray[np.generic]]


def unreadable(where: str, error: Exception, fail: type[EcoRedlineError]) -> EcoRedlineError:
    """Return the error for a file that OGR cannot read."""
    return fail(
        Text(f"{where}：无法读取", f"{where}: cannot be read"),
        Text(str(error), str(error)),
        Text(
            "请确认文件完整、格式受支持且未被占用。", "Check that the file is whole, in a known format and not locked."
        ),
    )


def list_layers(source: str, fail: type[EcoRedlineError]) -> list[tuple[str, str | None]]:
    """Return the layers of a file with their geometry type (None for a table).

    Raises
    ------
    EcoRedlineError
        Of the type given: the file is absent or no vector file.
    """
    if not source.startswith("/vsi") and not Path(source).exists():
        raise fail(
            Text(f"找不到数据文件：{source}", f"Data file not found: {source}"),
            remedy=Text(
                "请核对路径；相对路径从图层配置文件所在文件夹算起。",
                "Check the path; a relative one starts at the layer set file.",
            ),
        )
    try:
        return [(str(name), None if kind is None else str(kind)) for name, kind in pyogrio.list_layers(source)]
    except _OGR_ERRORS as error:
        raise unreadable(source, error, fail) from error


def _choose(source: str, layer: str | None, names: Sequence[str], fail: type[EcoRedlineError]) -> tuple[str, bool]:
    """Return the layer to read, and whether it was chosen among several by name."""
    there = [name for name, _ in list_layers(source, fail)]
    if layer in there:
        return str(layer), False
    if layer is None and len(there) == 1:
        return there[0], False
    wanted = {plain(name) for name in (names if layer is None else [layer])}
    hits = [name for name in there if plain(name) in wanted]
    if len(hits) == 1:
        return hits[0], layer is None
    listed = ", ".join(there)
    if layer is not None:
        problem = Text(f"{source}：没有图层 {layer!r}", f"{source}: there is no layer {layer!r}")
    elif hits:
        several = ", ".join(hits)
        problem = Text(f"{source}：多个图层可用：{several}", f"{source}: several layers may be meant: {several}")
    else:
        problem = Text(f"{source}：有多个图层，无法确定用哪一个", f"{source}: several layers, and none is named")
    raise fail(
        problem,
        Text(f"现有图层：{listed}", f"Layers there are: {listed}"),
        Text('请写明 layer = "图层名"。', 'Say layer = "name".'),
    )


def open_layer(
    source: str,
    layer: str | None,
    fail: type[EcoRedlineError],
    names: Sequence[str] = (),
    encoding: str | None = None,
) -> Opened:
    """Return a layer of a vector file, opened but not read.

    Parameters
    ----------
    source : str
        Path, or a virtual path of GDAL.
    layer : str or None
        Layer name; None takes the only one, or the one among several whose name is in `names`.
    fail : type of EcoRedlineError
        What is raised.
    names : sequence of str
        Names by which a layer is recognised.
    encoding : str, optional
        Encoding of a shapefile's texts; without it the .cpg, then the language byte of the .dbf
        decide, then UTF-8 and GB18030 are tried in this order and what was found is reported.
    """
    name, chosen = _choose(source, layer, names, fail)
    where = f"{source}|{name}"
    try:
        shapefile = pyogrio.read_info(source, layer=name, encoding=enc.RAW)["driver"] == _SHAPEFILE
        codec, detected = enc.shapefile_codec(source, name, encoding, where, fail) if shapefile else (None, None)
        info = pyogrio.read_info(source, layer=name, encoding=enc.RAW if codec else None, force_feature_count=True)
        columns = {(enc.decode(str(raw), codec, full=True) if codec else str(raw)): str(raw) for raw in info["fields"]}
    except UnicodeDecodeError as error:
        raise enc.wrong_encoding(where, codec or "UTF-8", fail) from error
    except _OGR_ERRORS as error:
        raise unreadable(where, error, fail) from error
    return Opened(
        source, name, columns, int(info["features"]), info["geometry_type"], info["crs"], codec, detected, chosen, where
    )


def extent(opened: Opened, fail: type[EcoRedlineError]) -> Bounds:
    """Return the extent of a layer in its own coordinates; NaN where it has none."""
    try:
        info = pyogrio.read_info(
            opened.source, layer=opened.layer, encoding=enc.RAW if opened.codec else None, force_total_bounds=True
        )
    except _OGR_ERRORS as error:
        raise unreadable(opened.where, error, fail) from error
    bounds = info["total_bounds"] or (np.nan,) * 4
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])


def _raw_terms(opened: Opened, terms: Sequence[Term]) -> list[Term]:
    """Return resolved terms with column and literal as OGR sees them."""
    raw = []
    for term in terms:
        literal = term.literal
        if opened.codec and isinstance(literal, str):
            literal = literal.encode(opened.codec).decode(enc.RAW)
        raw.append(Term(opened.columns[term.column], literal))
    return raw


def _decoded(opened: Opened, column: NDArray[np.generic]) -> NDArray[np.generic]:
    if opened.codec is None or column.dtype != object:
        return column
    known: dict[str, str] = {}
    values = column.tolist()
    for value in values:
        if isinstance(value, str) and value not in known:
            known[value] = enc.decode(value, opened.codec, full=True)
    out = np.empty(len(values), dtype=object)
    out[:] = [known[value] if isinstance(value, str) else value for value in values]
    return out


def read_features(
    opened: Opened,
    columns: Sequence[str],
    fail: type[EcoRedlineError],
    *,
    bbox: Bounds | None = None,
    terms: Sequence[Term] = (),
    geometry: bool = True,
    limit: int | None = None,
    wanted_fids: NDArray[np.int64] | None = None,
    skip: int = 0,
) -> RawFeatures:
    """Return features of a layer.

    Parameters
    ----------
    opened : Opened
        The layer.
    columns : sequence of str
        Columns wanted, as people read them.
    fail : type of EcoRedlineError
        What is raised when OGR cannot read.
    bbox : tuple of float, optional
        Box in the layer's own coordinates.
    terms : sequence of Term
        Filter.
    geometry : bool
        Whether geometry is read; curves come as lines, Z and M are dropped.
    limit : int, optional
        Greatest number of features.
    wanted_fids : ndarray of int64, optional
        The features wanted, in this order; not with `bbox`, `terms` or `limit`.
    skip : int
        How many features to pass over first.
    """
    terms = resolve(terms, list(opened.columns), opened.where)
    # A column that is filtered by must also be read: OGR leaves the filter unmet on a column it was told to skip.
    wanted = dict.fromkeys([*columns, *(term.column for term in terms)])
    try:
        meta, fids, wkb, data = pyogrio.raw.read(
            opened.source,
            layer=opened.layer,
            encoding=enc.RAW if opened.codec else None,
            columns=[opened.columns[name] for name in wanted],
            read_geometry=geometry,
            force_2d=True,
            bbox=bbox,
            where=attribute_filter(_raw_terms(opened, terms)) or None,
            max_features=limit,
            fids=wanted_fids,
            skip_features=skip,
            return_fids=True,
            datetime_as_string=True,
        )
        by_raw = dict(zip(meta["fields"], data, strict=True))
        found = {name: _decoded(opened, by_raw[opened.columns[name]]) for name in columns}
    except UnicodeDecodeError as error:
        raise enc.wrong_encoding(opened.where, opened.codec or "UTF-8", fail) from error
    except _OGR_ERRORS as error:
        raise unreadable(opened.where, error, fail) from error
    if wkb is None:
        wkb = np.full(len(fids), None, dtype=object)
    return RawFeatures(fids.astype(str).astype(object), wkb, found)


def geometries(
    raw: RawFeatures, where: str, fail: type[EcoRedlineError]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the geometries of features, None where the source has none, and whose rings had to be closed.

    Raises
    ------
    EcoRedlineError
        Of the type given, naming features whose geometry cannot be decoded, such as a line of one point.
    """
    geoms: NDArray[np.object_] = spread(partial(shapely.from_wkb, on_invalid="ignore"), raw.wkb)
    given = np.array([shape is not None for shape in raw.wkb], dtype=bool)
    closed: NDArray[np.bool_] = shapely.is_missing(geoms) & given
    geoms[closed] = shapely.from_wkb(raw.wkb[closed], on_invalid="fix")
    lost = raw.fids[shapely.is_missing(geoms) & given]
    if len(lost):
        shown = named(lost)
        raise fail(
            Text(f"{where}：几何无法解析，要素：{shown}", f"{where}: geometry cannot be decoded, features: {shown}"),
            remedy=Text("请在数据中改正或删去这些要素。", "Correct or remove these features in the data."),
        )
    return geoms, closed
