"""The locator finds sites and units in the background, stops when told, and changes no file."""

from __future__ import annotations

import gc
import hashlib
import time
import types
from dataclasses import dataclass

import geopandas as gpd
import pytest
import shapely


@dataclass
class Made:
    dossier: object
    layer_set: object


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A dossier's table of verdicts and a layer set, as small as they can be."""
    folder = tmp_path_factory.mktemp("定位")
    boxes = [shapely.box(106.5 + i / 100, 29.5, 106.505 + i / 100, 29.505) for i in range(40)]
    rows = {
        "site_id": [f"XG-{i:02d}" for i in range(40)],
        "name": ["虚构化工", "100%_厂", "O'Neil É"] + ["厂"] * 37,
        "unit_codes": ["ZH1、ZH2"] + [""] * 39,
        "verdict_zh": ["触及禁止"] * 40,
    }
    dossier = folder / "卷宗"
    dossier.mkdir()
    gpd.GeoDataFrame(rows, geometry=boxes, crs="EPSG:4490").to_file(dossier / "dossier.gpkg", layer="verdicts")
    units = gpd.GeoDataFrame(
        {"HJGKDYBM": ["ZH50019910001", "ZH50019910002"], "HJGKDYMC": ["甲单元", "乙单元"], "GKDYFL": ["优先", "重点"]},
        geometry=[shapely.box(106.4, 29.4, 106.5, 29.5), shapely.box(106.5, 29.4, 106.6, 29.5)],
        crs="EPSG:4490",
    ).to_crs("EPSG:4544")
    units.to_file(folder / "单元.gpkg")
    fields = 'fields = { code = "HJGKDYBM", name = "HJGKDYMC", class = "GKDYFL" }'
    text = f'name = "t"\n[[layer]]\nrole = "control_unit"\nsource = "单元.gpkg"\n{fields}\n'
    (folder / "区.toml").write_text(text, encoding="utf-8")
    return Made(dossier, folder / "区.toml")


def never():
    return False


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("xg-07", ["XG-07"]), (" 化工 ", ["XG-00"]), ("zh2", ["XG-00"]), ("100%", ["XG-01"]), ("%_厂", ["XG-01"]),
        ("0_厂", []), ("o'neil", ["XG-02"]), ("é", ["XG-02"]), ("É", ["XG-02"]), ("无", []), ("", []), ("!", []),
    ],
)  # fmt: skip
def test_sites_by_id_name_and_unit_code(qgis, made, text, ids):
    from ecoredline.plugin.locator.search import find_sites

    assert [place.site_id for place in find_sites(made.dossier, text, never)] == ids


def test_no_more_than_a_list_can_show(qgis, made):
    from ecoredline.plugin.locator.search import MOST, find_sites

    assert len(list(find_sites(made.dossier, "XG", never))) == MOST < 40


def test_units_by_code_and_name_in_their_own_crs(qgis, made):
    from ecoredline.plugin.locator.search import find_units

    (unit,) = find_units(made.layer_set, "910001", never)
    assert "ZH50019910001" in unit.title and "甲单元" in unit.title
    assert "优先" in unit.detail
    assert unit.box[0] > 100_000
    assert [place.title.split()[-1] for place in find_units(made.layer_set, "乙单", never)] == ["乙单元"]


def test_a_filter_of_the_layer_set_holds_here_too(qgis, made):
    from ecoredline.plugin.locator.search import find_units

    narrowed = made.layer_set.with_name("筛.toml")
    text = made.layer_set.read_text(encoding="utf-8") + """where = "HJGKDYMC = '乙单元'"\n"""
    narrowed.write_text(text, encoding="utf-8")
    assert [place.title[-3:] for place in find_units(narrowed, "ZH5", never)] == ["乙单元"]


def test_nothing_there_finds_nothing(qgis, made, tmp_path):
    from ecoredline.plugin.locator.search import find_sites, find_units

    assert list(find_sites(tmp_path, "XG", never)) == []
    assert list(find_units(tmp_path / "none.toml", "ZH", never)) == []
    dead = tmp_path / "dead.toml"
    dead.write_text('name = "t"\n[[layer]]\nrole = "control_unit"\nsource = "gone.gpkg"\n', encoding="utf-8")
    assert list(find_units(dead, "ZH", never)) == []


def test_cancelled_search_stops(qgis, made):
    from ecoredline.plugin.locator.search import find_sites

    asked = []
    assert list(find_sites(made.dossier, "XG", lambda: asked.append(1) or True)) == []
    assert len(asked) == 1


def test_no_file_is_changed_or_left_beside(qgis, made):
    from ecoredline.plugin.locator.search import find_sites, find_units

    def state():
        files = sorted(path for path in made.layer_set.parent.rglob("*") if path.is_file())
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    assert list(find_sites(made.dossier, "XG-01", never)) and list(find_units(made.layer_set, "ZH", never))
    assert state() == before


def test_the_locator_bar_finds_and_zooms(qgis, made):
    """Through the real locator: prepared here, fetched in its thread, triggered, zoomed on a map in metres."""
    from ecoredline.plugin import runs, settings
    from ecoredline.plugin.desk import Desk
    from ecoredline.plugin.locator.filter import PlaceFilter
    from qgis.core import QgsCoordinateReferenceSystem, QgsLocator, QgsLocatorContext, QgsLocatorResult, QgsProject
    from qgis.gui import QgsMapCanvas

    QgsProject.instance().clear()
    runs.remember(QgsProject.instance(), runs.KeptRun(str(made.dossier), "2026", "2026", 40, ""))
    settings.set_project_layer_set(made.layer_set)
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    locator, found = QgsLocator(), []
    window = types.SimpleNamespace(mapCanvas=lambda: canvas)
    locator.registerFilter(PlaceFilter(Desk(window)))
    locator.foundResult.connect(lambda result: found.append(QgsLocatorResult(result)))

    def search(text):
        found.clear()
        locator.fetchResults(text, QgsLocatorContext())
        end = time.monotonic() + 20
        while locator.isRunning() and time.monotonic() < end:
            qgis.processEvents()
        qgis.processEvents()
        return [result.displayString for result in found]

    assert search("eco XG-07") == ["XG-07　厂"]
    result = found[0]
    assert result.description == "触及禁止"
    result.filter.triggerResult(result)
    box = canvas.extent()
    centre = gpd.GeoSeries([shapely.Point(106.5725, 29.5025)], crs="EPSG:4490").to_crs("EPSG:3857").iloc[0]
    assert box.contains(centre.x, centre.y) and box.width() < 5_000
    assert search("eco 甲单元") == ["ZH50019910001　甲单元"]
    found[0].filter.triggerResult(found[0])
    centre = gpd.GeoSeries([shapely.Point(106.45, 29.45)], crs="EPSG:4490").to_crs("EPSG:3857").iloc[0]
    assert canvas.extent().contains(centre.x, centre.y) and 10_000 < canvas.extent().width() < 60_000
    assert search("eco X") == []
    locator.cancel()
    found.clear()
    QgsProject.instance().clear()
    gc.collect()
