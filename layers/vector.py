"""Vector files opened and read through OGR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import pyogrio.raw
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from . import encoding as enc
from .columns import plain
from .coordinates import Bounds
from .errors import EcoRedlineError
from .texts import Text

_SHAPEFILE = "ESRI Shapefile"
OGR_ERRORS = (
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
    key : str
        The column by which features are found at once, where the driver asks SQLite for them.
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
    key: str = ""


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
    except OGR_ERRORS as error:
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
    except OGR_ERRORS as error:
        raise unreadable(where, error, fail) from error
    key = str(info.get("fid_column") or "") if info["driver"] == "GPKG" else ""
    n, kind = int(info["features"]), info["geometry_type"]
    return Opened(source, name, columns, n, kind, info["crs"], codec, detected, chosen, where, key)


def extent(opened: Opened, fail: type[EcoRedlineError]) -> Bounds:
    """Return the extent of a layer in its own coordinates; NaN where it has none."""
    try:
        info = pyogrio.read_info(
            opened.source, layer=opened.layer, encoding=enc.RAW if opened.codec else None, force_total_bounds=True
        )
    except OGR_ERRORS as error:
        raise unreadable(opened.where, error, fail) from error
    bounds = info["total_bounds"] or (np.nan,) * 4
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])
