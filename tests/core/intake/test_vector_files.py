"""Shapefiles that lost a companion, other GIS formats, DXF drawings, and a user's own shift of datum."""

from __future__ import annotations

import math
import os

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from ecoredline.layers.errors import Cancelled, SitesError
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import read

SQUARE = shapely.box(106.49, 29.40, 106.50, 29.41)
OTHER = shapely.box(106.52, 29.40, 106.53, 29.41)


@pytest.fixture
def shapefile(tmp_path):
    frame = gpd.GeoDataFrame(
        {"地块编号": ["甲", "乙"], "项目名称": ["化工厂", "仓库"]}, geometry=[SQUARE, OTHER], crs=4490
    )
    frame.to_file(tmp_path / "s.shp", encoding="GBK")
    return tmp_path / "s.shp"


def problems(intake):
    return intake.diagnosis["problem"].tolist()


@pytest.mark.parametrize("lost", [[".cpg"], [".shx"], [".shx", ".cpg"], [".dbf"], [".shx", ".dbf", ".cpg"]])
def test_without_companions(shapefile, lost):
    for suffix in lost:
        shapefile.with_suffix(suffix).unlink()
    there = sorted(os.listdir(shapefile.parent))
    intake = read(shapefile)
    assert len(intake.sites) == 2
    assert intake.sites.geometry[0].equals(SQUARE)
    assert intake.sites["name"].tolist() == ([None, None] if ".dbf" in lost else ["化工厂", "仓库"])
    assert ("damaged" in problems(intake)) == (lost != [".cpg"])
    if ".dbf" not in lost:
        assert ".cpg" not in lost or "encoding" in problems(intake)
    assert sorted(os.listdir(shapefile.parent)) == there


def test_the_preview_shows_how_the_texts_read(shapefile):
    shapefile.with_suffix(".cpg").unlink()
    text = read(shapefile).diagnosis.set_index("problem")["zh"]["encoding"]
    assert "化工厂" in text


def test_the_wrong_cpg_is_overruled_by_the_user(shapefile):
    shapefile.with_suffix(".cpg").write_text("Big5")
    assert "化工厂" not in read(shapefile).sites.drop(columns="geometry").astype(str).to_numpy()
    assert read(shapefile, encoding="GBK").sites["name"].tolist() == ["化工厂", "仓库"]


def test_a_cut_shapefile_keeps_what_is_whole(shapefile):
    data = shapefile.read_bytes()
    shapefile.write_bytes(data[:-40])
    intake = read(shapefile)
    assert len(intake.sites) + len(intake.left_out) == 2
    assert "damaged" in problems(intake)
    assert intake.sites["site_id"].tolist() == ["甲"]


@pytest.mark.parametrize(
    ("name", "driver"), [("a.gdb", "OpenFileGDB"), ("a.fgb", "FlatGeobuf"), ("a.tab", "MapInfo File")]
)
def test_other_formats_are_read_in_a_child(tmp_path, name, driver):
    if "w" not in pyogrio.list_drivers().get(driver, ""):
        pytest.skip(f"no {driver} writer")
    frame = gpd.GeoDataFrame({"site_id": ["甲"], "area_m2": [5.0]}, geometry=[SQUARE], crs=4326)
    frame.to_file(tmp_path / name, driver=driver)
    intake = read(tmp_path / name)
    assert intake.sites["site_id"].tolist() == ["甲"]
    assert (
        intake.sites.geometry[0].equals_exact(SQUARE, 1e-6)
        or intake.sites.geometry[0].symmetric_difference(SQUARE).area < 1e-9
    )


def test_a_big_layer_is_cancelled_and_told(tmp_path):
    boxes = shapely.box(106 + np.arange(45_000) * 1e-5, 29.0, 106 + np.arange(45_000) * 1e-5 + 5e-6, 29.001)
    gpd.GeoDataFrame(geometry=boxes, crs=4490).to_file(tmp_path / "s.shp")
    told = []
    assert len(read(tmp_path / "s.shp", progress=Progress(lambda share, _: told.append(share))).sites) == 45_000
    assert told == sorted(told)
    assert len(told) > 8
    calls = iter(range(100))
    with pytest.raises(Cancelled):
        read(tmp_path / "s.shp", progress=Progress(cancelled=lambda: next(calls) > 2))


# ---------------------------------------------------------------- drawings


def drawing(path, units=6):
    ezdxf = pytest.importorskip("ezdxf")
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = units
    return document, document.modelspace(), path


X, Y = 36354500.0, 3265500.0


