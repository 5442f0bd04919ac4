"""Which features of the layer set a page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.layerset import LayerSet, LayerSource
from ...layers.progress import Progress
from ...layers.reading import read_layer
from ...layers.role import role
from .catalogue import STYLES, Template

Bounds = tuple[float, float, float, float]
KINDS = ("point", "line", "polygon")
_CLIP_MARGIN = 0.02
_MULTI = (
    (shapely.multipoints, shapely.MultiPoint()),
    (shapely.multilinestrings, shapely.MultiLineString()),
    (shapely.multipolygons, shapely.MultiPolygon()),
)


@dataclass(frozen=True)
class MapLayer:
    """Features of one role and one kind of geometry, as they lie in the frame.

    Attributes
    ----------
    role : str
        Role id.
    kind : str
        ``point``, ``line`` or ``polygon``.
    title : str
        Its name in the legend.
    features : GeoDataFrame
        EPSG:4490, clipped to a little more than the frame.
    style : Path
        The style (.qml).
    sources : tuple of LayerSource
        Where features seen come from.
    labelled : bool
        Whether the labels of the style are drawn.
    """

    role: str
    kind: str
    title: str
    features: gpd.GeoDataFrame
    style: Path
    sources: tuple[LayerSource, ...] = ()
    labelled: bool = True


class LayerStore:
    """The layers of a layer set, read as far as pages need them and kept for the next page.

    Parameters
    ----------
    layer_set : LayerSet
        What plays which role.
    progress : Progress
        Asked at every reading whether to go on.
    """

    def __init__(self, layer_set: LayerSet, progress: Progress | None = None) -> None:
        self.layer_set = layer_set
        self._progress = progress or Progress()
        self._held: dict[int, tuple[Bounds, gpd.GeoDataFrame]] = {}

    def touching(self, number: int, bounds: Bounds) -> gpd.GeoDataFrame:
        """Return the whole features of a source that meet a box.

        Parameters
        ----------
        number : int
            Place of the source in the layer set.
        bounds : tuple of float
            Degrees (EPSG:4490).
        """
        if number not in self._held or not _covers(self._held[number][0], bounds):
            wanted = _grown(_union(self._held[number][0], bounds)) if number in self._held else bounds
            data = read_layer(self.layer_set.sources[number], bbox=wanted, progress=self._progress)
            self._held[number] = (wanted, data.frame)
        frame = self._held[number][1]
        return frame.iloc[np.sort(frame.sindex.query(shapely.box(*bounds), predicate="intersects"))]

    def of_role(self, role_id: str, bounds: Bounds) -> gpd.GeoDataFrame:
        """Return the whole features of all sources of a role that meet a box."""
        parts = [self.touching(number, bounds) for number, _ in self.numbered() if _.role == role_id]
        return _joined(parts)

    def numbered(self) -> Iterator[tuple[int, LayerSource]]:
        """Yield each source with its place in the layer set."""
        yield from enumerate(self.layer_set.sources)


def _covers(outer: Bounds, inner: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _union(a: Bounds, b: Bounds) -> Bounds:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _grown(bounds: Bounds) -> Bounds:
    """Return a box of three times the sides: the pages of a run lie near each other, and each read costs much."""
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    return bounds[0] - width, bounds[1] - height, bounds[2] + width, bounds[3] + height


def _joined(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return gpd.GeoDataFrame({"feature_id": []}, geometry=[], crs=4490)
    return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=4490)


def style_of(role_id: str, kind: str) -> Path:
    """Return the style of a role for a kind of geometry, else the common one of that kind."""
    first = role(role_id).geometry[0]
    own = STYLES / (f"{role_id}.qml" if kind == first else f"{role_id}_{kind}.qml")
    return own if own.exists() else STYLES / f"other_{kind}.qml"


def shown_layers(
    store: LayerStore,
    template: Template,
    area: shapely.Polygon,
    overlap_only: shapely.Geometry | None = None,
) -> list[MapLayer]:
    """Return what a page shows of the layer set, bottom first; a layer without a feature in the area is left out.

    Parameters
    ----------
    store : LayerStore
        The layers.
    template : Template
        Tells the order and what is not drawn.
    area : Polygon
        The frame, degrees (EPSG:4490).
    overlap_only : Geometry, optional
        The site: of controlled roles only what overlaps it is shown.
    """
    found: dict[tuple[str, str], list[tuple[LayerSource, gpd.GeoDataFrame]]] = {}
    for number, source in store.numbered():
        if not template.shows(source.role):
            continue
        clipper = overlap_only if overlap_only is not None and role(source.role).controlled else area
        features = store.touching(number, clipper.bounds)
        geometries = features.geometry.to_numpy()
        drawn = shapely.boundary(geometries) if source.role in template.outlines else geometries
        seen = features[shapely.intersects(drawn, area)]
        for kind, part in _clipped(seen, clipper, clipper is area):
            found.setdefault((source.role, kind), []).append((source, part))
    layers = [
        MapLayer(
            role_id,
            kind,
            role(role_id).name.zh,
            _joined([features for _, features in parts]),
            style_of(role_id, kind),
            tuple(source for source, _ in parts),
        )
        for (role_id, kind), parts in found.items()
    ]
    return sorted(layers, key=lambda layer: _rank(template, layer))


def _rank(template: Template, layer: MapLayer) -> tuple[int, str]:
    of_kind = f"{layer.role}:{layer.kind}"
    return template.rank(of_kind if of_kind in template.order else layer.role)


def _clipped(seen: gpd.GeoDataFrame, area: shapely.Geometry, widen: bool) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield, per kind of geometry, the features as far as they lie in the area.

    A frame is widened before cutting, so that no cut edge is drawn along it.
    """
    if not len(seen):
        return
    xmin, ymin, xmax, ymax = area.bounds
    cutter = area.buffer(_CLIP_MARGIN * max(xmax - xmin, ymax - ymin)) if widen else area
    dimensions = shapely.get_dimensions(seen.geometry.to_numpy())
    cut = shapely.intersection(seen.geometry.to_numpy(), cutter)
    for dimension, kind in enumerate(KINDS):
        rows = dimensions == dimension
        parts = of_dimension(cut[rows], dimension)
        kept = ~shapely.is_empty(parts)
        if kept.any():
            yield kind, seen[rows][kept].set_geometry(parts[kept], crs=4490)


def of_dimension(geometries: NDArray[np.object_], dimension: int) -> NDArray[np.object_]:
    """Return the parts of one dimension (0, 1, 2) of each geometry as a multi-part one, empty where it has none."""
    make, nothing = _MULTI[dimension]
    single, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(single) > 3).any():
        single, inner = shapely.get_parts(single, return_index=True)
        owner = owner[inner]
    keep = shapely.get_dimensions(single) == dimension
    out = np.full(len(geometries), nothing, dtype=object)
    if keep.any():
        out[np.unique(owner[keep])] = make(single[keep], indices=np.unique(owner[keep], return_inverse=True)[1])
    return out
