"""Layers from real files: good and bad of every kind, and the same answer by every way in."""

import os
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from ecoredline.layers.errors import LayerSetError, SourceError
from ecoredline.layers.layer_reading import feature_ids
from ecoredline.layers.layerset import LayerSource
from ecoredline.layers.reading import LayerData, read_layer

CENTRES = [(106.40, 29.40), (106.50, 29.50), (106.60, 29.60)]
EDGE = 0.004


def squares() -> gpd.GeoDataFrame:
    shapes = [shapely.box(x - EDGE, y - EDGE, x + EDGE, y + EDGE) for x, y in CENTRES]
    data = {"HXBM": ["R1", "R2", "R3"], "HXMC": ["中梁山", "缙云山", None], "HXLX": [1, 2, 3]}
    return gpd.GeoDataFrame(data, geometry=shapes, crs=4490)


def red(path: Path, **more: object) -> LayerSource:
    return LayerSource("red_line", str(path), **more)


def refused(source: LayerSource, error: type[Exception] = SourceError, **more: object) -> str:
    with pytest.raises(error) as caught:
        read_layer(source, **more)
    assert caught.value.remedy.zh
    assert caught.value.remedy.en
    return " | ".join((caught.value.message.en, caught.value.cause.en, caught.value.remedy.en))


def areas(data: LayerData) -> list[float]:
    return [float(geometry.area) for geometry in data.frame.geometry]


@pytest.mark.parametrize(
    ("name", "crs", "digits"),
    [("r.gpkg", 4490, 1e-12), ("r.geojson", 4490, 1e-9), ("r.shp", 4490, 1e-12),
    ("p.gpkg", 4524, 1e-7), ("p.shp", 4544, 1e-7),
     ("w.gpkg", 4326, 1e-12), ("m.gpkg", 3857, 1e-7), ("c.fgb", 4490, 1e-12)],
)  # fmt: skip
def test_every_format_and_system_gives_the_same_features(tmp_path, name, crs, digits):
    # 1e-7: an edge of 800 m that is straight in a projection bends 7 mm away from the parallel
    path = tmp_path / name
    squares().to_crs(crs).to_file(path, encoding="GBK" if name.endswith(".shp") else "UTF-8")
    data = read_layer(red(path))
    frame = data.frame.sort_values("code").reset_index(drop=True)
    assert frame.crs.to_epsg() == 4490
    assert list(frame.columns) == ["fid", "feature_id", "code", "name", "category", "geometry"]
    assert frame["feature_id"].tolist() == ["R1", "R2", "R3"]
    assert frame["name"].tolist() == ["中梁山", "缙云山", None]
    assert frame["category"].tolist() == ["1", "2", "3"]
    assert data.guessed == {"code": "HXBM", "name": "HXMC", "category": "HXLX"}
    for (x, y), bounds in zip(CENTRES, frame.geometry.bounds.to_numpy(), strict=True):
        assert np.abs(bounds - [x - EDGE, y - EDGE, x + EDGE, y + EDGE]).max() < digits
    assert data.repairs.empty
    assert data.digests.shape == (3, 32)


def test_projected_edges_are_followed(tmp_path):
    squares().to_crs(4524).to_file(tmp_path / "p.gpkg")
    projected = read_layer(red(tmp_path / "p.gpkg")).frame.geometry
    assert (shapely.get_num_coordinates(projected.to_numpy()) > 15).all()  # 780 m and 890 m edges, 200 m at most
    assert areas(read_layer(red(tmp_path / "p.gpkg"))) == pytest.approx([(2 * EDGE) ** 2] * 3, rel=1e-6)


@pytest.mark.parametrize("crs", [4490, 4524, 4544, 3857])
def test_a_box_keeps_what_touches_it_and_the_ids(tmp_path, crs):
    frame = squares()
    frame["HXBM"] = ["A", "B", "A"]
    frame.to_crs(crs).to_file(tmp_path / "r.gpkg")
    whole = read_layer(red(tmp_path / "r.gpkg"))
    assert whole.frame["feature_id"].tolist() == ["1", "B", "3"]
    window = read_layer(red(tmp_path / "r.gpkg"), bbox=(106.3, 29.3, 106.40 - EDGE, 29.40 - EDGE))
    assert window.frame["feature_id"].tolist() == ["1"]  # unique in the window, not in the layer
    assert window.digests.tobytes() == whole.digests[:1].tobytes()
    assert read_layer(red(tmp_path / "r.gpkg"), bbox=(100.0, 20.0, 100.1, 20.1)).frame.empty


