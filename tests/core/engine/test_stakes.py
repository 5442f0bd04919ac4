"""Metres along many lines at once, against walking each line by itself edge by edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.length import line_lengths
from ecoredline.processing.engine.dossier.stretches import JOIN_M, joined
from ecoredline.processing.engine.facts.stakes import Stakes

RNG = np.random.default_rng(7)


def wild(n: int, step: float = 2e-3) -> np.ndarray:
    """Return a walk that crosses itself, in degrees."""
    return np.array([106.5, 29.5]) + np.cumsum(RNG.normal(0, step, (n, 2)), axis=0)


def length_of(corners: list[np.ndarray]) -> float:
    return float(line_lengths(np.array([shapely.LineString(corners)]))[0]) if len(corners) > 1 else 0.0


def cut(xy: np.ndarray, begin: float, end: float) -> tuple[shapely.LineString, float, float]:
    """Return the part of a walk between two places, counted in edges, and their metres from its start."""

    def spot(place: float) -> np.ndarray:
        edge = min(int(place), len(xy) - 2)
        return xy[edge] + (xy[edge + 1] - xy[edge]) * (place - edge)

    def upto(place: float) -> float:
        return length_of([*xy[: int(place) + 1], spot(place)] if place % 1 else list(xy[: int(place) + 1]))

    inner = [xy[i] for i in range(int(begin) + 1, int(np.ceil(end)))]
    return shapely.LineString([spot(begin), *inner, spot(end)]), upto(begin), upto(end)


def test_parts_of_many_lines_lie_where_walking_each_line_finds_them() -> None:
    walks = [wild(n) for n in (2, 5, 40, 200)]
    walks.append(walks[2][::-1] + 1e-4)  # the same course beside it, the other way
    parts, line, expected = [], [], []
    for number, xy in enumerate(walks):
        for _ in range(8):
            begin, end = np.sort(RNG.uniform(0, len(xy) - 1, 2))
            part, from_m, to_m = cut(xy, begin, end)
            parts.append(part if RNG.random() < 0.5 else part.reverse())
            line.append(number)
            expected.append((from_m, to_m))
    order = RNG.permutation(len(parts))
    stakes = Stakes.of(np.array([shapely.LineString(xy) for xy in walks]))
    from_m, to_m = stakes.stretches(np.array(parts, dtype=object)[order], np.array(line)[order])
    assert np.abs(np.column_stack([from_m, to_m]) - np.array(expected)[order]).max() < 1e-6


def test_a_line_has_the_same_metres_to_the_last_digit_whatever_lies_beside_it() -> None:
    walks = [wild(30) for _ in range(12)]
    lines = np.array([shapely.LineString(xy) for xy in walks])
    parts = np.array([cut(xy, 3.3, 21.7)[0] for xy in walks], dtype=object)
    together = Stakes.of(lines)
    at = np.arange(len(lines))
    begin, end = together.stretches(parts, at)
    for i in at:
        alone = Stakes.of(lines[[i]])
        assert np.array_equal(np.ravel(alone.stretches(parts[[i]], np.array([0]))), [begin[i], end[i]])
        assert np.array_equal(alone.at(np.array([0]), end[[i]]), together.at(np.array([i]), end[[i]]))


def test_parts_of_a_multiline_follow_each_other() -> None:
    first, second = np.array([[106.0, 29.0], [106.0, 29.01]]), np.array([[106.02, 29.0], [106.02, 29.03]])
    stakes = Stakes.of(np.array([shapely.MultiLineString([first, second])]))
    gap = length_of(list(first))
    begin, end = stakes.stretches(np.array([shapely.LineString(second)]), np.array([0]))
    assert begin[0] == pytest.approx(gap, abs=1e-9) and end[0] == pytest.approx(stakes.total[0], abs=1e-9)
    # Where the first part ends the second begins: so many metres stand for the second one's start.
    found = stakes.at(np.array([0, 0]), np.array([gap, gap / 2]))
    assert np.abs(found - [[106.02, 29.0], [106.0, 29.005]]).max() < 1e-12


def test_places_are_found_on_their_own_line() -> None:
    walks = [wild(20, 2e-4), wild(20, 2e-4)]  # metres along a long edge are not quite degrees along it
    stakes = Stakes.of(np.array([shapely.LineString(xy) for xy in walks]))
    for number, xy in enumerate(walks):
        for place in (0.0, 3.0, 7.25, 18.5, 19.0):
            part, _, to_m = cut(xy, 0.0, place) if place else (shapely.LineString([xy[0], xy[1]]), 0.0, 0.0)
            found = stakes.at(np.array([number]), np.array([to_m]))[0]
            assert np.hypot(*(found - (part.coords[-1] if place else xy[0]))) < 1e-9


def test_the_only_edge_at_a_place_is_the_one_that_the_index_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = [wild(n) for n in (2, 6, 60)]
    walks.append(np.concatenate([walks[1], walks[1][::-1], walks[1][-1:]]))  # back over itself, a vertex twice
    stakes = Stakes.of(np.array([shapely.LineString(xy) for xy in walks]))
    spots, line, expected = [], [], []
    for number, xy in enumerate(walks):
        for edge in range(len(xy) - 1):
            for share, aside in ((0.0, 0.0), (0.5, 0.0), (0.75, 0.9e-9), (0.4837, 1.1e-9), (0.3, 1e-4)):
                step = xy[edge + 1] - xy[edge]
                across = np.array([-step[1], step[0]]) / max(np.hypot(*step), 1e-12)
                spots.append(xy[edge] + step * share + across * aside)
                line.append(number)
                expected.append(edge if number < 3 and share in (0.5, 0.75) else -1)
    found = stakes.edge_at(np.array(spots), np.array(line))
    first = np.searchsorted(stakes.line, line)
    sure = np.array(expected) >= 0
    assert np.array_equal((found - first)[sure], np.array(expected)[sure])
    monkeypatch.setattr("ecoredline.processing.engine.facts.stakes.MOST_PAIRS", 0)
    assert np.array_equal(found, stakes.edge_at(np.array(spots), np.array(line)))


def test_stretches_of_a_group_are_joined_as_one_after_the_other() -> None:
    for _ in range(200):
        n = int(RNG.integers(1, 12))
        group = RNG.integers(0, 3, n)
        begin = RNG.integers(0, 12, n) + RNG.choice([0.0, JOIN_M, 2 * JOIN_M], n)
        end = begin + RNG.integers(0, 6, n)
        expected: list[list[float]] = []
        for g, b, e in sorted(zip(group.tolist(), begin.tolist(), end.tolist(), strict=True)):
            if expected and expected[-1][0] == g and b <= expected[-1][2] + JOIN_M:
                expected[-1][2] = max(expected[-1][2], e)
            else:
                expected.append([g, b, e])
        assert np.column_stack(joined(group, begin, end)).tolist() == expected
