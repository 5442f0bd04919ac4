"""Features of an opened layer, read as they are: ids, geometry, columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import FeatureError

from . import encoding as enc
from .conditions import Term, attribute_filter, resolve
from .coordinates import Bounds
from .errors import EcoRedlineError
from .quality import named
from .texts import Text
from .threads import spread
from .vector import OGR_ERRORS, Opened, unreadable


@dataclass(frozen=True)
class RawFeatures:
    """Features as read: ids of the source, 2-D little-endian WKB, columns."""

    fids: NDArray[np.object_]
    wkb: NDArray[np.object_]
    columns: dict[str, NDArray[np.generic]]


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


def _in_order(
    wanted: NDArray[np.int64],
    fids: NDArray[np.int64],
    wkb: NDArray[np.object_] | None,
    data: Sequence[NDArray[np.generic]],
) -> tuple[NDArray[np.int64], NDArray[np.object_] | None, list[NDArray[np.generic]]]:
    """Return features in the order in which they are wanted.

    Raises
    ------
    FeatureError
        Some are gone.
    """
    by_fid = np.argsort(fids, kind="stable")
    at = by_fid[np.minimum(np.searchsorted(fids[by_fid], wanted), len(fids) - 1)] if len(fids) else by_fid
    if len(at) != len(wanted) or (fids[at] != wanted).any():
        raise FeatureError(f"features are gone: {named(np.setdiff1d(wanted, fids).astype(object))}")
    return wanted, None if wkb is None else wkb[at], [column[at] for column in data]


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
    condition = attribute_filter(_raw_terms(opened, terms)) or None
    listed = wanted_fids if wanted_fids is not None and opened.key else None
    if listed is not None:
        # OGR, given ids, asks SQLite for each by itself, which takes twice as long.
        key = opened.key.replace('"', '""')
        condition = f'"{key}" IN ({", ".join(map(str, listed.tolist()))})'
    try:
        meta, fids, wkb, data = pyogrio.raw.read(
            opened.source,
            layer=opened.layer,
            encoding=enc.RAW if opened.codec else None,
            columns=[opened.columns[name] for name in wanted],
            read_geometry=geometry,
            force_2d=True,
            bbox=bbox,
            where=condition,
            max_features=limit,
            fids=wanted_fids if listed is None else None,
            skip_features=skip,
            return_fids=True,
            datetime_as_string=True,
        )
        if listed is not None:
            fids, wkb, data = _in_order(listed, fids, wkb, data)
        by_raw = dict(zip(meta["fields"], data, strict=True))
        found = {name: _decoded(opened, by_raw[opened.columns[name]]) for name in columns}
    except UnicodeDecodeError as error:
        raise enc.wrong_encoding(opened.where, opened.codec or "UTF-8", fail) from error
    except OGR_ERRORS as error:
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
