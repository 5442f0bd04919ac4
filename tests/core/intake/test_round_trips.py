"""Whatever is written comes back: every boundary point within 1 mm, every id and name, in every format."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.export import write_sites
from ecoredline.layers.export.corners import corners
from ecoredline.layers.intake.offsets import NOTE
from ecoredline.layers.sites import normalise, read, read_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
LETTERS = st.characters(codec="gb2312", exclude_categories=("Cc", "Zl", "Zp"), exclude_characters=",，;；@\"'=+-")
NAMES = st.text(LETTERS, max_size=12)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def rings(draw):
    """A star-shaped ring of 3 to 30 corners, up to some kilometres wide, anywhere in Chongqing."""
    n = draw(st.integers(3, 30))
    radii = np.array(draw(st.lists(st.floats(0.3, 1.0), min_size=n, max_size=n)))
    size = draw(st.floats(2e-4, 3e-2))
    x, y = draw(st.floats(105.4, 110.0)), draw(st.floats(28.3, 32.1))
    angles = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.column_stack([x + size * radii * np.cos(angles), y + size * radii * np.sin(angles)])
    return np.vstack([ring, ring[:1]])


@st.composite
def frames(draw):
    shapes, names = [], []
    for _ in range(draw(st.integers(1, 3))):
        ring = draw(rings())
        middle = ring[:-1].mean(axis=0)
        hole = [(middle + 0.1 * (ring - middle))] if draw(st.booleans()) else []
        shapes.append(shapely.Polygon(ring, hole))
        names.append(draw(NAMES).strip() or None)
    ids = [f"甲{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"site_id": ids, "name": names}, geometry=shapes, crs=4490)


def furthest(one: shapely.Geometry, two: shapely.Geometry) -> float:
    """The greatest distance in metres from a boundary point of one to the nearest of the other, both ways."""
    a, b = shapely.get_coordinates(one), shapely.get_coordinates(two)
    away = 0.0
    for first, second in ((a, b), (b, a)):
        gaps = np.abs(first[:, None] - second[None]).sum(axis=2)
        near = second[gaps.argmin(axis=1)]
        away = max(away, float(np.max(GEOD.inv(*first.T, *near.T)[2])))
    return away


@pytest.mark.parametrize("form", ["txt", "gbk", "kml", "shp", "gpkg"])
@given(frames())
@FEW
def test_sites_written_and_read_are_the_same(form, frame):
    frame = frame[frame.is_valid].reset_index(drop=True)
    if frame.empty:
        return
    zone = round(float(frame.total_bounds[[0, 2]].mean()) / 3)
    plane = frame.to_crs(4488 + zone)
    sites = normalise(plane, "x")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"s.{'txt' if form == 'gbk' else form}"
        if frame.total_bounds[2] - frame.total_bounds[0] > 4:  # no zone holds them all
            return
        written = write_sites(sites, path, zone=zone, encoding="gbk" if form == "gbk" else "utf-8")
        choice = f"EPSG:{4488 + zone}" if path.suffix == ".txt" else None
        back = read(written[0], crs=choice)
    assert len(back.sites) == len(sites)
    assert back.left_out.empty
    assert back.sites["site_id"].tolist() == sites["site_id"].tolist()
    assert back.sites["name"].tolist() == sites["name"].tolist()
    for before, after in zip(frame.geometry, corners(back.sites), strict=True):
        assert furthest(before, after) < 1e-3
        assert shapely.get_num_coordinates(before) == shapely.get_num_coordinates(after)


def test_vertices_for_measuring_are_not_written(tmp_path):
    long = shapely.Polygon([(106.4, 29.4), (106.5, 29.4), (106.5, 29.5), (106.45, 29.45), (106.4, 29.4)])
    sites = normalise(gpd.GeoDataFrame({"site_id": ["a"]}, geometry=[long], crs=4490).to_crs(4523), "x")
    assert shapely.get_num_coordinates(sites.geometry[0]) > 100
    assert shapely.get_num_coordinates(corners(sites)[0]) == 5
    write_sites(sites, tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").count("J") == 5


def test_lines_points_parts_and_notes_come_back(tmp_path):
    shapes = [
        shapely.LineString([(106.4, 29.4), (106.41, 29.41)]),
        shapely.Point(106.5, 29.5),
        shapely.MultiPolygon([shapely.box(106.4, 29.4, 106.41, 29.41), shapely.box(106.42, 29.4, 106.43, 29.41)]),
        shapely.MultiLineString([[(106.4, 29.4), (106.41, 29.41)], [(106.5, 29.4), (106.51, 29.41)]]),
    ]
    columns = {"site_id": list("abcd"), "coordinate_note": [NOTE] * 4, "is_mining": [True, False, None, True]}
    sites = normalise(gpd.GeoDataFrame(columns, geometry=shapes, crs=4490), "x")
    for name in ("a.txt", "a.kml", "a.gpkg"):
        back = read(write_sites(sites, tmp_path / name, zone=36)[0], crs="EPSG:4524" if name == "a.txt" else None).sites
        for before, after in zip(shapes, corners(back), strict=True):
            assert furthest(before, after) < 1e-3
        assert back["coordinate_note"].tolist() == [NOTE] * 4
        if name != "a.txt":
            assert back["is_mining"].tolist() == [True, False, None, True]
    written = write_sites(sites, tmp_path / "b.shp")
    assert [path.name for path in written] == ["b_line.shp", "b_point.shp", "b_polygon.shp"]
    assert sum(len(read(path).sites) for path in written) == 4
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")]


def test_what_cannot_be_written_is_said_and_leaves_nothing(tmp_path):
    sites = normalise(gpd.GeoDataFrame({"site_id": ["a"]}, geometry=[shapely.Point(106.5, 29.5)], crs=4490), "x")
    for name, more in (
        ("a.dwg", {}),
        ("a.txt", {"encoding": "ascii"}),
        ("a.txt", {"zone": 25}),
        ("a.txt", {"zone": 99}),
    ):
        with pytest.raises(SitesError):
            write_sites(sites, tmp_path / name, **more)
    with pytest.raises(SitesError):
        write_sites(sites.iloc[:0], tmp_path / "a.kml")
    assert list(tmp_path.iterdir()) == []


@given(rings(), st.sampled_from(["csv", "tab", "dms", "wkt", "geojson"]))
@FEW
def test_pasted_texts_come_back(ring, form):
    polygon = shapely.Polygon(ring)
    if not polygon.is_valid:
        return
    rows = [(i, x, y) for i, (x, y) in enumerate(ring.tolist(), 1)]
    if form in ("csv", "tab"):
        step = "," if form == "csv" else "\t"
        text = "\n".join([step.join(("点号", "经度", "纬度")), *(step.join(map(repr, row)) for row in rows)])
    elif form == "dms":
        text = "\n".join(f"{sexagesimal(x)}，{sexagesimal(y)}" for _, x, y in rows)
    else:
        text = shapely.to_wkt(polygon, rounding_precision=-1) if form == "wkt" else shapely.to_geojson(polygon)
    back = read_text(text, crs="EPSG:4490").sites
    assert furthest(polygon, back.geometry[0]) < (1e-3 if form == "dms" else 1e-9)


def sexagesimal(value: float) -> str:
    micro = round(value * 3.6e9)
    degrees, rest = divmod(micro, 3_600_000_000)
    minutes, rest = divmod(rest, 60_000_000)
    return f"{degrees}°{minutes}′{rest / 1e6:.6f}″"
