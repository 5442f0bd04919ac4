"""Sites of a file, read at any positions, are what reading the whole file at once gives, whatever its format."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.layers.digests import canonical_wkb, feature_digests
from ecoredline.layers.errors import SitesError
from ecoredline.layers.site_file import SiteFile
from ecoredline.layers.sites import normalise
from ecoredline.processing.engine.dossier import seal
from hypothesis import given, settings
from hypothesis import strategies as st

N = 12
FORMATS = {"GPKG": ".gpkg", "FlatGeobuf": ".fgb", "GeoJSON": ".geojson", "ESRI Shapefile": ".shp"}


def sites(crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    """Return sites with words of all kinds, some unread, and one shape that must be repaired."""
    where, size = (106.5, 0.001) if crs == "EPSG:4490" else (500_000.0, 300.0)
    y = 29.5 if crs == "EPSG:4490" else 3_264_000.0
    shapes = [shapely.box(where + i * size, y, where + (i + 0.5) * size, y + size) for i in range(N)]
    x0, y0, x1, y1 = shapes[3].bounds
    shapes[3] = shapely.Polygon([(x0, y0), (x1, y1), (x1, y0), (x0, y1)])
    return gpd.GeoDataFrame(
        {
            "site_id": [f" S{i}" for i in range(N)],
            "nature": ["新建", "改建", None, "", "不知", "新建;扩建"] * 2,
            "area_m2": [1.0, np.nan, 3.5, -1.0, 5.0, 6.0] * 2,
            "is_chem": pd.array([1, 0, None, 1, 0, 1] * 2, dtype="Int32"),
            "own": [f"值{i}" for i in range(N)],
        },
        geometry=shapes,
        crs=crs,
    )


@pytest.fixture(scope="module", params=FORMATS)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("sites") / f"s{FORMATS[request.param]}"
    encoding = {"encoding": "UTF-8"} if request.param == "ESRI Shapefile" else {}
    pyogrio.write_dataframe(sites(), path, driver=request.param, **encoding)
    return path


@settings(max_examples=20)
@given(rows=st.lists(st.integers(0, N - 1), min_size=1, max_size=N, unique=True))
def test_any_sites_in_any_order_are_those_of_the_whole_file(file: Path, rows: list[int]) -> None:
    source = SiteFile(file)
    whole = normalise(pyogrio.read_dataframe(file), "s")
    order = pd.Index(whole["site_id"]).get_indexer(pd.Index(source.ids[rows]))
    found = source.read(np.array(rows))
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.drop(columns="geometry")),
        pd.DataFrame(whole.drop(columns="geometry").iloc[order].reset_index(drop=True)),
        check_dtype=False,  # whole numbers of which some are missing, of which none are
    )
    assert shapely.equals_exact(found.geometry.to_numpy(), whole.geometry.to_numpy()[order]).all()
    assert list(found.attrs["digests"]) == [whole.attrs["digests"][i] for i in order]
    named = {(each.site_id, each.column, each.value) for each in whole.attrs["diagnosis"]}
    wanted = {each for each in named if each[0] in set(source.ids[rows])}
    assert {(each.site_id, each.column, each.value) for each in found.attrs["diagnosis"]} == wanted


def test_fids_may_have_gaps_and_a_name_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    pyogrio.write_dataframe(sites(), path, layer_options={"FID": '编"号'})
    with contextlib.closing(sqlite3.connect(path)) as database:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)
        database.execute('UPDATE s SET "编""号" = 9000000000 WHERE "编""号" = 2')
        database.execute('DELETE FROM s WHERE "编""号" IN (4, 7)')
        database.commit()
    source = SiteFile(path)
    order = np.arange(len(source))[::-1]
    assert len(source) == N - 2
    assert source.read(order)["site_id"].tolist() == source.ids[order].tolist()
    assert set(source.read(order)["own"]) == {f"值{i}" for i in range(N)} - {"值3", "值6"}


@pytest.mark.parametrize("lost", ["fid = 3", "1"])
def test_a_site_that_goes_while_sites_are_read_is_told(tmp_path: Path, lost: str) -> None:
    path = tmp_path / "s.gpkg"
    pyogrio.write_dataframe(sites(), path)
    source = SiteFile(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"DELETE FROM s WHERE {lost}")
        database.commit()
    with pytest.raises(SitesError, match="3") as told:
        source.read(np.arange(N))
    assert told.value.remedy.zh


@pytest.mark.parametrize(("crs", "stay"), [("EPSG:4490", N - 1), ("EPSG:4545", 0)])
def test_shapes_that_stay_as_they_came_need_no_second_digest(tmp_path: Path, crs: str, stay: int) -> None:
    """All but the repaired one, and none that was projected; worked out from the shapes, the answer is the same."""
    path = tmp_path / "s.gpkg"
    pyogrio.write_dataframe(sites(crs), path)
    read = SiteFile(path).read(np.arange(N))
    assert sum(read.attrs["as_came"]) == stay
    changed, as_read, as_kept = seal.shapes_changed(read)
    assert changed.sum() == N - stay
    kept = feature_digests(canonical_wkb(read.geometry.to_numpy()))
    assert as_kept == seal.in_hex(kept[changed])
    assert as_read == [read.attrs["digests"][i].hex() for i in np.flatnonzero(changed)]
    assert [bytes(each) for each in kept[~changed]] == [read.attrs["digests"][i] for i in np.flatnonzero(~changed)]
    del read.attrs["as_came"]
    again = seal.shapes_changed(read)
    assert again[0].tolist() == changed.tolist()
    assert again[1:] == (as_read, as_kept)
