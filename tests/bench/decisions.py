"""Is a site within 1 km or 3 km of a bank? Every decision of the engine, held against two others.

    make soak                                                               100,000 sites of the whole load
    make python ARGS="tests/bench/decisions.py --scale 1 --sites 100000"

Far from a limit a plane decides as well: transverse Mercator about 108° E, whose distances err by under 20 m at 3 km
here. Within 20 m of a limit the reference decides: pyproj's geodesics along every edge nearby.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely
from child import Task
from load import make
from numpy.typing import NDArray
from places import BANKS, RIVER_CLASSES, Load

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "core" / "engine"))
import ours
import reference

LIMITS_M = (1_000.0, 3_000.0)
DOUBT_M = 20.0  # more than the plane errs by
SAME_M = 0.001  # what the engine promises: nearer to a limit than this either decision is right
Floats = NDArray[np.float64]


def engine_distances(load: Load, n: int) -> Floats:
    """Return the distance of each site to the nearest bank of each class, m, infinite beyond 5 km; (classes, n)."""
    found = ours.facts(ours.ready(Task(load, n, Path(), pieces=False)))
    out = np.full((len(RIVER_CLASSES), n), np.inf)
    np.minimum.at(out, (found.near_class, found.near_site), found.distance_m)
    return out


def wrong_decisions(load: Load, n: int, distances: Floats) -> tuple[list[str], int]:
    """Return what was decided wrongly, and how many decisions the reference made."""
    banks, sites = pyogrio.read_dataframe(load.layers, layer=BANKS), pyogrio.read_dataframe(load.sites(n))
    shapes = np.asarray(sites.geometry.array, dtype=object)
    wrong, close = [], 0
    for number, name in enumerate(RIVER_CLASSES):
        lines = shapely.get_parts(np.asarray(banks.geometry.array[banks["river_class"] == name], dtype=object))
        edges = _edges(lines)
        planar = _planar(shapes, edges)
        for limit in LIMITS_M:
            inside = distances[number] <= limit
            clear = np.abs(planar - limit) > DOUBT_M
            wrong += [
                f"site {i}, {name}: {planar[i]:.1f} m" for i in np.flatnonzero(clear & (inside != (planar <= limit)))
            ]
            tree = shapely.STRtree(edges)
            for i in np.flatnonzero(~clear):
                close += 1
                true = _exact(shapes[i], edges, tree, limit)
                if abs(true - limit) > SAME_M and (true <= limit) != inside[i]:
                    wrong.append(f"site {i}, {name}: {true:.4f} m, limit {limit:.0f}")
    return wrong, close


def _edges(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    xy, index = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(index[1:] == index[:-1])
    return np.asarray(shapely.linestrings(np.stack([xy[first], xy[first + 1]], axis=1)))


def _planar(shapes: NDArray[np.object_], edges: NDArray[np.object_]) -> Floats:
    flat = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)

    def moved(xy: Floats) -> Floats:
        return np.column_stack(flat.transform(xy[:, 0], xy[:, 1]))

    tree = shapely.STRtree(shapely.transform(edges, moved))
    _, metres = tree.query_nearest(
        shapely.transform(shapely.segmentize(shapes, 0.001), moved), return_distance=True, all_matches=False
    )
    return np.asarray(metres)


def _exact(shape: shapely.Geometry, edges: NDArray[np.object_], tree: shapely.STRtree, limit: float) -> float:
    west, south, east, north = shape.bounds
    up = 1.1 * limit / 110_500
    near = edges[tree.query(shapely.box(west - 1.3 * up, south - up, east + 1.3 * up, north + up))]
    return reference.distance(shape, shapely.MultiLineString(list(near))) if len(near) else np.inf


def main() -> int:
    """Check every decision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sites", type=int, default=100_000)
    options = parser.parse_args()
    load = make(options.scale, [options.sites])
    wrong, close = wrong_decisions(load, options.sites, engine_distances(load, options.sites))
    print("\n".join(wrong) or f"no wrong decision at 1 km and 3 km among {options.sites:,} sites; {close} near a limit")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
