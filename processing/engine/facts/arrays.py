"""Facts as arrays: the door for programs that want what lies where, without rules, tables and frames.

On a folder of prepared layers nothing beyond numpy, shapely and pyproj is imported, and of the
layers only what lies near the sites is read; a source whose content is not in the folder is read
and made ready first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from ....layers.errors import SitesError
from ....layers.features import Features
from ....layers.geodesy.boxes import boxes, reached
from ....layers.layerset import LayerSet, load
from ....layers.progress import Progress
from ....layers.role import role
from ....layers.sources import LayerSource
from ....layers.texts import Text
from ..prepared.layer import PreparedLayer
from ..prepared.reach import Box
from ..prepared.shelf import Shelf
from ..prepared.water import BANK_LINE
from ..prepared.whereabouts import Sought, Whereabouts
from ..threads import in_order
from .layer_facts import LayerFacts, layer_facts
from .overlap import RELATIONS
from .site_arrays import SiteArrays, arrays_of

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

CHUNK = 2_000
WORLD = (180.0, 90.0, 180.0, 90.0)
WIDEST_M = 10_000.0  # half a river, and what is not known of it, by which a bank may be looked for farther
MEASURES = (
    "overlap_m2", "overlap_share", "length_m", "distance_m", "bearing_deg",
    "site_lon", "site_lat", "feature_lon", "feature_lat",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FactArrays:
    """One row per pair of a site and a feature that meet or are within reach, by layer, site and feature.

    Attributes
    ----------
    layers : tuple of Features
        The features near the sites, one item for each source of the layer set.
    layer, site, feature : ndarray of int64
        Positions in `layers`, in the sites given, and in the features of that layer.
    role, feature_id, relation : ndarray of object
        Texts; relations as `words.Relation`.
    overlap_m2, overlap_share, length_m, distance_m, bearing_deg : ndarray
        On the ellipsoid; NaN where there is no bearing.
    site_lon, site_lat, feature_lon, feature_lat : ndarray
        The nearest points, EPSG:4490 degrees; NaN where site and feature overlap.
    """

    layers: tuple[Features, ...]
    layer: Indices
    site: Indices
    feature: Indices
    role: Objects
    feature_id: Objects
    relation: Objects
    overlap_m2: Floats
    overlap_share: Floats
    length_m: Floats
    distance_m: Floats
    bearing_deg: Floats
    site_lon: Floats
    site_lat: Floats
    feature_lon: Floats
    feature_lat: Floats

    def __len__(self) -> int:
        return len(self.site)


def facts_of(
    sites: Sequence[bytes | shapely.Geometry] | Objects,
    layer_set: LayerSet | str | Path,
    prepared: str | Path,
    reach_m: float | Mapping[str, float] | None = None,
    roles: Sequence[str] | None = None,
    accuracy_m: ArrayLike = 0.0,
    footprint_m: ArrayLike = 0.0,
    progress: Progress | None = None,
) -> FactArrays:
    """Return the facts of sites on the layers of a layer set.

    Parameters
    ----------
    sites : sequence of WKB or geometry
        Valid points, lines and polygons, EPSG:4490 degrees with x = longitude.
    layer_set : LayerSet or path
    prepared : path
        Folder of prepared layers; each is taken from it only if it was made of what its source holds
        now, byte by byte.
    reach_m : float or mapping of role to float, optional
        Up to which geodesic distance features are looked for; None takes the reach of each role.
    roles : sequence of str, optional
        The roles wanted; None takes all of the layer set.
    accuracy_m, footprint_m : float or array
        Of each site: the accuracy of its coordinates, and the radius of what stands at a point.

    Raises
    ------
    SitesError
        A site is none of these; `layers.sites.normalise` repairs and projects.
    LayerSetError, SourceError, PreparedFolderError
        Something is wrong with a layer or the folder.
    """
    arrays = _site_arrays(sites, accuracy_m, footprint_m)
    loaded = layer_set if isinstance(layer_set, LayerSet) else load(Path(layer_set))
    wanted = [source for source in loaded.sources if roles is None or source.role in roles]
    shelf, told = Shelf(prepared), progress or Progress()
    where, accuracy = Whereabouts.of(boxes(arrays.geometry)), float(arrays.accuracy_m.max(initial=0.0))
    layers, asked = [], []
    for n, source in enumerate(wanted):
        asked.append(_asked_m(source, reach_m))
        box, sought = _box(arrays, source, asked[-1]), Sought.of(where, asked[-1] + accuracy)
        layers.append(shelf.layer(source, told.part(n / len(wanted), (n + 1) / len(wanted))).once(box, sought))
    starts = range(0, len(arrays), CHUNK)
    chunks = list(in_order(lambda start: _facts(arrays.part(start, start + CHUNK), layers, asked), starts))
    return _joined(layers, [(start, found) for start, found in zip(starts, chunks, strict=True)])


def _facts(sites: SiteArrays, layers: list[PreparedLayer], asked: list[float]) -> list[LayerFacts]:
    return [layer_facts(sites, layer, reach) for layer, reach in zip(layers, asked, strict=True)]


def _asked_m(source: LayerSource, reach_m: float | Mapping[str, float] | None) -> float:
    own = role(source.role).reach_m
    if reach_m is None:
        return own
    return float(reach_m.get(source.role, own) if isinstance(reach_m, Mapping) else reach_m)


def _box(sites: SiteArrays, source: LayerSource, asked_m: float) -> Box:
    """Return the box beyond which no feature of a source is a fact of any site."""
    wide = WIDEST_M if source.role == BANK_LINE else 0.0
    reach = asked_m + source.accuracy_m + float(sites.accuracy_m.max(initial=0.0)) + wide + 1.0
    west, south, east, north = reached(shapely.total_bounds(sites.geometry)[None, :], reach)[0].tolist()
    return west, south, east, north


def _joined(layers: list[PreparedLayer], chunks: list[tuple[int, list[LayerFacts]]]) -> FactArrays:
    words = np.array([relation.value for relation in RELATIONS], dtype=object)
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in FactArrays.__dataclass_fields__ if name != "layers"}
    for number, layer in enumerate(layers):
        ids = layer.data.features.columns["feature_id"]
        for start, found in chunks:
            facts = found[number].facts
            parts["layer"].append(np.full(len(facts), number))
            parts["site"].append(facts.site + start)
            parts["feature"].append(facts.feature)
            parts["role"].append(np.full(len(facts), layer.data.role.id, dtype=object))
            parts["feature_id"].append(ids[facts.feature])
            parts["relation"].append(words[facts.relation.astype(np.int64)])
            for name in MEASURES:
                parts[name].append(getattr(facts, name))
    nothing: NDArray[Any] = np.empty(0, dtype=np.int64)
    columns = {name: np.concatenate(values) if values else nothing for name, values in parts.items()}
    return FactArrays(tuple(layer.data.features for layer in layers), **columns)


def _site_arrays(
    sites: Sequence[bytes | shapely.Geometry] | Objects, accuracy_m: ArrayLike, footprint_m: ArrayLike
) -> SiteArrays:
    given = np.empty(len(sites), dtype=object)
    given[:] = [shapely.from_wkb(site, on_invalid="ignore") if isinstance(site, bytes) else site for site in sites]
    geometry = np.asarray(shapely.force_2d(given), dtype=object)
    kinds = shapely.get_type_id(geometry)
    placed = (np.abs(shapely.bounds(geometry).reshape(-1, 4)) <= WORLD).all(axis=1)  # not where there are no bounds
    wrong = np.flatnonzero(~placed | (kinds == shapely.GeometryType.GEOMETRYCOLLECTION) | ~shapely.is_valid(geometry))
    if len(wrong) or not len(geometry):
        which = ", ".join(map(str, wrong[:10].tolist()))
        raise SitesError(
            Text(f"地块几何不可用：第 {which} 个", f"Sites that cannot be used, by position from 0: {which}")
            if len(wrong)
            else Text("没有地块", "There are no sites"),
            remedy=Text(
                "须为有效的点、线、面，EPSG:4490 经纬度；可先用 layers.sites.normalise 修复和投影。",
                "Valid points, lines or polygons in EPSG:4490; layers.sites.normalise repairs and projects.",
            ),
        )
    n = len(geometry)
    radius, accuracy = (np.broadcast_to(np.asarray(v, dtype=np.float64), n).copy() for v in (footprint_m, accuracy_m))
    return arrays_of(geometry, radius, accuracy)
