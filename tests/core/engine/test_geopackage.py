"""Rows added by plain SQL make the same file, to the last value, as OGR makes of the same tables."""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from ecoredline.processing.engine.dossier.geopackage import (
    add_rows,
    complete,
    cut_back,
    is_complete,
    make_tables,
    opened,
    take_over,
    whole,
    write_rows,
)
from ecoredline.processing.engine.dossier.spatial_index import MOST_CELLS
from ecoredline.processing.engine.dossier.storing import rows_of, write_table

SHAPES = [
    shapely.Point(106.5, 29.5),
    shapely.MultiPoint([(106.5, 29.5), (106.6, 29.7)]),
    shapely.LineString([(-0.1, 1 / 3), (106.1, 29.3)]),
    shapely.box(106.0, 29.0, 106.1, 29.2).difference(shapely.box(106.04, 29.05, 106.05, 29.1)),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
]


def everything() -> gpd.GeoDataFrame:
    """Return columns of every kind that a user may bring, names that a GeoPackage keeps for itself among them."""
    moments = pd.to_datetime(["2026-01-01 00:00", "2026-02-03 04:05", None, None, "2026-05-05 05:05"])
    return gpd.GeoDataFrame(
        {
            "text": ["甲", None, "", "a'b\"c", "x" * 5000],
            "nothing": [None] * 5,
            "mixed": [1, True, None, "x", 2.5],
            "truth": [True, False, None, True, False],
            "lacking": [True, np.nan, None, False, np.nan],
            **{f"u{n}": np.arange(5, dtype=f"u{n}") for n in (1, 2, 4)},
            **{f"i{n}": np.arange(-2, 3, dtype=f"i{n}") for n in (1, 2, 4, 8)},
            "single": np.array([0.1, np.nan, 1, -2, 3e30], dtype="f4"),
            "double": [0.1, np.nan, np.inf, -0.0, 1e300],
            "flag": [True, False, True, False, True],
            "moment": moments,
            "zoned": moments.tz_localize("Asia/Shanghai"),
            "category": pd.Categorical(["a", "b", None, "a", "b"]),
            "lacking_int": pd.array([1, None, 3, 4, 5], dtype="Int64"),
            "string": pd.array(["a", None, "c", "", "e"], dtype="string"),
            "fid": [9, 9, 8, 8, 7],
            "Geom": list("abcde"),
            "FID": list("vwxyz"),
            'quo"ted': list("lmnop"),
        },
        geometry=SHAPES,
        crs="EPSG:4490",
    )