def test_a_frame_in_memory_reads_like_its_file(tmp_path):
    frame = squares()
    frame.to_file(tmp_path / "r.gpkg")
    by_file = read_layer(red(tmp_path / "r.gpkg"))
    held = frame.assign(fid=["1", "2", "3"])
    by_frame = read_layer(LayerSource("red_line", "held", frame=held))
    assert by_frame.digests.tobytes() == by_file.digests.tobytes()
    assert by_frame.frame.drop(columns="geometry").equals(by_file.frame.drop(columns="geometry"))
    window = read_layer(
        LayerSource("red_line", "held", frame=held, where="HXLX = 2"), bbox=(106.49, 29.49, 106.51, 29.51)
    )
    assert window.frame["feature_id"].tolist() == ["R2"]
    assert read_layer(LayerSource("red_line", "held", frame=held), bbox=(0, 0, 1, 1)).frame.empty
    assert "empty layer" in refused(LayerSource("red_line", "held", frame=held.iloc[:0]))
    assert "no CRS" in refused(LayerSource("red_line", "held", frame=held.set_crs(None, allow_override=True)))


def test_where_filters_and_an_empty_choice_is_an_error(tmp_path):
    squares().to_file(tmp_path / "r.gpkg")
    chosen = read_layer(red(tmp_path / "r.gpkg", where="HXMC = '缙云山' AND HXLX = 2"))
    assert chosen.frame["code"].tolist() == ["R2"]
    assert read_layer(red(tmp_path / "r.gpkg", where="HXLX = 2"), bbox=(100, 20, 101, 21)).frame.empty
    assert "HXLX = 9" in refused(red(tmp_path / "r.gpkg", where="HXLX = 9"))
    assert "HXLX = 9" in refused(red(tmp_path / "r.gpkg", where="HXLX = 9"), bbox=(100, 20, 101, 21))
    assert "KIND" in refused(red(tmp_path / "r.gpkg", where="KIND = 9"))
    refused(red(tmp_path / "r.gpkg", where="1 = 1"), LayerSetError)


# ---------------------------------------------------------------- what a source does not say


@pytest.mark.parametrize("code", ["EPSG:4524", "EPSG:4544"])
def test_no_crs_is_refused_until_it_is_declared(tmp_path, code):
    squares().to_crs(code).to_file(tmp_path / "r.shp", encoding="GBK")
    os.remove(tmp_path / "r.prj")
    said = refused(red(tmp_path / "r.shp"))
    assert str(tmp_path / "r.shp") in said
    assert code in said
    declared = read_layer(red(tmp_path / "r.shp", crs=code))
    assert declared.frame.geometry.iloc[0].centroid.x == pytest.approx(106.40, abs=1e-6)


def test_old_datums_and_contradicting_declarations_are_refused(tmp_path):
    squares().set_crs(4610, allow_override=True).to_file(tmp_path / "x80.gpkg")
    assert "Xian 1980" in refused(red(tmp_path / "x80.gpkg"))
    squares().to_file(tmp_path / "r.gpkg")
    assert "EPSG:4524" in refused(red(tmp_path / "r.gpkg", crs="EPSG:4524"))


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("said", ["cpg", "ldid", "nothing"])
def test_shapefile_texts_are_read_whatever_is_said_of_them(tmp_path, encoding, said):
    frame = squares().rename(columns={"HXMC": "红线名称"})
    frame.to_file(tmp_path / "r.shp", encoding=encoding)
    if said != "cpg":
        os.remove(tmp_path / "r.cpg")
        dbf = bytearray((tmp_path / "r.dbf").read_bytes())
        dbf[29] = 0x4D if said == "ldid" and encoding == "GBK" else 0
        (tmp_path / "r.dbf").write_bytes(dbf)
    name = "红线名" if encoding == "UTF-8" else "红线名称"  # ten bytes of heading hold three characters of UTF-8
    data = read_layer(red(tmp_path / "r.shp", fields={"name": name}))
    assert data.frame["name"].tolist() == ["中梁山", "缙云山", None]
    tried = [note for note in data.notes if "after trial" in note.en]
    assert bool(tried) == (said == "nothing" or (said == "ldid" and encoding == "UTF-8"))
    chosen = read_layer(red(tmp_path / "r.shp", fields={"name": name}, where=f"{name} = '缙云山'"))
    assert chosen.frame["code"].tolist() == ["R2"]


