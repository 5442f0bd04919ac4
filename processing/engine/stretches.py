"""Where a line enters and leaves what it crosses, in metres along the line from its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.geodesy.length import edge_lengths
from .chunk import Chunk
from .layer_facts import LayerFacts
from .site_arrays import LINE
from .tables import STRETCHES

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]
JOIN_M = 0.01  # overlaps with pieces of one feature meet at their cuts
NAMES = ("feature_id", "name", "river")
SIDES = {"left": "左岸", "right": "右岸"}
IN_RIVER = "河道内"  # between both bank lines, or on the strip of a polygon


class Stakes:
    """A site's line with the metres at each of its vertices; the parts of a multiline follow each other."""

    def __init__(self, line: shapely.Geometry) -> None:
        parts = [shapely.get_coordinates(part) for part in shapely.get_parts(line)]
        self.first = np.concatenate([xy[:-1] for xy in parts])
        self.second = np.concatenate([xy[1:] for xy in parts])
        lengths = edge_lengths(self.first, self.second)
        self.begin: Floats = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
        self.total = float(lengths.sum())
        self._tree = shapely.STRtree(shapely.linestrings(np.stack([self.first, self.second], axis=1)))

    def stretches(self, parts: Objects) -> list[tuple[float, float]]:
        """Return where parts of the line begin and end: counted from the middle of the longest edge of each.

        The ends of a part may be points that a line passes twice; the middle of an edge is none.
        """
        if not len(parts):
            return []
        xy, index = shapely.get_coordinates(parts, return_index=True)
        edge = np.flatnonzero(index[1:] == index[:-1])
        part, length = index[edge], edge_lengths(xy[edge], xy[edge + 1])
        order = np.lexsort((-length, part))
        longest = order[np.unique(part[order], return_index=True)[1]]
        a, b = xy[edge[longest]], xy[edge[longest] + 1]
        spots = np.concatenate([a + (b - a) * share for share in (0.5, 0.75)])
        on = self._tree.nearest(shapely.points(spots))
        n = len(parts)
        measured = edge_lengths(np.concatenate([self.first[on], a]), np.concatenate([spots, spots[:n]]))
        place, later = np.split(measured[: 2 * n] + self.begin[on], 2)
        walked = np.cumsum(length)
        first = np.searchsorted(part, np.arange(n))
        before = walked[longest] - length[longest] - (walked[first] - length[first]) + measured[2 * n :]
        ahead = np.bincount(part, length, n) - before
        before, ahead = np.where(later < place, ahead, before), np.where(later < place, before, ahead)
        return list(
            zip(np.maximum(place - before, 0.0).tolist(), np.minimum(place + ahead, self.total).tolist(), strict=True)
        )


@dataclass(frozen=True)
class Crossed:
    """A layer that lines of the chunk cross: the names of its features, and those that are banks with a side."""

    position: int
    layer: LayerFacts
    sites: frozenset[int]
    names: dict[str, NDArray[np.object_]]
    sided: Indices
    tree: shapely.STRtree

    @classmethod
    def of(cls, position: int, layer: LayerFacts) -> Crossed:
        """Return the layer at a position."""
        frame = pd.DataFrame(layer.layer.data.frame)
        names = {name: frame[name].to_numpy(dtype=object) for name in NAMES if name in frame}
        sided = np.flatnonzero(frame["side"].isin(SIDES)) if "side" in frame else np.empty(0, dtype=np.int64)
        sites = frozenset(layer.facts.site[_along(layer)].tolist())
        return cls(position, layer, sites, names, sided, shapely.STRtree(layer.layer.geometry[sided]))

    def feature(self, row: int) -> dict[str, Any]:
        """Return what a feature is called."""
        return {name: values[row] for name, values in self.names.items()}


