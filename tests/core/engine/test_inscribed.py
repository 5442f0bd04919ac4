"""Depth of overlaps of areas, as it is measured and as it is judged; with the compiled loop and without."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.processing.engine.facts.inscribed import polygon_depths
from ecoredline.processing.engine.kernel import inscribed
from shapely import MultiPolygon, Polygon
from shapely.affinity import rotate, translate
from small_runs import GROUND, Ground, layer, one, rule, run

CLOSE_M = 0.1


def array(*shapes: object) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def test_many_at_once_are_as_deep_as_each() -> None:
    rng = np.random.default_rng(5)
    shapes = []
    for _ in range(40):
        angle = np.sort(rng.uniform(0, 2 * np.pi, 30))
        star = Polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * rng.uniform(20, 200, (30, 1)))
        parts = shapely.get_parts(shapely.make_valid(star))
        shapes.append(
            translate(MultiPolygon([p for p in parts if p.geom_type == "Polygon"]), *rng.uniform(-900, 900, 2))
        )
    depths = polygon_depths(array(*(GROUND.degrees(shape) for shape in shapes)))
    for shape, depth in zip(shapes, depths, strict=True):
        radius = max(shapely.maximum_inscribed_circle(part, tolerance=1e-4).length for part in shape.geoms)
        assert depth == pytest.approx(2 * radius, abs=CLOSE_M)


def test_what_has_no_area_has_no_depth() -> None:
    mixed = shapely.GeometryCollection([GROUND.line((0, 0), (9, 9)), GROUND.box(0, 0, 30, 8)])
    depths = polygon_depths(
        array(Polygon(), mixed, GROUND.box(0, 0, 5, 5), MultiPolygon(), GROUND.line((0, 0), (9, 9)))
    )
    assert depths == pytest.approx([0, 8, 5, 0, 0], abs=CLOSE_M)
    assert len(polygon_depths(array())) == 0


@pytest.mark.parametrize("lat", [3.0, 29.5, 53.0])
def test_metres_are_metres_everywhere(lat: float) -> None:
    shape = rotate(shapely.box(-2000, -1500, 2000, 1500), 20)
    assert polygon_depths(array(Ground(106.5, lat).degrees(shape))) == pytest.approx([3000], abs=CLOSE_M)


def test_where_the_loop_gives_up_geos_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    ell = GROUND.degrees(Polygon([(0, 0), (300, 0), (300, 10), (50, 10), (50, 50), (0, 50)]))
    two = shapely.union_all([ell, GROUND.box(1000, 0, 1001, 1)])
    monkeypatch.setattr(inscribed, "MOST_BOXES", 2)
    assert polygon_depths(array(ell, two, GROUND.box(0, 0, 40, 90))) == pytest.approx([50, 50, 40], abs=CLOSE_M)


AREA = GROUND.box(0, 0, 2000, 2000)


@pytest.mark.parametrize(("deep", "verdict"), [(5.25, "prohibited"), (4.75, "needs_review")])
@pytest.mark.parametrize("turn", [0.0, 40.0])
def test_an_overlap_is_deeper_than_the_band_or_not(deep: float, verdict: str, turn: float) -> None:
    """A band of 5 m from the site; the strip goes in over its whole length, then across a corner."""
    strip = shapely.box(-60, 300, deep, 800)
    area = AREA
    if turn:
        strip, area = (
            GROUND.degrees(rotate(shape, turn, origin=(0, 0))) for shape in (strip, shapely.box(0, 0, 2000, 2000))
        )
    else:
        strip = GROUND.degrees(strip)
    row = one(run((strip, {"accuracy_m": 5.0}), [layer("red_line", area)], rule()).findings)
    assert row["margin_m"] == pytest.approx(deep, abs=CLOSE_M)
    assert row["verdict"] == verdict
