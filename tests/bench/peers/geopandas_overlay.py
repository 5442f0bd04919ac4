"""geopandas: overlay for areas and lengths, sjoin for points, sjoin_nearest for banks."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import frames
from child import Task, measure, task
from outputs import Outputs
from places import REACH_M


@dataclass(frozen=True)
class Ready:
    """Frames in memory, their indices built."""

    sites: gpd.GeoDataFrame
    features: list[gpd.GeoDataFrame]
    banks: list[gpd.GeoDataFrame]


def ready(task: Task) -> Ready:
    """Read all frames; banks go to the plane in which they are searched."""
    features = frames.features(task)
    layers = [part.reset_index(drop=True) for _, part in features.groupby("layer")]
    banks = frames.banks(task, cut=task.pieces).to_crs(frames.PLANE)
    return Ready(frames.sites(task), layers, [part for _, part in banks.groupby("river_class")])


def facts(state: Ready) -> Outputs:
    """Return the facts of all sites."""
    sites = state.sites
    size = np.ones(len(sites))
    polygons, lines = sites["kind"] == 2, sites["kind"] == 1
    size[polygons] = sites[polygons].to_crs(frames.EQUAL_AREA).area
    size[lines] = frames.line_lengths(sites.geometry[lines].to_numpy())
    hits = pd.concat([_hits(sites, layer) for layer in state.features], ignore_index=True)
    hits = hits.groupby(["layer", "site", "feature"], as_index=False)[["area", "length"]].sum()
    kind = sites["kind"].to_numpy()[hits["site"]]
    measure = np.select([kind == 2, kind == 1], [hits["area"], hits["length"]], 1.0)
    flat = sites[["site", "geometry"]].to_crs(frames.PLANE)
    near = [_nearest(flat, banks, number) for number, banks in enumerate(state.banks)]
    return Outputs(
        *(hits[name].to_numpy() for name in ("layer", "site", "feature", "area", "length")),
        share=measure / size[hits["site"]],
        near_class=np.concatenate([np.full(len(part), number) for number, part in enumerate(near)]),
        near_site=np.concatenate([part["site"] for part in near]),
        distance_m=np.concatenate([part["distance"] for part in near]),
    )


def _hits(sites: gpd.GeoDataFrame, layer: gpd.GeoDataFrame) -> pd.DataFrame:
    polygons, lines, points = (sites.loc[sites["kind"] == kind, ["site", "geometry"]] for kind in (2, 1, 0))
    areas = gpd.overlay(polygons, layer, how="intersection", keep_geom_type=True)
    areas["area"] = areas.to_crs(frames.EQUAL_AREA).area
    lengths = gpd.overlay(lines, layer, how="intersection", keep_geom_type=True)
    lengths["length"] = frames.line_lengths(lengths.geometry.to_numpy())
    inside = gpd.sjoin(points, layer, predicate="intersects")
    columns = ["layer", "site", "feature", "area", "length"]
    return pd.concat([part.reindex(columns=columns) for part in (areas, lengths, inside)]).fillna(0.0)


def _nearest(sites: gpd.GeoDataFrame, banks: gpd.GeoDataFrame, number: int) -> pd.DataFrame:
    found = gpd.sjoin_nearest(sites, banks, max_distance=REACH_M, distance_col="distance")
    return found.groupby("site", as_index=False)["distance"].min()


if __name__ == "__main__":
    measure(task(), f"geopandas {gpd.__version__}", ready, facts, frames.PLANE_EXCUSE)
