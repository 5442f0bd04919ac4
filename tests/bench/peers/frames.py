"""Layers and sites for the peers in Python: as read, or cut into pieces by this project's own cutter."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from child import Task
from outputs import Excuse
from places import BANKS, POLYGON_ROLES, RIVER_CLASSES

PIECE, RUN = 128, 32
GEOD = pyproj.Geod(ellps="GRS80")
EQUAL_AREA, PLANE, DEGREES = "EPSG:6933", "EPSG:4545", "EPSG:4490"
# Gauss-Krüger about 108° E, up to 2.7° away from it: lengths at most 0.9 in a thousand too long.
PLANE_EXCUSE = Excuse(0.01, 1.0e-3)


def sites(task: Task) -> gpd.GeoDataFrame:
    """Return the geometries of the sites, with `site` (row) and `kind` (0 point, 1 line, 2 polygon)."""
    frame = pyogrio.read_dataframe(task.load.sites(task.n), columns=[])
    frame["site"] = np.arange(len(frame))
    frame["kind"] = shapely.get_dimensions(frame.geometry.array)
    return frame


def features(task: Task) -> gpd.GeoDataFrame:
    """Return all polygons, with `layer` and `feature` (row in the layer)."""
    found = []
    for number, role in enumerate(POLYGON_ROLES):
        geometry = pyogrio.read_dataframe(task.load.layers, layer=role, columns=[]).geometry.to_numpy()
        feature = np.arange(len(geometry))
        if task.pieces:
            geometry, feature = cut_polygons(geometry)
        found.append(gpd.GeoDataFrame({"layer": number, "feature": feature}, geometry=geometry, crs=DEGREES))
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=DEGREES)


def banks(task: Task, cut: bool = True) -> gpd.GeoDataFrame:
    """Return the banks, with `river_class` (its place), in degrees; cut into runs of 32 vertices."""
    frame = pyogrio.read_dataframe(task.load.layers, layer=BANKS, columns=["river_class"])
    geometry = frame.geometry.to_numpy()
    number = frame["river_class"].map(RIVER_CLASSES.index).to_numpy()
    if cut:
        geometry, source = cut_lines(geometry)
        number = number[source]
    return gpd.GeoDataFrame({"river_class": number}, geometry=geometry, crs=DEGREES)


def cut_polygons(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pieces of at most 128 vertices and the row that each comes from."""
    from ecoredline.processing.engine.prepared.cutting import cut_polygons as cut

    return cut(shapes, PIECE)


def cut_lines(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return runs of at most 32 vertices that share their ends, and the row that each comes from."""
    from ecoredline.processing.engine.prepared.cutting import cut_lines as cut

    return cut(lines, RUN)


def line_lengths(lines: np.ndarray) -> np.ndarray:
    """Return lengths of lines in m, edge by edge by pyproj's Geod in one call."""
    parts, line = shapely.get_parts(lines, return_index=True)
    coords, part = shapely.get_coordinates(parts, return_index=True)
    same = part[1:] == part[:-1]
    lon, lat = coords.T
    step = GEOD.inv(lon[:-1][same], lat[:-1][same], lon[1:][same], lat[1:][same])[2]
    return np.bincount(line[part[:-1][same]], step, len(lines))
