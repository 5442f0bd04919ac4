"""Archives that would break out, bombs, XML with entities, files that kill or hang their reader; the host lives on."""

from __future__ import annotations

import os
import stat
import time
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from ecoredline.layers import children
from ecoredline.layers.errors import Cancelled, MissingLibraryError, SitesError
from ecoredline.layers.intake import archive, isolated
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import read, read_text

SQUARE = shapely.box(106.49, 29.40, 106.50, 29.41)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>外</name><Folder><name>内</name><Placemark><name>甲</name>'
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>106.49,29.4 106.5,29.4 106.5,29.41 106.49,29.4</coordinates>"
    "</LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"
)


def refused(path: Path) -> str:
    with pytest.raises(SitesError) as caught:
        read(path)
    assert path.name in caught.value.message.zh
    assert caught.value.remedy.zh
    return f"{caught.value.message.en} {caught.value.cause.en}"


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def leftovers() -> set[str]:
    import tempfile

    return {entry.name for entry in Path(tempfile.gettempdir()).glob("ecoredline-*")}


# ---------------------------------------------------------------- archives


@pytest.mark.parametrize("name", ["../evil.kml", "a/../../evil.kml", "/etc/evil.kml", "C:\\evil.kml", "..\\evil.kml"])
def test_no_member_leaves_the_folder(tmp_path, name):
    before = leftovers()
    assert "leads out" in refused(zipped(tmp_path / "a.zip", {name: KML}))
    assert not (tmp_path / "evil.kml").exists()
    assert leftovers() <= before


def test_links_are_refused(tmp_path):
    info = zipfile.ZipInfo("link.kml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr(info, "/etc/passwd")
    assert "is a link" in refused(tmp_path / "a.zip")


def test_bombs_are_refused_before_and_while_unpacking(tmp_path, monkeypatch):
    bomb = zipped(tmp_path / "a.zip", {"a.kml": b"0" * (archive.RATIO_FROM + 1)})
    assert "to 1" in refused(bomb)
    many = zipped(tmp_path / "b.zip", {f"{i}.txt": "x" for i in range(archive.MOST_MEMBERS + 1)})
    assert "members" in refused(many)
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert "more than" in refused(zipped(tmp_path / "c.zip", {"a.kml": os.urandom(2000)}))
    monkeypatch.setattr(archive, "check_members", lambda *_: None)  # a directory that lies about sizes
    assert "more than" in refused(zipped(tmp_path / "d.zip", {"a.kml": os.urandom(2000)}))


def test_nested_archives_and_several_datasets_are_listed(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"乙.kml": KML}).read_bytes()
    gpd.GeoDataFrame({"名称": ["丙"]}, geometry=[SQUARE], crs=4490).to_file(tmp_path / "丙.shp", encoding="GBK")
    members = {f"图/{f.name}": f.read_bytes() for f in tmp_path.glob("丙.*")}
    packed = zipped(
        tmp_path / "a.zip", {"甲.kml": KML, "inner.zip": inner, "说明.docx": b"x", "__MACOSX/._a.kml": b"x", **members}
    )
    asked = read(packed)
    assert set(asked.datasets["dataset"]) == {"甲.kml", "inner.zip", "图/丙.shp"}
    assert asked.sites.empty
    assert read(packed, dataset="图/丙.shp").sites["name"].tolist() == ["丙"]
    assert read(packed, dataset="inner.zip").sites["name"].tolist() == ["甲"]
    deep = zipped(tmp_path / "deep.zip", {"a.zip": zipped(tmp_path / "x.zip", {"b.zip": inner}).read_bytes()})
    assert "nested" in refused(deep)


