"""Tells at which sites the features of a layer surely do not overlap one another: what lies in any is then the sum.

Two proofs, both without a geometry made. Either the boxes of what the features have in common with the site are
apart. Or every edge of the features about the site is there twice, once in each direction: across a border the one
feature ends and the other begins, so that as many features lie about every place of the site, and they are one where
their overlaps sum up to the site.
"""

from __future__ import annotations

from ctypes import CDLL

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.ranges import repeats
from ..kernel import library
from ..kernel.outlines import Outlines
from ..prepared.layer import PreparedLayer
from .cuts import PART
from .overlap import Overlaps
from .site_arrays import LINE, POINT, SiteArrays

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_CUTS = 32  # of a site whose cuts are compared each with each
MOST_VERTICES = 20_000  # of a feature all of whose edges are looked at for one site
SHARE, LEAST = 1e-9, 1e-6  # by which a sum may miss the site: of its size, and m² or m


def features_apart(met: Overlaps, sites: SiteArrays, layer: PreparedLayer) -> Flags:
    """Return at which sites no two features of a layer overlap within the site, as far as that is easily proved.

    Returns
    -------
    ndarray of bool, shape (n_sites,)
        False also of sites that meet less than two features, and of those of several parts.
    """
    out = np.zeros(len(sites), dtype=bool)
    count = np.bincount(met.site, minlength=len(sites))
    out[(count > 1) & (sites.n_parts == 1) & (sites.dimension != POINT)] = True
    cuts = met.cuts
    rows = np.flatnonzero(out[sites.parts.site[cuts.part]])
    rows = rows[np.argsort(cuts.part[rows], kind="stable")]  # one part a site: the rows of a site follow each other
    if not len(rows):
        return out
    site = sites.parts.site[cuts.part[rows]]
    box = np.asarray(shapely.bounds(sites.geometry[site]).reshape(-1, 4))
    apart = _boxes_apart(layer, cuts.piece[rows], site, box)
    out[site] = apart
    rest = np.flatnonzero(~apart & _filled(met, sites)[site])
    loops = library.kernel()
    if not len(rest) or loops is None:  # without loops nothing is known of the direction of rings
        return out
    cut = rest[cuts.which[rows[rest]] != PART]  # about a site inside a feature there is no edge of that one
    piece, row = np.unique(cuts.piece[rows[cut]], return_inverse=True)
    outlines = Outlines.of(layer.pieces[piece], loops)
    single = with_single_edges(outlines, row, site[cut], box[cut])
    if len(single):  # where a piece was cut, vertices of the cut are its own: the features have none
        single = _of_features(met, sites, layer, single, loops)
    out[site[rest]] = True
    out[single] = False
    return out


def _of_features(met: Overlaps, sites: SiteArrays, layer: PreparedLayer, site: Indices, loops: CDLL) -> Indices:
    """Return those of the sites about which some edge of a feature is not there once in each direction."""
    feature = met.feature[np.isin(met.site, site)]
    of_site = met.site[np.isin(met.site, site)]
    large = shapely.get_num_coordinates(layer.surface[feature]) > MOST_VERTICES
    parts, index = shapely.get_parts(layer.surface[feature[~large]], return_index=True)
    at = of_site[~large][index]
    box = np.asarray(shapely.bounds(sites.geometry[at]).reshape(-1, 4))
    single = with_single_edges(Outlines.of(parts, loops), np.arange(len(parts)), at, box)
    return np.union1d(single, of_site[large])


def _boxes_apart(layer: PreparedLayer, piece: Indices, site: Indices, box: Floats) -> Flags:
    """Tell, for each cut, whether the boxes of the cuts of its site by different features are apart, or touch.

    Parameters
    ----------
    piece, site : ndarray of int64
        Of cuts, site after site.
    box : ndarray, shape (n, 4)
        Of the site of each.
    """
    own = np.asarray(shapely.bounds(layer.pieces[piece]).reshape(-1, 4))
    low, high = np.maximum(own[:, :2], box[:, :2]), np.minimum(own[:, 2:], box[:, 2:])
    first, start = np.unique(site, return_index=True)
    count = np.diff(np.append(start, len(site)))
    apart = count <= MOST_CUTS
    each = np.repeat(np.where(apart, count, 0), count)
    a, b = repeats(each)
    b += np.repeat(start, count)[a]
    feature = layer.piece_feature[piece]
    meet = (np.maximum(low[a], low[b]) < np.minimum(high[a], high[b])).all(axis=1) & (feature[a] != feature[b])
    apart[np.searchsorted(first, site[a[meet]])] = False
    return np.repeat(apart, count)


def _filled(met: Overlaps, sites: SiteArrays) -> Flags:
    """Tell which sites the overlaps sum up to."""
    measure = np.where(sites.dimension[met.site] == LINE, met.length_m, met.area_m2)
    missing = np.abs(np.bincount(met.site, measure, len(sites)) - sites.size)
    return np.asarray(missing <= LEAST + SHARE * sites.size)


def with_single_edges(outlines: Outlines, row: Indices, site: Indices, box: Floats) -> Indices:
    """Return the sites about which some edge is not there once in each direction.

    Parameters
    ----------
    row, site : ndarray of int64
        Polygons among the outlines, and the site that each is asked of.
    box : ndarray, shape (n, 4)
        Of the site of each.
    """
    vertex, of, turn = _edges(outlines, row)
    x, y = outlines.xy.T
    (west, south, east, north), xa, xb, ya, yb = box.T, x[vertex], x[vertex + 1], y[vertex], y[vertex + 1]
    about = (np.maximum(xa, xb) >= west[of]) & (np.minimum(xa, xb) <= east[of])
    about &= (np.maximum(ya, yb) >= south[of]) & (np.minimum(ya, yb) <= north[of])
    about = np.flatnonzero(about & ((xa != xb) | (ya != yb)))
    at, turn = site[of[about]], turn[about].astype(np.int64)
    ends = np.column_stack([xa[about], ya[about], xb[about], yb[about]])
    back = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[back] = ends[back][:, [2, 3, 0, 1]]
    order = np.lexsort((*ends.T, at))
    ends, at, turn = ends[order], at[order], np.where(back, -turn, turn)[order]
    fresh = np.ones(len(at), dtype=bool)
    fresh[1:] = (at[1:] != at[:-1]) | (ends[1:] != ends[:-1]).any(axis=1)
    start = np.flatnonzero(fresh)
    surplus = np.add.reduceat(turn, start) if len(start) else start
    return np.union1d(at[turn == 0], at[start[surplus != 0]])


def _edges(outlines: Outlines, row: Indices) -> tuple[Indices, Indices, NDArray[np.int8]]:
    """Return the first vertex of every edge of the outlines at those rows, the place among them, and its turn."""
    of, ring = repeats(outlines.shape_ring[row + 1] - outlines.shape_ring[row])
    ring += outlines.shape_ring[row][of]
    start = outlines.ring_start[ring]
    edge_ring, vertex = repeats(outlines.ring_start[ring + 1] - start - 1)
    return vertex + start[edge_ring], of[edge_ring], outlines.turn[ring][edge_ring]
