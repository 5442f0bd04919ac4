"""A table as a GeoPackage stores it: names, texts for what it has no type for, values column by column."""

from __future__ import annotations

import sqlite3
import struct
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from ....layers.files import GEOPACKAGE_VERSION

Objects = NDArray[np.object_]
Layout = tuple[tuple[str, Any], ...]

GEOMETRY = "geom"
SRS_ID = 4490
_PLAIN = "biuf"  # kinds of numbers that SQLite takes as they are; 64-bit ones without a sign it does not
_HEAD, _POINT_HEAD = (b"GP\0" + flags + struct.pack("<i", SRS_ID) for flags in (b"\x03", b"\x01"))
_BOX_BYTES = 32
_WORDS = {True: "true", False: "false"}


@dataclass(frozen=True)
class Rows:
    """The rows of a table.

    Attributes
    ----------
    layout : tuple of (str, dtype)
        All columns of the frame.
    names : tuple of str
        The columns that hold something, as they are stored.
    columns : tuple of list
        Their values, as SQLite takes them.
    """

    layout: Layout
    names: tuple[str, ...]
    columns: tuple[list[Any], ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def rows_of(frame: pd.DataFrame, shapes: list[bytes] | None = None) -> Rows:
    """Return the rows of a table.

    Parameters
    ----------
    frame : DataFrame
        A GeoDataFrame has its geometry in EPSG:4490.
    shapes : list of bytes, optional
        The geometry as `shapes_of` gives it.
    """
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    layout = tuple((str(name), kind) for name, kind in zip(frame.columns, frame.dtypes, strict=True))
    held: dict[str, list[Any]] = {}
    stored = _stored_names([name for name, _ in layout], geometry)
    for name, (_, column) in zip(stored, frame.items(), strict=True):
        if name == geometry:
            held[GEOMETRY] = shapes_of(np.asarray(frame.geometry.array, dtype=object)) if shapes is None else shapes
        elif (values := _values(column)) is not None:
            held[name] = values
    return Rows(layout, tuple(held), tuple(held.values()))


def blank_of(layout: Layout) -> pd.DataFrame:
    """Return a table of that layout without rows."""
    blank = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in layout})
    geometry = next((name for name, kind in layout if str(kind) == "geometry"), None)
    return blank if geometry is None else gpd.GeoDataFrame(blank, geometry=geometry, crs=f"EPSG:{SRS_ID}")


def shapes_of(geoms: Objects) -> list[bytes]:
    """Return geometries, of which none is empty, as a GeoPackage holds them: a head, the box of all but points, WKB."""
    west, south, east, north = shapely.bounds(geoms).T
    boxes = np.column_stack((west, east, south, north)).astype("<f8").tobytes()
    wkb = shapely.to_wkb(geoms, byte_order=1, output_dimension=2)
    points = (shapely.get_type_id(geoms) == 0).tolist()
    return [
        _POINT_HEAD + shape if point else _HEAD + boxes[_BOX_BYTES * i : _BOX_BYTES * (i + 1)] + shape
        for i, (shape, point) in enumerate(zip(wkb.tolist(), points, strict=True))
    ]


def _values(column: pd.Series) -> list[Any] | None:
    """Return the values of a column, None where it holds nothing; NaN is nothing to SQLite."""
    kind = column.dtype
    if pd.api.types.is_object_dtype(kind):
        texts = _texts(column.tolist())
        return texts if texts.count(None) < len(texts) else None
    if isinstance(kind, np.dtype) and kind.kind in _PLAIN and kind != np.uint64:
        values = column.to_numpy()
        return None if kind.kind == "f" and np.isnan(values).all() else list(values.tolist())
    return _through_ogr(column)


def _through_ogr(column: pd.Series) -> list[Any]:
    """Return what OGR writes for a column of a rarer kind, such as times."""
    with tempfile.TemporaryDirectory(prefix="ecoredline-") as folder:
        path = Path(folder) / "column.gpkg"
        write_table(path, "column", pd.DataFrame({"value": column.reset_index(drop=True)}))
        with closing(sqlite3.connect(path)) as database:
            return [value for (value,) in database.execute('SELECT value FROM "column" ORDER BY fid')]


def write_table(path: Path, layer: str, frame: pd.DataFrame, append: bool = False) -> None:
    """Write a table as a layer of a GeoPackage, or add its rows to it."""
    plain = _storable(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        options: dict[str, Any] = {}
        if isinstance(plain, gpd.GeoDataFrame):
            options = {"geometry_type": "Unknown", "promote_to_multi": False}  # shapes stay as they were judged
        if not path.exists():
            options["VERSION"] = GEOPACKAGE_VERSION
        pyogrio.write_dataframe(plain, path, layer=layer, driver="GPKG", append=append, **options)


def _storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with texts for what a GeoPackage has no type for."""
    out = frame.copy(deep=False)
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    out.columns = pd.Index(_stored_names(list(map(str, frame.columns)), geometry))
    for name, kind in zip(out.columns, frame.dtypes, strict=True):
        if pd.api.types.is_object_dtype(kind) and name != geometry:
            values = out[name].tolist()
            if (texts := _texts(values)) is not values:
                out[name] = texts
    return out


def _stored_names(names: Sequence[str], geometry: str | None) -> list[str]:
    """Return names that a GeoPackage takes: its own are kept off, and case alone does not tell two apart."""
    taken, out = {"fid", GEOMETRY, "ogc_fid"}, []
    for name in names:
        n = 0
        stored = name
        while name != geometry and stored.lower() in taken:
            n += 1
            stored = f"{name}__{n}c"
        taken.add(stored.lower())
        out.append(stored)
    return out


def _texts(values: list[Any]) -> list[Any]:
    """Return values as texts; the same list where they are."""
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return values
    return list(map(_WORDS.get, values)) if kinds <= {bool, type(None)} else list(map(_as_text, values))


def _as_text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return _WORDS[bool(value)]
    return str(value)