def stretches_table(chunk: Chunk) -> pd.DataFrame:
    """Return, for every line of a chunk, each stretch of it in each feature that it crosses, along the line.

    Of rivers with bank sides the stretches on either side are told as well (role ``bank_line``, column ``side``).
    """
    lines = np.flatnonzero(chunk.sites.dimension == LINE)
    rows: list[dict[str, Any]] = []
    crossed = [Crossed.of(i, layer) for i, layer in enumerate(chunk.layers) if _along(layer).any()]
    for site in lines.tolist():
        here = [layer for layer in crossed if site in layer.sites]
        if not here:
            continue
        stakes = Stakes(chunk.sites.geometry[site])
        for layer in here:
            found = list(_of_layer(layer, site, stakes))
            if layer.layer.layer.data.role.id == "bank_line":
                found = [{**row, "side": IN_RIVER} for row in found]
                found += _sides(layer, stakes, found)
            rows += [{"site_id": chunk.ids[site], "_layer": layer.position, **row} for row in found]
    if not rows:
        return STRETCHES.empty()
    frame = pd.DataFrame(rows).sort_values(["site_id", "_layer", "from_m", "to_m"], kind="stable")
    order = {site_id: place for place, site_id in enumerate(chunk.ids[lines])}
    return STRETCHES.frame(frame.sort_values("site_id", key=lambda ids: ids.map(order), kind="stable"))


def _along(layer: LayerFacts) -> NDArray[np.bool_]:
    """Tell which facts are overlaps of lines."""
    return np.asarray((layer.facts.overlap >= 0) & (layer.facts.length_m > 0))


def _of_layer(crossed: Crossed, site: int, stakes: Stakes) -> Iterator[dict[str, Any]]:
    layer, facts = crossed.layer, crossed.layer.facts
    assert layer.met is not None
    start, end = np.searchsorted(facts.site, (site, site + 1))
    here = start + np.flatnonzero((facts.overlap[start:end] >= 0) & (facts.length_m[start:end] > 0))
    parts = [_lines(shape) for shape in layer.met.geometry(facts.overlap[here], layer.sites)]
    found = iter(stakes.stretches(np.array([line for lines in parts for line in lines], dtype=object)))
    for row, lines in zip(here, parts, strict=True):
        feature = crossed.feature(facts.feature[row])
        for begin, end in _joined(islice(found, len(lines))):
            yield {
                "role": layer.layer.data.role.id,
                "feature_id": str(feature["feature_id"]),
                "feature_name": _name(feature),
                "from_m": begin,
                "to_m": end,
                "length_m": end - begin,
            }


def _lines(shape: shapely.Geometry) -> list[shapely.Geometry]:
    parts = shapely.get_parts(shapely.get_parts(shape)) if shape.geom_type == "GeometryCollection" else [shape]
    lines = [line for part in parts for line in shapely.get_parts(part) if shapely.get_dimensions(line) == 1]
    return [line for line in lines if shapely.length(line) > 0]


def _joined(stretches: Iterator[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for begin, end in sorted(stretches):
        if out and begin <= out[-1][1] + JOIN_M:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return out


def _name(feature: Any) -> str:
    for column in ("name", "river"):
        if column in feature and isinstance(feature[column], str) and feature[column]:
            return str(feature[column])
    return ""


def _sides(crossed: Crossed, stakes: Stakes, water: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the stretches out of the water, each on the side of the bank that it reaches where it meets the water."""
    if not water or not len(crossed.sided):
        return
    sides = crossed.layer.layer.data.frame["side"]
    wet = _joined((row["from_m"], row["to_m"]) for row in water)
    ends = [0.0, *(place for pair in wet for place in pair), stakes.total]
    dry = [(ends[i], ends[i + 1]) for i in range(0, len(ends), 2) if ends[i + 1] - ends[i] > JOIN_M]
    for begin, end in dry:
        shore = begin if begin > 0 else end
        spot = shapely.Point(*_place(stakes, shore))
        bank = int(crossed.sided[crossed.tree.query_nearest(spot).min()])
        nearest = crossed.feature(bank)
        yield {
            "role": "bank_line",
            "feature_id": str(nearest["feature_id"]),
            "feature_name": _name(nearest),
            "side": SIDES[str(sides.iat[bank])],
            "from_m": begin,
            "to_m": end,
            "length_m": end - begin,
        }


def _place(stakes: Stakes, place_m: float) -> tuple[float, float]:
    edge = int(np.clip(np.searchsorted(stakes.begin, place_m, side="right") - 1, 0, len(stakes.begin) - 1))
    a, b = stakes.first[edge], stakes.second[edge]
    whole = float(edge_lengths(a[None], b[None])[0])
    lon, lat = a + (b - a) * ((place_m - stakes.begin[edge]) / whole if whole else 0.0)
    return float(lon), float(lat)
