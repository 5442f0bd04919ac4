"""The result of a run as layers: overlaps, shortest lines, limits and rings lie where the figures say."""

from __future__ import annotations

import pytest


def test_result_frames_hold_verdicts_overlaps_lines_and_rings(qgis):
    """Against the numbers of the findings, measured anew."""
    import geopandas as gpd
    import shapely
    from ecoredline.layers.geodesy.distance import inverse
    from ecoredline.layers.progress import Progress
    from ecoredline.layers.sources import LayerSet, LayerSource
    from ecoredline.processing.algorithms.finding_shapes import finding_shapes
    from ecoredline.processing.algorithms.run_frames import frames_of_run, rings_per_river
    from ecoredline.processing.engine import screen

    red = gpd.GeoDataFrame({"HXBM": ["H1"]}, geometry=[shapely.box(106.5, 29.49, 106.52, 29.52)], crs=4490)
    bank = gpd.GeoDataFrame(
        {"AXBM": ["B1"], "HLMC": ["虚江"], "河流类别": ["干流"], "岸线定义": ["临水线"], "side": ["left"]},
        geometry=[shapely.LineString([(106.4, 29.488), (106.6, 29.488)])],
        crs=4490,
    )
    layer_set = LayerSet("t", (LayerSource("red_line", "r", frame=red), LayerSource("bank_line", "b", frame=bank)))
    site = gpd.GeoDataFrame(
        {"site_id": ["a"], "nature": ["新建"], "industry": ["C2614"], "is_chemical": ["是"]},
        geometry=[shapely.box(106.495, 29.495, 106.505, 29.505)],
        crs=4490,
    )
    screening = screen(site, layer_set)
    frames = frames_of_run(screening, layer_set, Progress())
    assert set(frames) == {"sites_polygon", "overlap_polygon", "distance", "limit_ring"}
    findings = screening.findings
    row = findings[findings["role"] == "bank_line"].iloc[0]
    facts = screening.facts[screening.facts["role"] == "bank_line"].iloc[0]
    pair = (facts["site_lon"], facts["site_lat"], facts["feature_lon"], facts["feature_lat"])
    shapes = finding_shapes(screening, layer_set, "a", "bank_line", row["feature_id"], row["limit_m"], pair)
    (x1, y1), (x2, y2) = shapely.get_coordinates(shapely.from_wkb(shapes.line))
    assert float(inverse(x1, y1, x2, y2)[0]) == pytest.approx(row["distance_m"], abs=1e-3)
    limited = findings[findings["limit_m"] > 0].iloc[0]
    ring = shapely.from_wkb(
        finding_shapes(screening, layer_set, "a", "red_line", limited["feature_id"], limited["limit_m"], None).ring
    )
    parallel = shapely.LineString([(106.49, 29.5), (106.5, 29.5)])  # westward from the edge of the red line
    west = shapely.get_coordinates(shapely.intersection(ring, parallel))[:, 0].min()
    assert float(inverse(106.5, 29.5, west, 29.5)[0]) == pytest.approx(limited["limit_m"], abs=1.0)
    rings = rings_per_river(screening, layer_set, Progress())
    assert rings["river"].tolist() == ["虚江"] * 3
    assert rings["outer_m"].tolist() == [1000.0, 3000.0, 5000.0]
    assert not shapely.covers(rings.geometry.iloc[1], shapely.Point(106.5, 29.489))
    assert shapely.covers(rings.geometry.iloc[0], shapely.Point(106.5, 29.489))
