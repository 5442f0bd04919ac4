"""The boundary points of sites: their vertices without those that were put on long edges for measuring."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray


def corners(sites: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return geometries without the vertices that `normalise` added.

    Parameters
    ----------
    sites : GeoDataFrame
        From `layers.sites`; without ``attrs["added"]`` (rows were filtered, or a file was read anew) as they are.
    """
    geometry = np.asarray(sites.geometry.array, dtype=object).copy()
    added = sites.attrs.get("added", ())
    if len(added) != len(geometry):
        return geometry
    for i, places in enumerate(added):
        if places is not None:
            geometry[i] = _without(geometry[i], set(map(tuple, places.tolist())))
    return geometry


def _without(shape: shapely.Geometry, places: set[tuple[float, ...]]) -> shapely.Geometry:
    def keep(line: shapely.Geometry) -> list[tuple[float, float]]:
        return [xy for xy in shapely.get_coordinates(line).tolist() if tuple(xy) not in places]

    parts = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = [keep(ring) for ring in (part.exterior, *part.interiors)]
            rings = [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]
            parts.append(shapely.Polygon(rings[0], rings[1:]))
        else:
            parts.append(shapely.LineString(keep(part)))
    joins = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings}
    return joins[parts[0].geom_type](parts) if shape.geom_type.startswith("Multi") else parts[0]
