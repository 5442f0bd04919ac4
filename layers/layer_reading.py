"""A layer of a layer set, read through OGR or from a frame, checked, repaired and hashed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .conditions import mask, parse_where, resolve
from .coordinates import Bounds, accept, box_in, to_lonlat
from .digests import canonical_wkb, feature_digests
from .errors import SourceError
from .feature_reading import RawFeatures, geometries, read_features
from .features import Features, LayerData
from .layer_fields import constants_of, find_fields
from .plausible import layer_notes
from .progress import Progress
from .quality import check_finite, check_kinds, nothing_there, repair
from .role import Role, role
from .sources import LayerSource, refuse_database
from .texts import Text
from .values import as_text, fill_fields
from .vector import Opened, extent, open_layer


@dataclass(frozen=True)
class _Read:
    """Features as they stand in the source."""

    fids: NDArray[np.object_]
    geoms: NDArray[np.object_]
    closed: NDArray[np.bool_]
    wkb: NDArray[np.object_] | None
    columns: dict[str, NDArray[np.generic]]
    codes: Sequence[str | None]
    crs: pyproj.CRS
    guessed: dict[str, str]
    found: dict[str, str]
    notes: tuple[Text, ...]


def empty(where: str, source: LayerSource, filtered: bool) -> SourceError:
    """Return the error for a layer, or a filter of it, that holds no feature."""
    if filtered:
        return SourceError(
            Text(
                f"{where}：筛选条件 {source.where!r} 没有选中任何要素",
                f"{where}: the filter {source.where!r} selects no feature",
            ),
            remedy=Text("请改正图层配置中的 where。", "Correct where in the layer set."),
        )
    return SourceError(
        Text(f"{where}：图层没有要素", f"{where}: empty layer"),
        Text(
            "空图层可能是导出失败，不能当作“没有此类要素”。",
            "It may be a failed export, and is not taken as having none.",
        ),
        Text(
            '如本辖区确无此类要素，把该 [[layer]] 改为 [[absent]]：state = "absent_confirmed"（附 by、basis、date）。',
            'If there is none here, replace the [[layer]] by [[absent]]: state = "absent_confirmed", by, basis, date.',
        ),
    )


def _check_table(opened: Opened) -> None:
    if opened.geometry_type is None:
        raise SourceError(
            Text(f"{opened.where}：是没有几何的表", f"{opened.where}: a table without geometry"),
            remedy=Text("请核对 source 和 layer。", "Check source and layer."),
        )


def _codes(
    opened: Opened, found: Mapping[str, str], raw: RawFeatures, whole: bool, source: LayerSource
) -> Sequence[str | None]:
    """Return every code of the layer, so that an id does not depend on the box that was read."""
    column = found.get("code")
    if column is None:
        return ()
    if whole:
        return as_text(raw.columns[column])
    everything = read_features(opened, [column], SourceError, terms=parse_where(source.where), geometry=False)
    return as_text(everything.columns[column])


def _from_file(source: LayerSource, layer_role: Role, bbox: Bounds | None) -> _Read:
    refuse_database(source.source, source.role)
    opened = open_layer(source.source, source.layer, SourceError, layer_role.layer_names, source.encoding)
    _check_table(opened)
    terms = parse_where(source.where, opened.where)
    if opened.features == 0:
        raise empty(opened.where, source, filtered=False)
    found, guessed = find_fields(source, layer_role, list(opened.columns), opened.where)
    crs = accept(opened.crs, source.crs, extent(opened, SourceError), opened.where, SourceError)
    columns = list(dict.fromkeys(found.values()))
    box = None if bbox is None else box_in(crs, bbox)
    raw = read_features(opened, columns, SourceError, bbox=box, terms=terms)
    if (
        terms
        and not len(raw.fids)
        and not len(read_features(opened, [], SourceError, terms=terms, geometry=False, limit=1).fids)
    ):
        raise empty(opened.where, source, filtered=True)
    notes = []
    if opened.detected:
        notes.append(
            Text(
                f"{opened.where}：未注明编码，经试读按 {opened.detected} 读取",
                f"{opened.where}: no encoding is named; read as {opened.detected} after trial",
            )
        )
    if opened.chosen:
        guessed = {**guessed, "layer": opened.layer}
    geoms, closed = geometries(raw, opened.where, SourceError)
    as_read = raw.wkb.copy()
    as_read[closed] = None
    return _Read(
        raw.fids,
        geoms,
        closed,
        as_read,
        raw.columns,
        _codes(opened, found, raw, bbox is None, source),
        crs,
        guessed,
        found,
        tuple(notes),
    )


def _from_frame(source: LayerSource, layer_role: Role, frame: gpd.GeoDataFrame, bbox: Bounds | None) -> _Read:
    where = source.label
    if not len(frame):
        raise empty(where, source, filtered=False)
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    found, guessed = find_fields(source, layer_role, [name for name in columns if name != "fid"], where)
    terms = resolve(parse_where(source.where, where), columns, where)
    kept = frame.loc[mask(terms, frame)]
    if not len(kept):
        raise empty(where, source, filtered=True)
    geoms = shapely.force_2d(np.asarray(kept.geometry.array, dtype=object))
    bounds = shapely.total_bounds(geoms)
    crs = accept(kept.crs, source.crs, tuple(bounds), where, SourceError)
    codes = as_text(kept[found["code"]].to_numpy()) if "code" in found else ()
    fids = kept.get("fid", kept.index)
    inside = np.ones(len(kept), dtype=bool)
    if bbox is not None:
        inside = shapely.intersects(shapely.envelope(geoms), shapely.box(*box_in(crs, bbox)))
    data = {name: kept[name].to_numpy()[inside] for name in dict.fromkeys(found.values())}
    named = np.array([str(fid) for fid in fids], dtype=object)[inside]
    closed = np.zeros(int(inside.sum()), dtype=bool)
    return _Read(named, geoms[inside], closed, None, data, codes, crs, guessed, found, ())


def feature_ids(
    fids: NDArray[np.object_], codes: Sequence[str | None], all_codes: Sequence[str | None]
) -> NDArray[np.object_]:
    """Return the code of each feature where it is filled and unique over the layer, else its fid.

    A fid that reads like a code of another feature gets a ``#`` before it.
    """
    if not len(all_codes):
        return fids.copy()
    counts = Counter(all_codes)
    out = np.array([f"#{fid}" if fid in counts else fid for fid in fids], dtype=object)
    for i, code in enumerate(codes):
        if code is not None and counts[code] == 1:
            out[i] = code
    return out


def read(source: LayerSource, bbox: Bounds | None, progress: Progress) -> LayerData:
    """Return the features of a source; parameters and errors are those of `reading.read_layer`."""
    layer_role = role(source.role)
    where = source.label
    progress.step(0.0, Text(f"读取 {layer_role.name.zh}", f"Reading {layer_role.name.en}"))
    if source.frame is not None:
        raw = _from_frame(source, layer_role, source.frame, bbox)
    else:
        raw = _from_file(source, layer_role, bbox)
    progress.step(0.5)
    constants = constants_of(source, layer_role)
    there = raw.geoms.copy()
    there[nothing_there(there)] = None
    check_finite(there, raw.fids, where, SourceError)
    check_kinds(there, layer_role.geometry, raw.fids, where, SourceError)
    filled = fill_fields(source, layer_role, raw.columns, raw.found, constants, raw.fids, where)
    digests = feature_digests(canonical_wkb(raw.geoms, raw.wkb), filled.as_read)
    progress.step(0.7)
    repaired = repair(to_lonlat(there, raw.crs), raw.fids, raw.closed)
    progress.step(0.9)
    columns: dict[str, NDArray[Any]] = {"fid": raw.fids}
    codes = filled.frame["code"].tolist() if "code" in filled.frame else [None] * len(raw.fids)
    columns["feature_id"] = feature_ids(raw.fids, codes, raw.codes)
    columns.update({name: filled.frame[name].to_numpy() for name in layer_role.fields})
    features = Features(repaired.geoms, columns).take(repaired.kept)
    if bbox is None and not len(features):
        raise SourceError(
            Text(f"{where}：没有一个要素有可用的几何", f"{where}: no feature has a geometry that can be used"),
            Text("；".join(repaired.repairs["problem_zh"].head()), "; ".join(repaired.repairs["problem"].head())),
            Text("请核对数据源。", "Check the source."),
        )
    notes = (*raw.notes, *filled.notes, *layer_notes(layer_role, features.table(), where))
    progress.step(1.0)
    rows = tuple(repaired.repairs.itertuples(index=False, name=None))
    return LayerData(source, layer_role, features, digests[repaired.kept], raw.guessed, rows, notes)
