"""Unions of polygons that lie a hair beside one another, against sums over strips in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from ecoredline.layers.geodesy.joined import join, joined

# As drawn for one site: corners that two of them share differ by 3e-10 m.
HAIR = """MULTIPOLYGON (
((-3.5021355660896205 -53.99036509992476,1.7123176183054483 -41.52382184965729,-90.54258416946652 -2.9358302351429044,-95.75703735386159 -15.402373485410372,-3.5021355660896205 -53.99036509992476)),
((-5.102204196107209 -54.89679126003832,1.9118621035219974 -43.363430868348765,2.836156291480819 -41.81222145593472,3.7322906695355726 -40.24457558918903,-83.52851786983732 8.597530156546654,-90.54258416946652 -2.9358302351429044,-5.102204196107209 -54.89679126003832)),
((3.73229066912738 -40.24457558896056,10.326148392491021 -28.464056556270496,-76.93466014647368 20.378049189236716,-83.52851786983732 8.597530156546654,3.73229066912738 -40.24457558896056)),
((5.76725198035858 -35.83933007203386,13.346001245560188 -24.690161185148394,-69.35591088127207 31.52721807612218,-76.93466014647368 20.378049189236716,5.76725198035858 -35.83933007203386)),
((12.7920254039403 -25.496606457431408,20.479219728912803 -14.422513220343959,21.55523091545387 -12.84032076568613,22.60077270763903 -11.23783039194533,-61.668716556299565 42.60131131320963,-69.35591088127207 31.52721807612218,12.7920254039403 -25.496606457431408)),
((22.600772707319216 -11.237830391741007,29.86001846475493 0.12440371983935705,-54.40947079886385 53.96354542478999,-61.668716556299565 42.60131131320963,22.600772707319216 -11.237830391741007)),
((28.615698291300134 -1.775321604963878,36.13048242524575 9.41823608008675,36.83603086728686 10.48382863544144,-46.89468666491823 65.15710310984062,-54.40947079886385 53.96354542478999,28.615698291300134 -1.775321604963878)))"""  # noqa: E501
# Three parts of one site, and the same from a source whose corners lie up to 0.04 mm beside them, degrees.
TWICE = """MULTIPOLYGON (
((106.56934585998192 29.499939873706406, 106.56945737946867 29.49990939508919, 106.56952528121995 29.49974128646702, 106.56932071972346 29.499882888113227, 106.56934585998192 29.499939873706406)),
((106.56922333883234 29.499950297155145, 106.56916828750572 29.499988404807898, 106.56926102138839 29.499963060353803, 106.56922333883234 29.499950297155145)),
((106.56926102138839 29.499963060353803, 106.56934585998192 29.499939873706406, 106.56932071972346 29.499882888113227, 106.56922333883234 29.499950297155145, 106.56926102138839 29.499963060353803)),
((106.5693458599655 29.49993987359513, 106.56945737970997 29.499909395156678, 106.56952528096154 29.49974128661671, 106.56932071978795 29.49988288805947, 106.5693458599655 29.49993987359513)),
((106.56922333864172 29.499950296929608, 106.56916828758266 29.49998840464604, 106.56926102165247 29.499963060515405, 106.56922333864172 29.499950296929608)),
((106.56926102165247 29.499963060515405, 106.5693458599655 29.49993987359513, 106.56932071978795 29.49988288805947, 106.56922333864172 29.499950296929608, 106.56926102165247 29.499963060515405)))"""  # noqa: E501


def exact_area(parts: list[shapely.Polygon]) -> float:
    """Return the area of the union of polygons: strips between all corners and crossings, in fractions."""
    edges = [
        (of, tuple(map(Fraction, a)), tuple(map(Fraction, b)))
        for of, part in enumerate(parts)
        for ring in (part.exterior, *part.interiors)
        for a, b in pairwise(ring.coords)
        if a[0] != b[0]
    ]
    edges = [(of, min(a, b), max(a, b)) for of, a, b in edges]
    slope = [(b[1] - a[1]) / (b[0] - a[0]) for _, a, b in edges]
    cuts = {x for _, a, b in edges for x in (a[0], b[0])}
    for i, (_, a, b) in enumerate(edges):
        for j, (_, c, d) in enumerate(edges[:i]):
            if slope[i] != slope[j]:
                x = (c[1] - slope[j] * c[0] - a[1] + slope[i] * a[0]) / (slope[i] - slope[j])
                if max(a[0], c[0]) < x < min(b[0], d[0]):
                    cuts.add(x)
    total = Fraction(0)
    for west, east in pairwise(sorted(cuts)):
        middle = (west + east) / 2
        crossed = sorted(
            (a[1] + slope[i] * (middle - a[0]), of) for i, (of, a, b) in enumerate(edges) if a[0] < middle < b[0]
        )
        inside: set[int] = set()
        for (low, of), (high, _) in pairwise([*crossed, (Fraction(0), -1)]):
            inside ^= {of}
            total += (high - low) * (east - west) if inside else 0
    return float(total)


def test_no_area_is_lost_where_corners_lie_a_hair_beside_one_another() -> None:
    parts = shapely.get_parts(shapely.from_wkt(HAIR))
    exact = exact_area(list(parts))
    assert abs(shapely.area(shapely.union_all(parts)) / exact - 1) > 1e-3  # why there is a way of our own
    assert shapely.area(join(parts)) == pytest.approx(exact, rel=1e-12)


def test_a_border_from_two_sources_moves_no_corner() -> None:
    parts = shapely.get_parts(shapely.from_wkt(TWICE))
    exact = exact_area(list(parts))
    assert abs(shapely.area(shapely.union_all(parts)) / exact - 1) > 1e-7
    assert shapely.area(join(parts)) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("hair", [0.0, 3e-15, 1e-12, 1e-9])
def test_random_sites_cut_by_features_that_share_borders(seed: int, hair: float) -> None:
    rng = np.random.default_rng([seed, round(-np.log10(hair + 1e-20))])
    turn = (np.arange(8) + rng.uniform(0, 0.9, 8)) * np.pi / 4
    away = rng.uniform(0.001, 0.004, 8)
    site = shapely.Polygon(np.column_stack([106.5 + away * np.cos(turn), 29.5 + away * np.sin(turn)]))
    site = shapely.difference(site, shapely.box(106.4999, 29.4999, 106.5001, 29.5002))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(rng.normal((106.5, 29.5), 0.002, (5, 2)))))
    cut = shapely.get_parts(shapely.intersection(cells, site))
    cut = cut[shapely.get_type_id(cut) == 3]
    again = shapely.transform(cut[::2], lambda xy: xy + hair * np.sin(xy * 1e13))
    parts = np.concatenate([cut, again[shapely.is_valid(again)]])
    union = join(parts)
    assert union.is_valid
    assert shapely.area(union) == pytest.approx(exact_area(list(parts)), rel=1e-9)


def test_each_place_has_its_own_union_and_only_polygons_count() -> None:
    square = shapely.box(106.0, 29.0, 106.1, 29.1)
    mixed = shapely.GeometryCollection([square, shapely.LineString([(0, 0), (1, 1)]), shapely.Point(3, 3)])
    shapes = np.array([mixed, shapely.Point(1, 1), square, shapely.box(106.1, 29.0, 106.2, 29.1), None], dtype=object)
    found = joined(shapes, np.array([2, 1, 0, 2, 0]))
    assert len(found) == 3 and found[1].is_empty
    assert shapely.equals(found[0], square)
    assert shapely.equals(found[2], shapely.box(106.0, 29.0, 106.2, 29.1))
    assert set(shapely.get_coordinates(found).ravel()) <= set(shapely.get_coordinates(shapes).ravel())
    assert len(joined(np.empty(0, dtype=object), np.empty(0, dtype=np.int64))) == 0
    assert join(np.empty(0, dtype=object)).is_empty
