"""Where a line enters and leaves what it crosses, in metres along the line from its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..facts.layer_facts import LayerFacts
from ..facts.overlap import CODE
from ..facts.site_arrays import LINE
from ..facts.stakes import Stakes
from ..judging.chunk import Chunk
from ..prepared.water import BANK_LINE, SIDES
from ..tables import STRETCHES
from ..words import Relation

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
    crossing = [_Crossing.of(position, layer) for position, layer in enumerate(chunk.layers)]
    crossing = [each for each in crossing if len(each)]
    if not crossing:
        return STRETCHES.empty()
    found = [(each.position, part) for each in crossing for part in each.whole()]
    sites = np.unique(np.concatenate([each.layer.facts.site[each.staked] for each in crossing]))
    if len(sites):
        found += _along_stakes(crossing, sites, Stakes.of(chunk.sites.geometry[sites]))
    if not found:
        return STRETCHES.empty()
    order = np.lexsort(
        (
            np.concatenate([part.feature for _, part in found]),
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


@dataclass(frozen=True)
class _Crossing:
    """The overlaps of lines with the features of a layer: rows of its facts.

    Attributes
    ----------
    inside : ndarray of int64
        Of lines that lie in a feature from end to end, for which nothing need be measured.
    staked : ndarray of int64
        The others; of rivers all, since what is not in the water is asked for as well.
    """

    position: int
    layer: LayerFacts
    inside: Indices
    staked: Indices

    @classmethod
    def of(cls, position: int, layer: LayerFacts) -> _Crossing:
        facts, sites = layer.facts, layer.sites
        rows = np.flatnonzero((sites.dimension[facts.site] == LINE) & (facts.overlap >= 0) & (facts.length_m > 0))
        site = facts.site[rows]
        filled = (facts.relation[rows] == CODE[Relation.INSIDE]) & (facts.length_m[rows] == sites.size[site])
        filled &= (layer.layer.data.role.id != BANK_LINE) & ~sites.retraced[site]
        return cls(position, layer, rows[filled], rows[~filled])

    def __len__(self) -> int:
        return len(self.inside) + len(self.staked)

    def whole(self) -> Iterator[Stretches]:
        """Yield the stretches of lines that lie in a feature from end to end."""
        if len(self.inside):
            site, feature = self.layer.facts.site[self.inside], self.layer.facts.feature[self.inside]
            none = np.full(len(site), "", dtype=object)
            yield Stretches(site, feature, np.zeros(len(site)), self.layer.sites.size[site], none)

    def lines(self) -> tuple[Objects, Indices]:
        """Return the lines of the staked overlaps, and the fact that each is of."""
        assert self.layer.met is not None
        parts, of = _lines(self.layer.met.geometry(self.layer.facts.overlap[self.staked], self.layer.sites))
        return parts, self.staked[of]


def _along_stakes(crossing: list[_Crossing], sites: Indices, stakes: Stakes) -> Iterator[tuple[int, Stretches]]:
    """Yield the stretches in features, by the position of their layer, and of a river those on its sides.

    Parameters
    ----------
    sites : ndarray of int64
        The site of each line of the stakes, ascending.
    """
    staked = [each for each in crossing if len(each.staked)]
    lines = [each.lines() for each in staked]
    line = [np.searchsorted(sites, each.layer.facts.site[fact]) for each, (_, fact) in zip(staked, lines, strict=True)]
    begin, end = stakes.stretches(np.concatenate([parts for parts, _ in lines]), np.concatenate(line))
    till = np.cumsum([len(parts) for parts, _ in lines])[:-1]
    for each, (parts, fact), from_m, to_m in zip(
        staked, lines, np.split(begin, till), np.split(end, till), strict=True
    ):
        if len(parts):
            for part in _of_layer(each.layer, sites, stakes, *joined(fact, from_m, to_m)):
                yield each.position, part


def _of_layer(
    layer: LayerFacts, sites: Indices, stakes: Stakes, fact: Indices, begin: Floats, end: Floats
) -> Iterator[Stretches]:
    site, feature = layer.facts.site[fact], layer.facts.feature[fact]
    of_river = layer.layer.data.role.id == BANK_LINE
    yield Stretches(site, feature, begin, end, np.full(len(fact), IN_RIVER if of_river else "", dtype=object))
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