def contents(path: Path) -> dict[str, Any]:
    """Return what a GeoPackage holds, but for how its spatial indices are laid out and when it was made."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        schema = sorted(file.execute("SELECT type, name, sql FROM sqlite_master"))
        held: dict[str, Any] = {"schema": schema}
        for kind, name, _ in schema:
            if kind == "table" and not name.startswith("rtree_"):
                held[name] = file.execute(f'SELECT * FROM "{name}"').fetchall()
        held["indexed"] = sorted(file.execute("SELECT id FROM rtree_sites_geom"))
        held["gpkg_contents"] = [[*row[:4], *np.round(row[5:9], 9), row[9]] for row in held["gpkg_contents"] if row[5]]
    return held


def added(path: Path, parts: Sequence[dict[str, pd.DataFrame]]) -> None:
    for part in parts:
        add_rows(path, {name: rows_of(table) for name, table in part.items()})


def taken_over(path: Path, parts: Sequence[dict[str, pd.DataFrame]]) -> None:
    for i, part in enumerate(parts):
        rows = path.with_name(f"{i}.db")
        take_over(path, rows, write_rows(rows, {name: rows_of(table) for name, table in part.items()}))


def grown(path: Path, parts: Sequence[dict[str, pd.DataFrame]], way: Callable[..., None] = added) -> Path:
    make_tables(path, pickle.loads(pickle.dumps({name: rows_of(table).layout for name, table in parts[0].items()})))
    way(path, parts)
    counts = {name: sum(len(part[name]) for part in parts) for name in parts[0]}
    boxes = np.vstack([shapely.bounds(np.asarray(part["sites"].geometry.array, dtype=object)) for part in parts])
    with opened(path) as database, whole(database):
        complete(database, counts, boxes)
        assert is_complete(database)
    return path


@pytest.mark.parametrize("way", [added, taken_over])
def test_the_file_is_that_of_ogr(tmp_path: Path, way: Callable[..., None]) -> None:
    frame = everything()
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    parts = [
        {"facts": plain.iloc[a:b], "days": plain.iloc[:0], "sites": frame.iloc[a:b]}
        for a, b in ((0, 2), (2, 3), (3, 5))
    ]
    for name, table in {"facts": plain, "days": plain[:0], "sites": frame}.items():
        write_table(tmp_path / "ogr.gpkg", name, table)
    assert contents(grown(tmp_path / "sql.gpkg", parts, way)) == contents(tmp_path / "ogr.gpkg")


@pytest.mark.parametrize("first", [0, 1])
def test_a_column_of_whole_numbers_may_lack_some_in_one_part_and_none_in_another(tmp_path: Path, first: int) -> None:
    """As read from a file: int32 where all are there, float64 where one is missing. The first part makes the column."""
    columns = [np.array([1, 2], dtype=np.int32), np.array([3.0, np.nan])]
    tables = [gpd.GeoDataFrame({"n": each}, geometry=SHAPES[:2], crs="EPSG:4490") for each in columns]
    parts = [{"sites": each} for each in (tables if first == 0 else tables[::-1])]
    for i, part in enumerate(parts):
        write_table(tmp_path / "ogr.gpkg", "sites", part["sites"], append=i > 0)
    assert contents(grown(tmp_path / "sql.gpkg", parts)) == contents(tmp_path / "ogr.gpkg")


@pytest.mark.parametrize("n", [1, 2, MOST_CELLS, MOST_CELLS + 1, MOST_CELLS**2, MOST_CELLS**2 + 1, 6_000])
def test_the_spatial_index_is_sound_and_finds_what_is_there(tmp_path: Path, n: int) -> None:
    rng = np.random.default_rng(n)
    west, south = rng.uniform(-180, 170, n), rng.uniform(-80, 80, n)
    boxes = np.column_stack((west, south, west + rng.exponential(0.5, n), south + rng.exponential(0.5, n)))
    frame = gpd.GeoDataFrame({"site_id": np.arange(n).astype(str)}, geometry=shapely.box(*boxes.T), crs="EPSG:4490")
    path = grown(tmp_path / "d.gpkg", [{"verdicts": frame, "sites": frame}])
    asked = [(*low, *(low + size)) for low, size in zip(boxes[:20, :2], rng.uniform(0, 60, n), strict=False)]
    with contextlib.closing(sqlite3.connect(path)) as file:
        for table in ("verdicts", "sites"):
            assert file.execute(f"SELECT rtreecheck('rtree_{table}_geom')").fetchone() == ("ok",)
            question = f"SELECT id FROM rtree_{table}_geom WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?"
            for w, s, e, u in asked:
                met = (boxes[:, 0] <= e) & (boxes[:, 2] >= w) & (boxes[:, 1] <= u) & (boxes[:, 3] >= s)
                found = {row for (row,) in file.execute(question, (e, w, u, s))}
                assert set((np.flatnonzero(met) + 1).tolist()) <= found
                assert len(found) <= met.sum() + 2  # what single precision lets in
    hit = pyogrio.read_dataframe(path, layer="sites", bbox=asked[0])
    assert set(hit["site_id"]) == set(frame["site_id"][frame.intersects(shapely.box(*asked[0]))])


def test_a_finished_file_is_edited_by_ogr_as_any_other(tmp_path: Path) -> None:
    """Its triggers are back: a row that OGR adds is counted and indexed."""
    frame = everything()
    path = grown(tmp_path / "d.gpkg", [{"sites": frame}])
    write_table(path, "sites", frame.iloc[:1], append=True)
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM rtree_sites_geom").fetchone() == (6,)
        assert file.execute("SELECT feature_count FROM gpkg_ogr_contents").fetchall() == [(6,)]
        assert file.execute("SELECT rtreecheck('rtree_sites_geom')").fetchone() == ("ok",)


def test_a_part_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    frame = everything()
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    path = tmp_path / "d.gpkg"
    make_tables(path, {"sites": rows_of(frame).layout, "facts": rows_of(plain).layout})
    wrong = rows_of(plain.rename(columns={"text": "no_such_column"}))
    with pytest.raises(sqlite3.Error):
        add_rows(path, {"sites": rows_of(frame), "facts": wrong})
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM sites").fetchone() == (0,)


def test_rows_beyond_what_was_recorded_are_taken_back(tmp_path: Path) -> None:
    frame = everything()
    path = tmp_path / "d.gpkg"
    make_tables(path, {"sites": rows_of(frame).layout})
    for _ in range(3):
        add_rows(path, {"sites": rows_of(frame)})
        cut_back(path, {"sites": 5})
    with contextlib.closing(sqlite3.connect(path)) as file:
        assert [fid for (fid,) in file.execute("SELECT fid FROM sites")] == [1, 2, 3, 4, 5]
    with pytest.raises(sqlite3.DatabaseError, match="5 rows of 6"):
        cut_back(path, {"sites": 6})