def test_closed_polylines_bulges_arcs_splines_hatches_blocks(tmp_path):
    document, space, path = drawing(tmp_path / "a.dxf")
    at = {"layer": "边界"}
    space.add_lwpolyline([(X, Y), (X + 200, Y), (X + 200, Y + 100), (X, Y + 100)], close=True, dxfattribs=at)
    space.add_lwpolyline([(X, Y, 1.0), (X + 100, Y, 1.0)], format="xyb", close=True, dxfattribs=at)  # two half circles
    space.add_circle((X, Y), 50, dxfattribs=at)
    space.add_arc((X, Y), 50, 0, 90, dxfattribs=at)
    space.add_spline([(X, Y), (X + 50, Y + 80), (X + 100, Y)], dxfattribs=at)
    hatch = space.add_hatch(dxfattribs=at)
    hatch.paths.add_polyline_path([(X, Y), (X + 90, Y), (X + 90, Y + 90), (X, Y + 90)], is_closed=True)
    hatch.paths.add_polyline_path([(X + 30, Y + 30), (X + 60, Y + 30), (X + 60, Y + 60)], is_closed=True, flags=16)
    block = document.blocks.new("B")
    block.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True, dxfattribs=at)
    space.add_blockref("B", (X + 1000, Y), dxfattribs={"xscale": 2, "yscale": 2, "layer": "边界"})
    space.add_text("说明", dxfattribs={"layer": "边界"})
    document.saveas(path)
    intake = read(path, crs="EPSG:4524")
    sites = intake.sites
    assert sites["entity"].tolist() == ["LWPOLYLINE", "LWPOLYLINE", "CIRCLE", "ARC", "SPLINE", "HATCH", "LWPOLYLINE"]
    assert sites.geometry.geom_type.tolist() == ["Polygon"] * 3 + ["LineString"] * 2 + ["Polygon"] * 2
    plane = sites.geometry.to_crs(4524)
    circle = math.pi * 50**2
    assert plane.area.tolist() == pytest.approx([20_000, circle, circle, 0, 0, 8100 - 450, 400], rel=5e-5)
    assert plane.length[3] == pytest.approx(math.pi * 25, rel=1e-4)
    assert "TEXT" in intake.diagnosis.set_index("problem")["value"]["not_a_site"]


def test_layers_of_a_drawing_are_datasets_and_units_are_checked(tmp_path):
    document, space, path = drawing(tmp_path / "a.dxf", units=4)
    for layer in ("边界", "道路"):
        space.add_lwpolyline([(X, Y), (X + 200, Y), (X + 200, Y + 100)], close=True, dxfattribs={"layer": layer})
    document.saveas(path)
    assert read(path).datasets["dataset"].tolist() == ["边界", "道路"]
    metres = read(path, "EPSG:4524", "边界")
    assert "units" in problems(metres)  # millimetres by the header, metres by the size
    document, space, path = drawing(tmp_path / "b.dxf", units=4)
    space.add_lwpolyline([(X * 1e3, Y * 1e3), (X * 1e3 + 2e5, Y * 1e3), (X * 1e3 + 2e5, Y * 1e3 + 1e5)], close=True)
    document.saveas(path)
    assert read(path, "EPSG:4524").sites.geometry.to_crs(4524).area[0] == pytest.approx(10_000, rel=1e-5)


# ---------------------------------------------------------------- a shift of the user's own


def test_the_users_own_parameters_and_grid(tmp_path):
    square = gpd.GeoSeries([SQUARE], crs=4490).to_crs(4524).set_crs(2360, allow_override=True)
    square.to_file(tmp_path / "s.gpkg")
    with pytest.raises(SitesError, match="Xian 1980"):
        read(tmp_path / "s.gpkg")
    shift = tmp_path / "own.toml"
    shift.write_text('from = "xian80"\n[plane]\ndx = 0\ndy = 0\nangle = 0\nscale = 0\n', encoding="utf-8")
    same = read(tmp_path / "s.gpkg", shift=shift)
    assert np.abs(np.array(same.sites.geometry[0].bounds)[:2] - SQUARE.bounds[:2]).max() < 1e-9
    assert "own.toml" in same.sites["coordinate_note"][0]
    shift.write_text('from = "xian80"\n[plane]\ndx = 100\ndy = 50\nangle = 0\nscale = 0\n', encoding="utf-8")
    moved = read(tmp_path / "s.gpkg", shift=shift).sites.geometry.to_crs(4524)[0].centroid
    centre = gpd.GeoSeries([SQUARE], crs=4490).to_crs(4524)[0].centroid
    assert (moved.x - centre.x, moved.y - centre.y) == pytest.approx((100, 50), abs=1e-3)
    values = "x = 1.0\ny = 2.0\nz = 3.0\nrx = 0\nry = 0\nrz = 0\ns = 0"
    shift.write_text(f'from = "xian80"\n[helmert]\n{values}\nconvention = "position_vector"\n', encoding="utf-8")
    helmert = read(tmp_path / "s.gpkg", shift=shift).sites.geometry[0]
    assert 0 < helmert.distance(SQUARE) + helmert.hausdorff_distance(SQUARE) < 0.002
    zeros = "[plane]\ndx=0\ndy=0\nangle=0\nscale=0"
    for wrong in (
        'from = "wgs84"',
        'from = "xian80"\n[plane]\ndx = 1',
        "x",
        f'from = "beijing54"\n{zeros}',
    ):
        shift.write_text(wrong, encoding="utf-8")
        with pytest.raises(SitesError):
            read(tmp_path / "s.gpkg", shift=shift)
