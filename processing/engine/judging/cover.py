"""Whether the control units cover a site: what lies in no unit is open, never clear."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.joined import join
from ....layers.geodesy.length import line_lengths
from ..facts.inscribed import polygon_depths
from ..facts.layer_facts import LayerFacts
from ..facts.site_arrays import LINE, POINT, POLYGON
from ..facts.united import united_overlap
from ..words import Verdict
from . import notes, reasons, rows
from .chunk import Chunk
from .reasons import byte
from .rows import Rows

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_GAP_M2 = 1.0
LEAST_GAP_M = 1.0
NO_RULE = -1


def cover_gaps(chunk: Chunk) -> Rows:
    """Return one open finding per site of which more than 1 m², wider than the band, lies in no unit."""
    layers = [chunk.layers[i] for i in chunk.positions("control_unit")]
    if not layers:
        return rows.NONE
    covered = np.zeros(len(chunk))
    met, area, length, points = chunk.united("control_unit")
    dimension = chunk.sites.dimension[met]
    covered[met] = np.select([dimension == POLYGON, dimension == LINE], [area, length], points)
    gap = chunk.sites.size - covered
    least = np.select(
        [chunk.sites.dimension == POLYGON, chunk.sites.dimension == LINE], [LEAST_GAP_M2, LEAST_GAP_M], 0.5
    )
    for i in np.flatnonzero((gap > least) & (chunk.sites.dimension != POLYGON)):
        gap[i] -= _on_borders(chunk, layers, int(i), covered[i])
    site = np.flatnonzero(gap > least)
    site = site[_wider_than_band(chunk, layers, site)]
    none = np.full(len(site), -1)
    found = rows.blank(site, NO_RULE, none, none, np.full(len(site), byte(reasons.COVER_OPEN)))
    note = np.array([_note(chunk, i, gap[i]) for i in site], dtype=object)
    return found.with_(verdict=np.full(len(site), Verdict.UNDETERMINED.rank), note=note)


def _on_borders(chunk: Chunk, layers: list[LayerFacts], site: int, covered: float) -> float:
    """Return how much more of a line (m) or of points lies on the borders of units, which count as covered."""
    units: list[shapely.Geometry] = []
    for layer in layers:
        meets = (layer.facts.site == site) & (layer.facts.distance_m == 0)
        units += list(layer.layer.surface[layer.facts.feature[meets]])
    covering = join(np.array(units, dtype=object))
    within = np.array([shapely.intersection(chunk.sites.geometry[site], covering)], dtype=object)
    is_line = chunk.sites.dimension[site] == LINE
    return float(line_lengths(within)[0] if is_line else shapely.get_num_coordinates(within)[0]) - covered


def _wider_than_band(chunk: Chunk, layers: list[LayerFacts], site: Indices) -> NDArray[np.bool_]:
    """Tell whether the gap of each site is wider than layer and site are accurate; only of areas."""
    band = np.max([layer.band_m[site] for layer in layers], axis=0) if len(site) else np.empty(0)
    areal = chunk.sites.dimension[site] == POLYGON
    wide = np.ones(len(site), dtype=bool)
    gaps = np.array(
        [shapely.difference(chunk.sites.geometry[i], united_overlap(layers, i)) for i in site[areal]],
        dtype=object,
    )
    wide[areal] = polygon_depths(gaps) > band[areal]
    return wide


def _note(chunk: Chunk, site: int, gap: float) -> str:
    dimension = int(chunk.sites.dimension[site])
    names = []
    for i in chunk.positions("district"):
        layer = chunk.layers[i]
        frame, facts = layer.layer.data.frame, layer.facts
        met = facts.feature[(facts.site == site) & facts.met]
        names += [str(frame["name"].iloc[f]) for f in met if "name" in frame and frame["name"].iloc[f]]
    return notes.uncovered("1" if dimension == POINT else f"{gap:.2f}", dimension, list(dict.fromkeys(names)))
