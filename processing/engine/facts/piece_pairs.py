"""Lays the connected parts of sites over the pieces of features.

A compiled loop answers what rounding leaves no doubt about. The rest, and all where there is no such loop, is asked
of GEOS: a part that does not meet the outline of a piece lies wholly inside or outside it, and only what is left is
intersected, with a small piece and never with a large feature.
"""

from __future__ import annotations

from ctypes import CDLL
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.length import line_lengths
from ..kernel import library
from ..kernel.outlines import Outlines
from ..kernel.overlap import APART, ASK, HOLDS, INSIDE, PARTIAL, Laid, lay
from ..prepared.layer import PreparedLayer
from .cuts import BOTH, PART, PIECE, Cuts
from .nearest import at_rims
from .site_arrays import LINE, POINT, POLYGON, SiteArrays, SiteParts

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WORTH_KEEPING = 50  # one in so many pieces is asked for: the outlines of all are worth their memory
SAME, LEAST_M2 = 1 + 1e-9, 1e-6


@dataclass(frozen=True)
class PiecePairs:
    """Pairs of a part of a site and a piece of a feature that meet.

    Attributes
    ----------
    site, feature : ndarray of int64
    area, length : ndarray
        m² and m of what is common.
    along : ndarray
        How much of a line runs along the outline of the piece, m.
    inside : ndarray of bool
        The part lies in the interior of the feature.
    crosses : ndarray of bool
        The part surely crosses the border of the feature.
    holds : ndarray of bool
        The piece surely lies in the interior of the part.
    cuts : Cuts
    """

    site: Indices
    feature: Indices
    area: Floats
    length: Floats
    along: Floats
    inside: Flags
    crosses: Flags
    holds: Flags
    cuts: Cuts


def piece_pairs(sites: SiteArrays, layer: PreparedLayer, part: Indices, piece: Indices) -> PiecePairs:
    """Return the pairs that meet, of those whose boxes do."""
    parts, feature = sites.parts, layer.piece_feature[piece]
    dimension = parts.dimension[part]
    laid = _laid(sites, layer, part, piece)
    outcome, near = laid.outcome, np.full(len(part), None, dtype=object)
    asked = np.flatnonzero(outcome == ASK)
    if len(asked):
        shape = layer.pieces[piece[asked]]
        near[asked] = parts.vicinity.about(part[asked], shapely.bounds(shape).reshape(-1, 4))
        outcome[asked] = _by_outline(near[asked], parts.anchor[part[asked]], shape)
    doubtful = np.flatnonzero((outcome >= HOLDS) & (dimension != POINT))
    if len(doubtful) and laid.own.any():
        key = part * len(layer.surface) + feature
        doubtful = doubtful[~np.isin(key[doubtful], key[laid.own])]
    if len(doubtful):
        within, again = _off_the_rim(parts, layer, part, piece, doubtful)
        outcome[within], outcome[again] = INSIDE, APART

    partial, inside, holds = outcome == PARTIAL, outcome == INSIDE, np.flatnonzero(outcome == HOLDS)
    area, length, along = laid.area * partial, laid.length * partial, np.zeros(len(part))
    for measure, kind in ((area, POLYGON), (length, LINE)):
        whole = inside & (dimension == kind)
        measure[whole] = parts.size[part[whole]]
    area[holds] = layer.piece_area[piece[holds]]
    made, which = np.full(len(part), None, dtype=object), np.full(len(part), BOTH, dtype=np.uint8)
    which[inside | (dimension == POINT)], which[holds] = PART, PIECE
    overlay = np.flatnonzero((outcome == ASK) & (dimension != POINT))
    if len(overlay):
        geometry, shape = near[overlay], layer.pieces[piece[overlay]]
        made[overlay] = shapely.intersection(geometry, shape)
        area[overlay] = polygon_areas(made[overlay])
        lines = dimension[overlay] == LINE
        length[overlay[lines]] = line_lengths(made[overlay[lines]])
        along[overlay[lines]] = line_lengths(shapely.intersection(geometry[lines], shapely.boundary(shape[lines])))

    met = np.flatnonzero(outcome != APART)
    cuts = Cuts(parts.vicinity, layer.pieces, part[met], piece[met], which[met], made[met])
    return PiecePairs(
        parts.site[part[met]], feature[met], area[met], length[met], along[met], inside[met], laid.own[met],
        outcome[met] == HOLDS, cuts,
    )  # fmt: skip


