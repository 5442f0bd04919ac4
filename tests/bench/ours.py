"""The facts by this project's engine: the one thin adapter to change when its doors change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from child import Task, measure, task
from ecoredline.layers.layerset import load as load_layer_set
from ecoredline.layers.reading import read_layer
from ecoredline.processing.engine.facts.facts import Facts, find_facts
from ecoredline.processing.engine.facts.site_arrays import SiteArrays, site_arrays
from ecoredline.processing.engine.kernel.library import kernel
from ecoredline.processing.engine.prepared.layer import PreparedLayer, prepare
from ecoredline.processing.engine.threads import in_order
from outputs import Excuse, Outputs
from places import BANKS, POLYGON_ROLES, REACH_M, RIVER_CLASSES

MOST, LEAST = 2_000, 100  # sites a chunk: small enough that every thread has some


@dataclass(frozen=True)
class Ready:
    """Sites and layers in memory."""

    sites: gpd.GeoDataFrame
    layers: dict[str, PreparedLayer]
    river_class: np.ndarray


def ready(task: Task) -> Ready:
    """Read, prepare and index, as the peers do before they are measured.

    They tell main river and tributaries apart, not one river from another: so does this.
    """
    layers = {}
    for source in load_layer_set(task.load.layer_set).sources:
        data = read_layer(source)
        if source.role == BANKS:
            data = replace(data, features=data.features.with_columns(river=np.full(len(data), None)))
        layers[source.role] = prepare(data)
    classes = layers[BANKS].data.frame["river_class"].to_numpy(dtype=str)
    river_class = np.array([RIVER_CLASSES.index(name) for name in classes])
    state = Ready(pyogrio.read_dataframe(task.load.sites(task.n)), layers, river_class)
    list(_chunk(state, 0, MOST))  # indices are made when a chunk of sites first asks for them
    return state


def facts(state: Ready) -> Outputs:
    """Return the facts of all sites, chunk by chunk in all threads."""
    size = min(MOST, max(LEAST, len(state.sites) // 8))
    starts = range(0, len(state.sites), size)
    found = list(in_order(lambda start: list(_chunk(state, start, size)), starts))
    hits = [(number, start, *part) for start, parts in zip(starts, found, strict=True) for number, *part in parts]
    polygons = [hit for hit in hits if hit[0] < len(POLYGON_ROLES)]
    banks = [hit for hit in hits if hit[0] == len(POLYGON_ROLES)]

    def joined(name: str, of: list[tuple[int, int, SiteArrays, Facts]]) -> np.ndarray:
        return np.concatenate([getattr(part, name) for _, _, _, part in of])

    def rows(of: list[tuple[int, int, SiteArrays, Facts]]) -> np.ndarray:
        return np.concatenate([part.site + start for _, start, _, part in of])

    return Outputs(
        np.concatenate([np.full(len(part), number) for number, _, _, part in polygons]),
        rows(polygons),
        *(joined(name, polygons) for name in ("feature", "overlap_m2", "length_m", "overlap_share")),
        near_class=state.river_class[joined("feature", banks)],
        near_site=rows(banks),
        distance_m=joined("distance_m", banks),
    )


def _chunk(state: Ready, start: int, size: int) -> Iterator[tuple[int, SiteArrays, Facts]]:
    sites = site_arrays(state.sites.iloc[start : start + size])
    for number, role in enumerate((*POLYGON_ROLES, BANKS)):
        found, _ = find_facts(sites, state.layers[role], REACH_M if role == BANKS else 0.0)
        yield number, sites, found


if __name__ == "__main__":
    loops = "compiled loops" if kernel() else "no compiled loops"
    version = f"shapely {shapely.__version__} (GEOS {shapely.geos_version_string}), {loops}"
    measure(task(), version, ready, facts, Excuse(0.001, 0.0))
