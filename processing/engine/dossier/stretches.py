"""Where a line enters and leaves what it crosses, in metres along the line from its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..facts.layer_facts import LayerFacts
from ..facts.site_arrays import LINE
from ..facts.stakes import Stakes
from ..judging.chunk import Chunk
from ..prepared.water import BANK_LINE, SIDES
from ..tables import STRETCHES

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Objects = NDArray[np.object_]
JOIN_M = 0.01  # overlaps with pieces of one feature meet at their cuts
IN_RIVER = "河道内"  # between both bank lines, or on the strip of a polygon


@dataclass(frozen=True)
class Stretches:
    """Stretches of lines in the features of one layer: rows of site and feature, m from the start, side of a river."""

    site: Indices
    feature: Indices
    from_m: Floats
    to_m: Floats
    side: Objects

    def __len__(self) -> int:
        return len(self.site)


def stretches_table(chunk: Chunk) -> pd.DataFrame:
    """Return, for every line of a chunk, each stretch of it in each feature that it crosses, along the line.

    Of rivers with bank sides the stretches on either side are told as well (role ``bank_line``, column ``side``).
    """
    crossing = [(position, layer, rows) for position, layer in enumerate(chunk.layers) if len(rows := _along(layer))]
    if not crossing:
        return STRETCHES.empty()
    sites = np.unique(np.concatenate([layer.facts.site[rows] for _, layer, rows in crossing]))
    stakes = Stakes.of(chunk.sites.geometry[sites])
    found = [(i, part) for i, layer, rows in crossing for part in _of_layer(layer, rows, sites, stakes)]
    if not found:
        return STRETCHES.empty()
    order = np.lexsort(
        (
            np.concatenate([part.to_m for _, part in found]),
            np.concatenate([part.from_m for _, part in found]),
            np.repeat([position for position, _ in found], [len(part) for _, part in found]),
            np.concatenate([part.site for _, part in found]),
        )
    )
    tables = [_columns(chunk, chunk.layers[position], part) for position, part in found]
    return STRETCHES.frame({name: np.concatenate([each[name] for each in tables])[order] for name in tables[0]})


def _columns(chunk: Chunk, layer: LayerFacts, part: Stretches) -> dict[str, NDArray[np.generic] | Objects]:
    return {
        "site_id": chunk.ids[part.site],
        "role": np.full(len(part), layer.layer.data.role.id, dtype=object),
        "feature_id": layer.layer.traits.texts("feature_id")[part.feature],
        "feature_name": layer.layer.traits.names[part.feature],
        "side": part.side,
        "from_m": part.from_m,
        "to_m": part.to_m,
        "length_m": part.to_m - part.from_m,
    }


def _along(layer: LayerFacts) -> Indices:
    """Return the facts that are overlaps of lines."""
    is_line = layer.sites.dimension[layer.facts.site] == LINE
    return np.flatnonzero(is_line & (layer.facts.overlap >= 0) & (layer.facts.length_m > 0))


def _of_layer(layer: LayerFacts, rows: Indices, sites: Indices, stakes: Stakes) -> Iterator[Stretches]:
    """Yield the stretches in the features of a layer, and of a river those on its sides.

    Parameters
    ----------
    rows : ndarray of int64
        The overlaps of lines among the layer's facts.
    sites : ndarray of int64
        The site of each line of the stakes, ascending.
    """
    assert layer.met is not None
    facts = layer.facts.take(rows)
    parts, fact = _lines(layer.met.geometry(facts.overlap, layer.sites))
    if not len(parts):
        return
    begin, end = stakes.stretches(parts, np.searchsorted(sites, facts.site[fact]))
    fact, begin, end = joined(fact, begin, end)
    site = facts.site[fact]
    of_river = layer.layer.data.role.id == BANK_LINE
    side = np.full(len(fact), IN_RIVER if of_river else "", dtype=object)
    yield Stretches(site, facts.feature[fact], begin, end, side)
    if of_river and len(layer.layer.sided.feature):
        yield _sides(layer, sites, stakes, *joined(np.searchsorted(sites, site), begin, end))


def _lines(shapes: Objects) -> tuple[Objects, Indices]:
    """Return the lines of overlaps, and the overlap that each is of."""
    of = np.arange(len(shapes))
    for _ in ("collection", "multiline"):
        shapes, index = shapely.get_parts(shapes, return_index=True)
        of = of[index]
    keep = (shapely.get_dimensions(shapes) == 1) & (shapely.length(shapes) > 0)
    return shapes[keep], of[keep]


def joined(group: Indices, begin: Floats, end: Floats) -> tuple[Indices, Floats, Floats]:
    """Return the stretches of each group in their order, those that overlap or meet made one."""
    order = np.lexsort((end, begin, group))
    group, begin, end = group[order], begin[order], end[order]
    n = len(group)
    place = np.empty(n, dtype=np.int64)
    by_end = np.argsort(end, kind="stable")
    place[by_end] = np.arange(n)
    # The furthest end so far, looked for among places so that no group reaches into the next.
    reached = end[by_end[np.maximum.accumulate(place + n * group) - n * group]]
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = (group[1:] != group[:-1]) | (begin[1:] > reached[:-1] + JOIN_M)
    start = np.flatnonzero(fresh)
    return group[start], begin[start], np.maximum.reduceat(end, start)


def _sides(layer: LayerFacts, sites: Indices, stakes: Stakes, line: Indices, begin: Floats, end: Floats) -> Stretches:
    """Return the stretches out of the water, each on the side of the bank that it reaches where it meets the water.

    Parameters
    ----------
    line, begin, end : ndarray
        Where the lines of the stakes are in the water, in their order.
    """
    opens = np.concatenate([[True], line[1:] != line[:-1]])
    last = np.flatnonzero(np.concatenate([opens[1:], [True]]))
    # Before each stretch in the water, and after the last one of each line.
    dry_line = np.concatenate([line, line[last]])
    dry_from = np.concatenate([np.where(opens, 0.0, np.concatenate([[0.0], end[:-1]])), end[last]])
    dry_to = np.concatenate([begin, stakes.total[line[last]]])
    keep = dry_to - dry_from > JOIN_M
    order = np.lexsort((dry_from[keep], dry_line[keep]))
    dry_line, dry_from, dry_to = (each[keep][order] for each in (dry_line, dry_from, dry_to))
    shore = np.where(dry_from > 0, dry_from, dry_to)
    at, run = layer.layer.sided.tree.query_nearest(shapely.points(stakes.at(dry_line, shore)))
    bank = np.full(len(shore), len(layer.layer.data.frame))
    np.minimum.at(bank, at, layer.layer.sided.feature[run])
    side = np.array([SIDES[str(name)] for name in layer.layer.traits.texts("side")[bank]], dtype=object)
    return Stretches(sites[dry_line], bank, dry_from, dry_to, side)