def _laid(sites: SiteArrays, layer: PreparedLayer, part: Indices, piece: Indices) -> Laid:
    """Return what the compiled loop says of pairs; that all are in doubt where there is none."""
    n, loops = len(part), library.kernel()
    if loops is None or sites.parts.outlines is None:
        return Laid(np.full(n, ASK, dtype=np.uint8), np.zeros(n, dtype=bool), np.zeros(n), np.zeros(n))
    pieces, row = _piece_outlines(layer, piece, loops)
    laid = lay(loops, sites.parts.outlines, part, pieces, row, sites.parts.edges)
    partial = np.flatnonzero(laid.outcome == PARTIAL)
    if len(partial):
        part, piece = part[partial], piece[partial]
        most = np.minimum(sites.parts.size[part], layer.piece_area[piece]) * SAME + LEAST_M2
        astray = laid.area[partial] > most
        laid.outcome[partial[sites.doubled[part] | astray]] = ASK  # what a line runs twice counts once
    return laid


def _piece_outlines(layer: PreparedLayer, piece: Indices, loops: CDLL) -> tuple[Outlines, Indices]:
    """Return outlines among which those of some pieces are, and where."""
    if "outlines" in vars(layer) or len(piece) * WORTH_KEEPING > len(layer.pieces):
        return layer.outlines, piece
    return Outlines.of(layer.pieces[piece], loops), np.arange(len(piece))


def _by_outline(part: Objects, anchor: Floats, piece: Objects) -> NDArray[np.uint8]:
    """Tell which parts lie in their piece, which are apart from it, and which are to be intersected with it."""
    meets = shapely.intersects(part, shapely.boundary(piece))
    inside = shapely.contains_xy(piece, anchor[:, 0], anchor[:, 1])
    return np.select([meets, inside], [ASK, INSIDE], APART).astype(np.uint8)


def _off_the_rim(
    parts: SiteParts, layer: PreparedLayer, part: Indices, piece: Indices, crossing: Indices
) -> tuple[Indices, Indices]:
    """Find parts that cross cutting lines only, so that they lie in the interior of their feature.

    Returns
    -------
    within, again : ndarray of int64
        Of each such part the pair with the piece that holds its first vertex, and its other pairs.
    """
    feature = layer.piece_feature[piece[crossing]]
    apart = ~meets_rim(parts.geometry, layer, part[crossing], feature)
    rows = crossing[apart]
    key = part[rows] * len(layer.surface) + feature[apart]
    anchor = parts.anchor[part[rows]]
    # Where a cutting line ends a hair beyond the rim, a part outside may meet it: its own place decides.
    holds = np.flatnonzero(shapely.contains_xy(layer.pieces[piece[rows]], anchor[:, 0], anchor[:, 1]))
    found, first = np.unique(key[holds], return_index=True)
    within = holds[first]
    again = np.isin(key, found)
    again[within] = False
    return rows[within], rows[again]


def meets_rim(shape: Objects, layer: PreparedLayer, row: Indices, feature: Indices) -> Flags:
    """Tell which pairs of a shape, by its row, and a feature meet at the feature's boundary, cutting lines left out."""
    meets, unsure = at_rims(shape, layer, row, feature)
    rest = np.flatnonzero(unsure)
    if len(rest):
        each, at = np.unique(row[rest], return_inverse=True)
        met, run = layer.rims.tree.query(shape[each], predicate="intersects")
        n = len(layer.surface)
        meets[rest] = np.isin(at * n + feature[rest], met * n + layer.rims.feature[run])
    return meets
