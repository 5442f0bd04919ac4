"""Watching the red line: patches of vegetation loss with what a person needs to go and look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ....layers.coordinates import TARGET
from ....layers.errors import LayerSetError
from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.nearest import nearest_pairs
from ....layers.images import dates_of
from ....layers.layerset import LayerSet, load
from ....layers.progress import Progress
from ....layers.reading import read_layer
from ....layers.role import role
from ....layers.texts import Text
from .indicators import Images
from .loss import Loss, find_loss
from .tables import PATCHES

WATCHED = ("red_line", "eco_space")
MIN_AREA_M2 = 1000.0
REACH_M = 10_000.0
BARE_NDVI = 0.2
"""Under this NDVI ground counts as bare (Sobrino and Raissouni, Int. J. Remote Sensing 21, 2000)."""
TO_VERIFY = "待核查"
STATES = (TO_VERIFY, "已核查属实", "已核查非人为", "整改中", "已销号")
KINDS = {"new_bare": Text("新增裸露地", "new bare ground"), "loss": Text("植被减少", "vegetation loss")}
_DEGREE_M = 110_000.0
_ZONES = {"core": "核心保护区", "general": "一般控制区", "buffer": "缓冲区", "experimental": "实验区"}


@dataclass(frozen=True)
class Watched:
    """Polygons of some roles, with their ids and names."""

    frame: gpd.GeoDataFrame

    @property
    def geometry(self) -> NDArray[np.object_]:
        """The polygons, EPSG:4490."""
        return np.asarray(self.frame.geometry.array, dtype=object)


def watch(
    layer_set: LayerSet | str | Path,
    images: Images,
    min_area_m2: float = MIN_AREA_M2,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Return patches of vegetation loss within the red line and the ecological space.

    Parameters
    ----------
    layer_set : LayerSet or path
        With red_line or eco_space; control_unit and protected_area serve the columns where they are loaded.
    images : image set
        The last two dates are compared.
    min_area_m2 : float
        Patches smaller than this within the watched polygons are left out.
    progress : Progress, optional

    Returns
    -------
    GeoDataFrame
        ``tables.PATCHES`` in EPSG:4490, largest first, every one of them to be verified in the field (``status``).
        ``distance_m`` and ``bearing_deg`` lead to the nearest protected area within 10 km, 0 m inside it.
        ``attrs["notes"]`` says what was assumed and how much of the watched ground could not be compared.

    Raises
    ------
    LayerSetError
        Neither role is loaded.
    SourceError
        Fewer than two dates, or a source cannot be read.
    MissingLibraryError
        rasterio is absent.
    """
    progress = progress or Progress()
    loaded = layer_set if isinstance(layer_set, LayerSet) else load(Path(layer_set))
    chosen = dates_of(images)
    progress.step(0.0, Text("正在读取图层", "Reading layers"))
    watched = _read(loaded, WATCHED)
    if watched is None:
        raise LayerSetError(
            Text("图层配置中没有生态保护红线或生态空间", "The layer set has neither red_line nor eco_space"),
            remedy=Text("请加入 red_line 或 eco_space 图层。", "Add a layer of role red_line or eco_space."),
        )
    pair = (chosen.images[-2], chosen.images[-1])
    loss = find_loss(watched.geometry, pair, min_area_m2, progress.part(0.1, 0.8))
    units, reserves = _read(loaded, ("control_unit",)), _read(loaded, ("protected_area",))
    table = _table(loss, watched, units, reserves)
    table.attrs["notes"] = (*loss.notes, _seen(loss), *_without(units, reserves))
    progress.step(1.0)
    return table


def _read(layer_set: LayerSet, roles: tuple[str, ...]) -> Watched | None:
    frames = []
    for role_id in roles:
        for source in layer_set.of(role_id):
            frame = read_layer(source).frame
            kept = frame[["feature_id", "name", "geometry"]].copy()
            kept["role"] = role_id
            kept["zone"] = frame["zone"].fillna("") if "zone" in frame else ""
            frames.append(kept)
    if not frames:
        return None
    return Watched(gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=TARGET))


