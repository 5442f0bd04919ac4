"""Invented outlines: rings and lines of any length with edges as ragged as surveyed ones, all by numpy at once.

Every edge is broken at its middle again and again, each time pushed aside by a share of its length that shrinks
from level to level. The shares add up to less than an eighth of a turn, so that edges of one ring stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import shapely

AMPLITUDE, DECAY = 0.045, 0.87
Box = tuple[float, float, float, float]


def displaced(
    start: np.ndarray, end: np.ndarray, levels: int, rng: np.random.Generator, amplitude: float = AMPLITUDE
) -> np.ndarray:
    """Return n edges broken `levels` times, shape (n, 2**levels + 1, 2)."""
    points = np.stack([start, end], axis=1)
    for level in range(levels):
        along = points[:, 1:] - points[:, :-1]
        aside = np.stack([-along[..., 1], along[..., 0]], axis=2)
        push = rng.uniform(-1, 1, aside.shape[:2])[..., None] * amplitude * DECAY**level
        middle = points[:, :-1] + along / 2 + push * aside
        finer = np.empty((len(points), 2 * points.shape[1] - 1, 2))
        finer[:, 0::2], finer[:, 1::2] = points, middle
        points = finer
    return points


def rings(
    centre: np.ndarray, radius: np.ndarray, vertices: np.ndarray, rng: np.random.Generator, amplitude: float = AMPLITUDE
) -> np.ndarray:
    """Return n closed rings about centres, with about as many vertices as asked for (5 or more each).

    Parameters
    ----------
    centre, radius : ndarray, shape (n, 2)
        Radii in x and y; no ring leaves that ellipse by more than a tenth.
    """
    levels = np.maximum(0, np.floor(np.log2(vertices / 5))).astype(int)
    corners = np.maximum(5, np.round(vertices / 2.0**levels)).astype(int)
    out = np.empty(len(centre), dtype=object)
    for level in np.unique(levels):
        of = np.flatnonzero(levels == level)
        count = corners[of]
        ring = np.repeat(np.arange(len(of)), count)
        place = np.arange(len(ring)) - np.repeat(np.cumsum(count) - count, count)
        angle = 2 * np.pi * (place + rng.uniform(-0.2, 0.2, len(ring))) / count[ring]
        reach = rng.uniform(0.7, 0.9, len(ring))[:, None] * radius[of][ring]
        start = centre[of][ring] + reach * np.column_stack([np.cos(angle), np.sin(angle)])
        after = np.where(place + 1 == count[ring], np.arange(len(ring)) - count[ring] + 1, np.arange(len(ring)) + 1)
        paths = displaced(start, start[after], int(level), rng, amplitude)[:, :-1]
        index = np.repeat(ring, paths.shape[1])
        out[of] = shapely.linearrings(paths.reshape(-1, 2), indices=index)
    return out


def polygons(
    centre: np.ndarray, radius: np.ndarray, vertices: np.ndarray, holed: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return n valid polygons; every holed one has a ring of a tenth of the vertices cut from its middle."""
    state = rng.bit_generator.state
    shapes = np.empty(len(centre), dtype=object)
    left, amplitude = np.arange(len(centre)), AMPLITUDE
    while len(left):
        rng.bit_generator.state = state
        shells = rings(centre[left], radius[left], vertices[left], rng, amplitude)
        shapes[left] = shapely.polygons(shells)
        inner = left[holed[left]]
        if len(inner):
            holes = rings(centre[inner], 0.3 * radius[inner], np.maximum(5, vertices[inner] // 10), rng, amplitude)
            shapes[inner] = shapely.polygons(shells[holed[left]], holes=holes[:, None])
        left = left[~shapely.is_valid(shapes[left])]
        amplitude /= 2
    return shapes


def plots(weights: Sequence[float], box: Box) -> np.ndarray:
    """Return one rectangle per weight, shape (n, 4), of areas in their proportion, tiling the box."""
    total = np.concatenate([[0.0], np.cumsum(weights)])
    out = np.empty((len(weights), 4))
    stack = [(0, len(weights), box)]
    while stack:
        first, last, (west, south, east, north) = stack.pop()
        if last - first == 1:
            out[first] = west, south, east, north
            continue
        half = (total[first] + total[last]) / 2
        middle = min(max(int(np.searchsorted(total, half)), first + 1), last - 1)
        share = (total[middle] - total[first]) / (total[last] - total[first])
        if east - west > north - south:
            x = west + share * (east - west)
            stack += [(first, middle, (west, south, x, north)), (middle, last, (x, south, east, north))]
        else:
            y = south + share * (north - south)
            stack += [(first, middle, (west, south, east, y)), (middle, last, (west, y, east, north))]
    return out


def spread(n: int, total: int, median: float, largest: int = 0) -> np.ndarray:
    """Return n vertex counts of a skewed spread with that sum, median and, where given, largest one."""
    z = np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])
    top = np.floor(largest / np.arange(1, min(12, n) + 1)) if largest else np.empty(0)

    def counts_at(sigma: float) -> np.ndarray:
        counts = np.maximum(5.0, median * np.exp(sigma * z))
        counts[n - len(top) :] = top[::-1]
        return counts

    low, high = 0.0, 4.0
    for _ in range(60):
        sigma = (low + high) / 2
        low, high = (sigma, high) if counts_at(sigma).sum() < total else (low, sigma)
    return np.round(counts_at(low)).astype(int)