def test_a_wrong_encoding_is_refused_and_a_declared_one_wins(tmp_path):
    squares().to_file(tmp_path / "r.shp", encoding="GBK")
    (tmp_path / "r.cpg").write_text("UTF-8")
    assert 'encoding = "GBK"' in refused(red(tmp_path / "r.shp"))
    assert read_layer(red(tmp_path / "r.shp", encoding="gbk")).frame["name"][0] == "中梁山"
    assert "klingon" in refused(red(tmp_path / "r.shp", encoding="klingon"))


# ---------------------------------------------------------------- layers and fields


def test_one_layer_among_several_is_found_by_its_name_or_asked_for(tmp_path):
    path = tmp_path / "many.gpkg"
    squares().to_file(path, layer="STBHHX")
    squares().to_file(path, layer="other")
    assert read_layer(red(path)).guessed["layer"] == "STBHHX"
    assert "layer" not in read_layer(red(path, layer="other")).guessed
    assert "STBHHX, other" in refused(red(path, layer="nowhere"))
    squares().to_file(path, layer="red_line")
    assert "several" in refused(red(path))


def test_fields_are_taken_as_said_before_they_are_guessed(tmp_path):
    frame = squares().rename(columns={"HXBM": "MY CODE\n"})
    frame.to_file(tmp_path / "r.gpkg")
    data = read_layer(red(tmp_path / "r.gpkg", fields={"code": "MY CODE"}))
    assert data.frame["code"].tolist() == ["R1", "R2", "R3"]
    assert data.guessed == {"name": "HXMC", "category": "HXLX"}
    said = refused(red(tmp_path / "r.gpkg", fields={"code": "NOPE"}))
    assert "NOPE" in said
    assert "HXMC" in said


def test_two_columns_for_one_field_are_refused_with_the_remedy(tmp_path):
    frame = squares().assign(红线编码=["x", "y", "z"])
    frame.to_file(tmp_path / "r.gpkg")
    said = refused(red(tmp_path / "r.gpkg"))
    assert "HXBM" in said
    assert "红线编码" in said
    assert "fields = { code =" in said
    assert read_layer(red(tmp_path / "r.gpkg", fields={"code": "红线编码"})).frame["code"].tolist() == ["x", "y", "z"]


def lines(**columns: object) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString([(106.4, 29.4), (106.5, 29.5)]), shapely.LineString([(106.5, 29.5), (106.6, 29.4)])]
    return gpd.GeoDataFrame(columns or {"x": [1, 2]}, geometry=shapes, crs=4490)


def bank(path: Path, **more: object) -> LayerSource:
    return LayerSource("bank_line", str(path), **more)


def test_a_required_field_is_asked_for_by_name(tmp_path):
    lines(HLMC=["长江", "长江"], 河流类别=["干流", "支流"]).to_file(tmp_path / "b.gpkg")
    said = refused(bank(tmp_path / "b.gpkg"))
    assert "bank_def" in said
    assert "HLMC, 河流类别" in said
    assert "values = { bank_def" in said
    data = read_layer(bank(tmp_path / "b.gpkg", values={"bank_def": "临水边界线", "half_width_m": 30}))
    assert data.frame["river_class"].tolist() == ["mainstem", "tributary"]
    assert data.frame["bank_def"].tolist() == ["临水线"] * 2
    assert data.frame["half_width_m"].tolist() == [30.0, 30.0]
    refused(bank(tmp_path / "b.gpkg", values={"bank_def": "什么"}), LayerSetError)
    refused(bank(tmp_path / "b.gpkg", values={"bank_def": "其他", "depth": 1}), LayerSetError)


