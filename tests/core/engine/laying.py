"""Pairs laid by the compiled loop, each answer held against what GEOS says of the same pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from ecoredline.layers.geodesy.area import polygon_areas
from ecoredline.layers.geodesy.length import line_lengths
from ecoredline.processing.engine.kernel import library
from ecoredline.processing.engine.kernel.edge_trees import EdgeTree
from ecoredline.processing.engine.kernel.outlines import Outlines
from ecoredline.processing.engine.kernel.overlap import APART, ASK, HOLDS, INSIDE, PARTIAL, Laid, lay
from shapely.geometry.base import BaseGeometry

SAME, LEAST = 1e-9, 1e-6  # m², m


def laid(parts: Sequence[BaseGeometry], pieces: Sequence[BaseGeometry]) -> Laid:
    """Lay each part over the piece at the same place; large parts by the tree of their edges."""
    loops = library.kernel()
    assert loops is not None, "make compiles the loops"
    outlines = [Outlines.of(np.array(shapes, dtype=object), loops) for shapes in (parts, pieces)]
    row = np.arange(len(parts))
    return lay(loops, outlines[0], row, outlines[1], row, EdgeTree.of(outlines[0]))


def wrong(parts: Sequence[BaseGeometry], pieces: Sequence[BaseGeometry], found: Laid) -> list[str]:
    """Return what GEOS contradicts; pairs in doubt claim nothing."""
    out = []
    for i, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
        claim = int(found.outcome[i])
        if claim != ASK and claim != _outcome(part, piece):
            out.append(f"{i}: {claim} instead of {_outcome(part, piece)}")
        if claim == PARTIAL:
            out += [f"{i}: {problem}" for problem in _measures(part, piece, found, i)]
        if found.own[i] and not _crosses(part, piece):
            out.append(f"{i}: said to cross the border")
    return out


def _outcome(part: BaseGeometry, piece: BaseGeometry) -> int:
    if not part.intersects(piece):
        return APART
    if shapely.contains_properly(piece, part):
        return INSIDE
    if shapely.contains_properly(part, piece):
        return HOLDS
    # Neither holds the other: they share more than borders, or only GEOS may say.
    return PARTIAL if part.relate(piece)[0] != "F" else ASK


def _measures(part: BaseGeometry, piece: BaseGeometry, found: Laid, i: int) -> list[str]:
    common = np.array([shapely.intersection(part, piece)], dtype=object)
    if shapely.get_dimensions(part) == 1:
        measures = [(found.length[i], line_lengths(common)[0]), (found.area[i], 0.0)]
    else:
        measures = [(found.area[i], polygon_areas(common)[0]), (found.length[i], 0.0)]
    return [
        f"{mine} instead of {theirs}, by {mine - theirs:.3g}"
        for mine, theirs in measures
        if abs(mine - theirs) > max(SAME * theirs, LEAST)
    ]


def _crosses(part: BaseGeometry, piece: BaseGeometry) -> bool:
    """Tell whether a part lies within, without and across the border."""
    matrix = part.relate(piece)
    return "F" not in matrix[0] + matrix[2]