def test_names_that_chinese_packers_write_in_gbk(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("XXXX.kml", KML)
    data = (tmp_path / "a.zip").read_bytes().replace(b"XXXX", "地块".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(data)
    assert read(tmp_path / "a.zip").datasets["dataset"].tolist() == ["地块.kml"]


def test_kmz_and_ovkml_with_nested_folders(tmp_path):
    zipped(tmp_path / "a.kmz", {"doc.kml": KML, "files/icon.png": b"x"})
    (tmp_path / "a.ovkml").write_text(KML, encoding="utf-8")
    for name in ("a.kmz", "a.ovkml"):
        sites = read(tmp_path / name).sites
        assert sites["folder"].tolist() == ["外/内"]
        assert sites["name"].tolist() == ["甲"]


# ---------------------------------------------------------------- XML


def test_entities_are_refused_in_kml_and_workbooks(tmp_path):
    lol = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + KML.replace("甲", "&b;")
    (tmp_path / "a.kml").write_text(lol, encoding="utf-8")
    assert "entities" in refused(tmp_path / "a.kml")
    out = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + KML.replace("甲", "&a;")
    (tmp_path / "b.kml").write_text(out, encoding="utf-8")
    assert "entities" in refused(tmp_path / "b.kml")
    openpyxl = pytest.importorskip("openpyxl")
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    with zipfile.ZipFile(tmp_path / "c.xlsx") as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    sheet = next(name for name in members if "sheet1" in name)
    members[sheet] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + members[sheet]
    assert "entities" in refused(zipped(tmp_path / "d.xlsx", members))


def test_xml_of_great_depth_and_wrong_xml_name_their_line(tmp_path):
    (tmp_path / "a.kml").write_text("<kml>" + "<Folder>" * 100_000, encoding="utf-8")
    assert "line" in refused(tmp_path / "a.kml")
    (tmp_path / "b.kml").write_text(KML.replace("</Polygon>", "\n</Poly>"), encoding="utf-8")
    assert "line 2" in refused(tmp_path / "b.kml")


def test_json_of_great_depth(tmp_path):
    (tmp_path / "a.geojson").write_text("[" * 200_000, encoding="utf-8")
    assert "JSON" in refused(tmp_path / "a.geojson")


# ---------------------------------------------------------------- children


@pytest.fixture
def readers(tmp_path, monkeypatch):
    """Readers that a child can import: one that is killed by a signal, one that never ends, one that eats memory."""
    (tmp_path / "bad_readers.py").write_text(
        "import os, signal, time\n"
        "def crash(path, options): os.kill(os.getpid(), signal.SIGSEGV)\n"
        "def hang(path, options):\n    while True: time.sleep(1)\n"
        "def eat(path, options): return bytearray(8 * 1024**3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    (tmp_path / "f.dat").write_text("x")
    return tmp_path / "f.dat"


@pytest.mark.parametrize("reader", ["crash", "eat"])
def test_a_reader_that_dies_is_an_error_naming_the_file(readers, reader):
    with pytest.raises(SitesError) as caught:
        isolated.read_apart(f"bad_readers:{reader}", readers, "某项目.dxf")
    assert "某项目.dxf" in caught.value.message.zh
    assert "GeoPackage" in caught.value.remedy.zh


def test_a_reader_that_never_ends_is_stopped(readers):
    start = time.monotonic()
    with pytest.raises(SitesError):
        isolated.read_apart("bad_readers:hang", readers, "x", limits=children.Limits(seconds=1.5))
    assert time.monotonic() - start < 10
    with pytest.raises(Cancelled):
        isolated.read_apart("bad_readers:hang", readers, "x", progress=Progress(cancelled=lambda: True))


def test_a_missing_library_is_named(tmp_path, monkeypatch):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name in ("ezdxf", "fiona") else find(name, *a)
    )
    (tmp_path / "a.dxf").write_text("0\nEOF\n")
    with pytest.raises(MissingLibraryError, match="ezdxf"):
        read(tmp_path / "a.dxf")
    gpd.GeoDataFrame(geometry=[SQUARE], crs=4490).to_file(tmp_path / "b.shp")
    (tmp_path / "b.shx").unlink()
    with pytest.raises(MissingLibraryError, match="fiona"):
        read(tmp_path / "b.shp")


# ---------------------------------------------------------------- other refusals


@pytest.mark.parametrize("name", ["a.dwg", "a.ovobj", "a.vrt", "a.xls", "a.rar", "a.pdf", "a.exe", "a.dbf"])
def test_what_cannot_be_read_says_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(b"AC1032 something")
    refused(tmp_path / name)


def test_empty_folder_and_binary(tmp_path):
    (tmp_path / "empty.kml").write_bytes(b"")
    refused(tmp_path / "empty.kml")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder")
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 10)
    refused(tmp_path / "a.txt")
    with pytest.raises(SitesError):
        read_text("   ")