def test_words_without_meaning_are_refused_until_they_are_explained(tmp_path):
    lines(河流类别=["干流", "大河"], 岸线定义=["临水线", "临水线"], 半宽=["12.5", None]).to_file(tmp_path / "b.gpkg")
    said = refused(bank(tmp_path / "b.gpkg"))
    assert "river_class" in said
    assert "大河" in said
    assert "features: 2" in said
    assert "spellings" in said
    explained = bank(tmp_path / "b.gpkg", spellings={"river_class": {"大河": "major_tributary"}})
    data = read_layer(explained)
    assert data.frame["river_class"].tolist() == ["mainstem", "major_tributary"]
    assert data.frame["half_width_m"][0] == 12.5
    assert np.isnan(data.frame["half_width_m"][1])
    lines(河流类别=["干流", "干流"], 岸线定义=["临水线", "临水线"], 半宽=["12.5", "宽"]).to_file(tmp_path / "n.gpkg")
    assert "half_width_m" in refused(bank(tmp_path / "n.gpkg"))
    lines(河流类别=["干流", "干流"], 岸线定义=["临水线", "临水线"], 半宽=[12.5, -0.5]).to_file(tmp_path / "m.gpkg")
    assert "'-0.5'" in refused(bank(tmp_path / "m.gpkg"))


def test_missing_words_stay_unknown_and_are_counted(tmp_path):
    lines(河流类别=["干流", None], 岸线定义=["临水线", "临水线"]).to_file(tmp_path / "b.gpkg")
    data = read_layer(bank(tmp_path / "b.gpkg"))
    assert data.frame["river_class"].tolist() == ["mainstem", None]
    assert any("river_class" in note.en and "1 features" in note.en for note in data.notes)


def test_old_and_new_zones_of_a_reserve_are_told_apart_and_said(tmp_path):
    frame = squares().rename(columns={"HXBM": "编码", "HXMC": "名称"}).drop(columns="HXLX")
    frame["功能分区"] = ["核心区", "一般控制区", "core"]
    frame.to_file(tmp_path / "n.gpkg")
    data = read_layer(LayerSource("protected_area", str(tmp_path / "n.gpkg")))
    assert data.frame["zone"].tolist() == ["core", "general", "core"]
    assert data.frame["scheme"].tolist() == ["2017", "2026", None]
    assert any("核心区 → 2017" in note.zh for note in data.notes)


def units(codes: list[str | None], classes: list[str | None]) -> LayerSource:
    frame = squares()[["geometry"]].assign(HJZHGKDYBM=codes, ZHGKDYFL=classes)
    return LayerSource("control_unit", "units", frame=frame)


def test_unit_codes_tell_the_class_and_odd_ones_are_noted():
    good = read_layer(units(["ZH50010410001", "ZH50010420001", "ZH50010430001"], ["优先保护单元", None, "3"]))
    assert good.frame["class"].tolist() == ["1", "2", "3"]
    assert not any("another form" in note.en or "disagree" in note.en for note in good.notes)
    odd = read_layer(units(["ZH50010440001", "ZH5001042000", "ZH50010430001"], ["1", "2", "2"]))
    text = " ".join(note.en for note in odd.notes)
    assert "another form: ZH50010440001, ZH5001042000" in text
    assert "code and class disagree: ZH50010430001" in text
    twice = read_layer(units(["ZH50010410001", "ZH50010410001", "ZH50010430001"], ["1", "1", "3"]))
    assert twice.frame["feature_id"].tolist() == ["0", "1", "ZH50010430001"]
    assert any("repeated codes" in note.en for note in twice.notes)


def test_a_fid_is_never_mistaken_for_a_code():
    fids = np.array(["1", "2", "3"], dtype=object)
    assert feature_ids(fids, ["2", None, "x"], ["2", None, "x"]).tolist() == ["2", "#2", "x"]
    assert feature_ids(fids, [None] * 3, ()).tolist() == ["1", "2", "3"]


# ---------------------------------------------------------------- bad geometry and bad files


def test_an_empty_layer_is_never_taken_for_having_none(tmp_path):
    squares().iloc[:0].to_file(tmp_path / "r.gpkg")
    assert "absent_confirmed" in refused(red(tmp_path / "r.gpkg"))
    assert "absent_confirmed" in refused(red(tmp_path / "r.gpkg"), bbox=(106, 29, 107, 30))
    frame = squares()
    frame["geometry"] = None
    frame.to_file(tmp_path / "nulls.gpkg")
    assert "no feature has a geometry" in refused(red(tmp_path / "nulls.gpkg"))


