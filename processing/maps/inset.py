"""The small map that tells where the frame lies in its district."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from ...layers.role import role
from .catalogue import STYLES
from .extent import Frame, project, unproject
from .layers_for_map import LayerStore, MapLayer, style_of

ROLES = ("bank_line", "red_line", "district")
AROUND = 4.0
SMALL_MM = 4.0
_FILL = 0.9


@dataclass(frozen=True)
class Inset:
    """What the small map shows: its ground in metres of the frame's zone, a marker in degrees for a tiny frame."""

    bounds: tuple[float, float, float, float]
    title: str
    marker: shapely.Point | None


def inset_view(store: LayerStore, frame: Frame, size_mm: tuple[float, float]) -> Inset:
    """Return the view of the districts that the frame touches; with none, `AROUND` times the frame.

    Parameters
    ----------
    store : LayerStore
        The layers.
    frame : Frame
        That of the main map.
    size_mm : tuple of float
        Width and height of the small map on paper.
    """
    districts = store.of_role("district", frame.polygon.bounds)
    xmin, ymin, xmax, ymax = frame.bounds
    if len(districts):
        whole = project(shapely.union_all(districts.geometry.to_numpy()), frame.epsg).bounds
        xmin, ymin = min(xmin, whole[0]), min(ymin, whole[1])
        xmax, ymax = max(xmax, whole[2]), max(ymax, whole[3])
        grow = 1 / _FILL
    else:
        grow = AROUND
    metres_per_mm = max((xmax - xmin) / size_mm[0], (ymax - ymin) / size_mm[1]) * grow
    middle = np.array([xmin + xmax, ymin + ymax]) / 2
    half = np.asarray(size_mm) * metres_per_mm / 2
    names = dict.fromkeys(str(name) for name in districts.get("name", ()) if name)
    title = f"在{'、'.join(names)}的位置" if names else "位置示意"
    small = (frame.bounds[2] - frame.bounds[0]) / metres_per_mm < SMALL_MM
    marker = frame.polygon.centroid if small else None
    return Inset((*(middle - half).tolist(), *(middle + half).tolist()), title, marker)


def inset_layers(store: LayerStore, view: Inset, epsg: int, secrecy: bool) -> list[MapLayer]:
    """Return the layers of the small map, bottom first."""
    area = unproject(shapely.box(*view.bounds), epsg)
    layers = []
    for role_id in ROLES:
        if secrecy and role(role_id).controlled:
            continue
        features = store.of_role(role_id, area.bounds)
        dimensions = shapely.get_dimensions(features.geometry.to_numpy())
        for dimension, kind in ((2, "polygon"), (1, "line")):
            part: gpd.GeoDataFrame = features[dimensions == dimension]
            if len(part):
                layers.append(
                    MapLayer(role_id, kind, role(role_id).name.zh, part, style_of(role_id, kind), labelled=False)
                )
    layers.sort(key=lambda layer: layer.kind != "polygon" or layer.role == "district")
    if view.marker is not None:
        marker = gpd.GeoDataFrame({"name": [""]}, geometry=[view.marker], crs=4490)
        layers.append(MapLayer("", "point", "", marker, STYLES / "site_locator.qml", labelled=False))
    return layers