def _table(loss: Loss, watched: Watched, units: Watched | None, reserves: Watched | None) -> gpd.GeoDataFrame:
    order = np.lexsort((loss.before, -loss.area_m2))
    patches = loss.patches[order]
    n = len(patches)
    before, after = loss.before[order], loss.after[order]
    start, _, end = loss.days.partition("/")
    kind = np.where((before >= BARE_NDVI) & (after < BARE_NDVI), "new_bare", "loss")
    where = _largest(patches, watched)
    unit = _largest(patches, units)
    data: dict[str, Iterable[object]] = {
        "patch_id": [f"{end.replace('-', '')}-{k:04d}" for k in range(1, n + 1)],
        "kind": kind.astype(object),
        "kind_zh": [KINDS[each].zh for each in kind],
        "date_from": [start] * n,
        "date_to": [end] * n,
        "area_m2": loss.area_m2[order],
        "ndvi_from": before,
        "ndvi_to": after,
        "ndvi_threshold": [loss.noise.shift - loss.noise.threshold] * n,
        "role": where["role"],
        "feature_id": where["feature_id"],
        "feature_name": where["name"],
        "unit_code": unit["feature_id"],
        "unit_name": unit["name"],
        "status": [TO_VERIFY] * n,
        **_nearest(patches, reserves),
    }
    return gpd.GeoDataFrame(PATCHES.frame(data), geometry=list(patches), crs=TARGET)


def _largest(patches: NDArray[np.object_], among: Watched | None) -> dict[str, list[str]]:
    """Return role, ids and names of the features that each patch lies in, the largest share first."""
    out: dict[str, list[str]] = {key: [""] * len(patches) for key in ("role", "feature_id", "name")}
    if among is None or not len(patches):
        return out
    patch, met = shapely.STRtree(among.geometry).query(patches, predicate="intersects")
    area = polygon_areas(shapely.intersection(patches[patch], among.geometry[met]))
    keep = area > 0.0
    patch, met, area = patch[keep], met[keep], area[keep]
    # Of two roles the red line stands first, whatever the sizes.
    rank = np.array([WATCHED.index(r) if r in WATCHED else 0 for r in among.frame["role"]])[met]
    for place in np.lexsort((-area, rank, patch)):
        row = among.frame.iloc[met[place]]
        here = patch[place]
        out["role"][here] = out["role"][here] or str(row["role"])
        for key in ("feature_id", "name"):
            text = "" if row[key] is None else str(row[key])
            out[key][here] = ";".join(filter(None, (out[key][here], text)))
    return out


def _nearest(patches: NDArray[np.object_], reserves: Watched | None) -> dict[str, Iterable[object]]:
    """Return the nearest protected area of each patch within reach; of those it lies in, the first by zone."""
    n = len(patches)
    names, zones = np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    distance, bearing = np.full(n, np.nan), np.full(n, np.nan)
    if reserves is not None and n:
        patch, feature = _candidates(patches, reserves.geometry)
        pairs = nearest_pairs(patches[patch], reserves.geometry[feature])
        zone = reserves.frame["zone"].to_numpy(dtype=object)[feature]
        inner = np.array([list(_ZONES).index(each) if each in _ZONES else len(_ZONES) for each in zone])
        for place in np.lexsort((inner, pairs.distance_m, patch))[::-1]:
            if pairs.distance_m[place] > REACH_M:
                continue
            here = patch[place]
            name = reserves.frame["name"].iloc[feature[place]]
            names[here], zones[here] = "" if name is None else str(name), _ZONES.get(zone[place], str(zone[place]))
            distance[here], bearing[here] = pairs.distance_m[place], pairs.bearing_deg[place]
    return {"reserve_name": names, "reserve_zone": zones, "distance_m": distance, "bearing_deg": bearing}


def _candidates(
    patches: NDArray[np.object_], features: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of patch and feature whose boxes come within reach."""
    west, south, east, north = shapely.bounds(patches).T
    up = REACH_M / _DEGREE_M
    side = up / np.cos(np.radians(np.minimum(np.maximum(np.abs(south), np.abs(north)) + up, 89.0)))
    patch, feature = shapely.STRtree(features).query(shapely.box(west - side, south - up, east + side, north + up))
    return patch, feature


def _seen(loss: Loss) -> Text:
    hidden = 100.0 * (1.0 - loss.seen_share)
    return Text(
        f"所监测范围的 {hidden:.1f}% 在两期影像中缺少数据（云、影像范围外等），未作比较，不代表没有变化",
        f"{hidden:.1f} % of the watched ground has no data at one of the dates (clouds, beyond the image): it was not "
        "compared, which does not mean that nothing changed there",
    )


def _without(units: Watched | None, reserves: Watched | None) -> list[Text]:
    out = []
    for found, role_id in ((units, "control_unit"), (reserves, "protected_area")):
        if found is None:
            name = role(role_id).name
            out.append(Text(f"未加载{name.zh}图层，相应列为空", f"no layer of role {role_id}: its columns are empty"))
    return out