def test_another_kind_of_geometry_is_refused(tmp_path):
    frame = squares()
    frame["geometry"] = frame.geometry.centroid
    frame.to_file(tmp_path / "points.gpkg")
    assert "point, not polygon" in refused(red(tmp_path / "points.gpkg"))
    pyogrio.write_dataframe(squares().drop(columns="geometry"), tmp_path / "table.gpkg")
    assert "table" in refused(red(tmp_path / "table.gpkg"))


def test_invalid_rings_and_null_geometry_are_repaired_or_dropped_and_listed(tmp_path):
    frame = squares()
    bow = shapely.Polygon([(106.5, 29.5), (106.51, 29.51), (106.51, 29.5), (106.5, 29.51)])
    frame["geometry"] = [frame.geometry[0], bow, None]
    frame.to_file(tmp_path / "r.gpkg")
    before = (tmp_path / "r.gpkg").read_bytes()
    data = read_layer(red(tmp_path / "r.gpkg"))
    assert data.frame["code"].tolist() == ["R1", "R2"]
    assert data.frame.geometry.is_valid.all()
    assert len(data.digests) == 2
    assert data.repairs.set_index("fid").index.tolist() == ["3", "2"]
    assert (tmp_path / "r.gpkg").read_bytes() == before
    kept = read_layer(red(tmp_path / "r.gpkg", where="HXBM = 'R1'"))
    assert kept.digests.tobytes() == data.digests[:1].tobytes()


def test_coordinates_that_are_no_numbers_are_refused_by_fid(tmp_path):
    frame = squares()
    frame["geometry"] = [*frame.geometry[:2], shapely.Polygon([(106, 29), (106.1, np.nan), (106.1, 29.1)])]
    frame.to_file(tmp_path / "r.gpkg")
    assert "features: 3" in refused(red(tmp_path / "r.gpkg"))


def test_z_and_curves_come_as_plain_lines(tmp_path):
    flat = squares()
    flat.to_file(tmp_path / "flat.gpkg")
    tall = flat.assign(geometry=shapely.force_3d(flat.geometry.to_numpy(), 250.0))
    tall.to_file(tmp_path / "tall.gpkg")
    a, b = read_layer(red(tmp_path / "flat.gpkg")), read_layer(red(tmp_path / "tall.gpkg"))
    assert not b.frame.geometry.has_z.any()
    assert a.digests.tobytes() == b.digests.tobytes()
    (tmp_path / "curve.csv").write_text(
        'HXBM,WKT\nR1,"CURVEPOLYGON(CIRCULARSTRING(106 29,106.1 29.1,106.2 29,106.1 28.9,106 29))"\n', encoding="utf-8"
    )
    round_ = read_layer(red(tmp_path / "curve.csv", crs="EPSG:4490")).frame.geometry[0]
    assert round_.area == pytest.approx(np.pi * 0.1**2, rel=1e-2)


def test_files_that_cannot_be_read(tmp_path):
    assert "not found" in refused(red(tmp_path / "none.gpkg"))
    (tmp_path / "text.gpkg").write_text("hello")
    assert "text.gpkg" in refused(red(tmp_path / "text.gpkg"))
    squares().to_file(tmp_path / "r.gpkg")
    whole = (tmp_path / "r.gpkg").read_bytes()
    (tmp_path / "half.gpkg").write_bytes(whole[: len(whole) // 2])
    refused(red(tmp_path / "half.gpkg"))
    squares().to_file(tmp_path / "r.shp", encoding="GBK")
    shutil.copy(tmp_path / "r.shp", tmp_path / "lonely.shp")
    refused(red(tmp_path / "lonely.shp"))
    assert "database" in refused(LayerSource("red_line", "PG:dbname=x"))


def test_an_open_ring_is_closed_and_listed(tmp_path):
    ring = b"\x01\x03\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00"
    ring += np.array([[106, 29], [106.1, 29], [106.1, 29.1], [106, 29.1]], dtype="<f8").tobytes()
    pyogrio.raw.write(
        tmp_path / "r.gpkg",
        geometry=np.array([ring], dtype=object),
        field_data=[np.array(["R1"], dtype=object)],
        fields=["HXBM"],
        geometry_type="Polygon",
        crs="EPSG:4490",
    )
    data = read_layer(red(tmp_path / "r.gpkg"))
    assert data.frame.geometry[0].area == pytest.approx(0.01)
    assert data.repairs["problem"].tolist() == ["Ring was not closed"]
