"""Bad layers, layer sets and packs: each an error, or a counted repair, that names it and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from ecoredline.layers.errors import (
    EcoRedlineError,
    LayerSetError,
    RulePackError,
    SourceError,
)
from ecoredline.layers.layerset import LayerSet
from ecoredline.processing.engine import screen
from shapely import LineString, Point, Polygon, box
from small_runs import AS_OF, GROUND, layer, one, outcome, pack, profile, rule, run, sites

AREA, INSIDE = GROUND.box(0, 0, 1000, 1000), GROUND.box(400, 400, 500, 500)


BOW_TIE = Polygon([(106.50, 29.50), (106.51, 29.51), (106.51, 29.50), (106.50, 29.51)])


NAN = Polygon([(106.5, 29.5), (np.nan, 29.5), (106.51, 29.51)])


def refused(kind: type[EcoRedlineError], *words: str, **inputs: Any) -> EcoRedlineError:
    """Run what must be refused; the error names the words and a remedy in both languages."""
    where = inputs.pop("where", INSIDE)
    layers = inputs.pop("layers", [layer("red_line", AREA)])
    with pytest.raises(kind) as told:
        run(where, layers, rule(), **inputs)
    error = told.value
    assert error.remedy.zh and error.remedy.en
    for word in words:
        assert word in f"{error.message.zh} {error.cause.zh} {error.message.en}", (word, error.message.zh)
    return error


def layer_set(folder: Path, **more: str) -> Path:
    """Return a layer set whose red line stands in a file."""
    path = folder / "set.toml"
    lines = {"role": "red_line", "source": "data.gpkg", "authority": "statutory"} | more
    body = "\n".join(f'{key} = "{value}"' for key, value in lines.items())
    path.write_text(f'name = "小"\n[[layer]]\n{body}\naccuracy_m = 0.0\n', encoding="utf-8")
    return path


def write(
    folder: Path, geometry: list[Any], crs: str | None = "EPSG:4490", name: str = "data.gpkg", **data: Any
) -> Path:
    frame = gpd.GeoDataFrame(data or {"code": ["A"] * len(geometry)}, geometry=geometry, crs=crs)
    pyogrio.write_dataframe(frame, folder / name, geometry_type="Unknown", driver="GPKG")
    return folder / name


def screened(folder: Path, where: Any = None, **more: str) -> Any:
    frame = sites(INSIDE) if where is None else where
    return screen(frame, layer_set(folder, **more), (pack(rule()),), profile=profile(), as_of=AS_OF)


def refused_file(folder: Path, kind: type[EcoRedlineError], *words: str, **more: str) -> None:
    with pytest.raises(kind) as told:
        screened(folder, **more)
    assert told.value.remedy.zh and told.value.remedy.en
    for word in words:
        assert word in f"{told.value.message.zh} {told.value.cause.zh}", told.value.message.zh


def test_a_layer_from_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, [AREA])
    assert outcome(screened(tmp_path)) == "fired"


def test_a_layer_without_a_crs_names_the_file_and_likely_ones(tmp_path: Path) -> None:
    write(tmp_path, [AREA], crs=None)
    refused_file(tmp_path, SourceError, "data.gpkg", "4490")


def test_an_empty_layer_is_not_having_none(tmp_path: Path) -> None:
    write(tmp_path, [], code=pd.Series(dtype=object))
    refused_file(tmp_path, SourceError, "data.gpkg")


@pytest.mark.parametrize("shape", [Point(106.5, 29.5), LineString([(106.5, 29.5), (106.6, 29.5)])])
def test_a_layer_of_the_wrong_geometry(tmp_path: Path, shape: Any) -> None:
    write(tmp_path, [AREA, shape])
    refused_file(tmp_path, SourceError, "data.gpkg", "2")


def test_a_missing_required_field(tmp_path: Path) -> None:
    write(tmp_path, [AREA])
    refused_file(tmp_path, SourceError, "data.gpkg", "level", role="water_source")


def test_a_value_without_meaning(tmp_path: Path) -> None:
    write(tmp_path, [AREA], level=["四级"])
    refused_file(tmp_path, SourceError, "data.gpkg", "四级", role="water_source")


def test_nan_coordinates_of_a_feature(tmp_path: Path) -> None:
    refused(SourceError, "NaN", layers=[layer("red_line", NAN)])


def test_an_invalid_ring_is_repaired_on_a_copy_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, [BOW_TIE])
    before = path.read_bytes()
    where = sites(box(106.501, 29.5015, 106.5025, 29.503))
    row = one(screened(tmp_path, where).layers, role="red_line")
    assert (row["n_features"], row["n_repaired"]) == (1, 1)
    assert path.read_bytes() == before


def test_a_null_geometry_is_left_out_and_counted(tmp_path: Path) -> None:
    write(tmp_path, [AREA, None])
    row = one(screened(tmp_path).layers, role="red_line")
    assert (row["n_features"], row["n_repaired"]) == (1, 1)


def test_a_file_that_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "data.gpkg").write_bytes(b"not a database")
    refused_file(tmp_path, SourceError, "data.gpkg")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    refused_file(tmp_path, SourceError, "data.gpkg")


def test_an_unknown_role_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, [AREA])
    with pytest.raises(LayerSetError) as told:
        screened(tmp_path, role="redline")
    assert "redline" in told.value.message.zh
    assert "red_line" in told.value.remedy.zh


def test_a_layer_set_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LayerSetError, match="nowhere"):
        screen(sites(INSIDE), tmp_path / "nowhere.toml", (pack(rule()),))


def test_a_profile_that_is_not_there() -> None:
    refused(LayerSetError, "nobody", profile="nobody")


PACK = """
[pack]
id = "wrong_pack"
title = "试行"
issuer = "虚构"
legal_nature = "法律"
[[rule]]
id = "TT-01"
clause = "第一条"
text = "条文"
status = "ready"
department = "生态环境"
layer = "{layer}"
place = "intersects"
verdict = "prohibited"
"""


def test_a_pack_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(PACK.format(layer="red_line"), encoding="utf-8")
    result = screen(sites(INSIDE), layer_set_in_memory(), tmp_path, profile=profile(), as_of=AS_OF)
    assert outcome(result, "TT-01") == "fired"


def layer_set_in_memory() -> LayerSet:
    return LayerSet("small", (layer("red_line", AREA),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PACK.format(layer="redline"), ("wrong.toml", "TT-01", "redline")),
        (PACK.format(layer="red_line") + 'import = "os"\n', ("wrong.toml", "TT-01", "import")),
        ("[pack\n", ("wrong.toml",)),
    ],
)
def test_a_wrong_pack_names_file_rule_and_reason(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RulePackError) as told:
        screen(sites(INSIDE), layer_set_in_memory(), tmp_path, profile=profile(), as_of=AS_OF)
    for word in words:
        assert word in f"{told.value.message.zh} {told.value.cause.zh}"
    assert told.value.remedy.zh


def test_a_folder_without_packs(tmp_path: Path) -> None:
    with pytest.raises(RulePackError):
        screen(sites(INSIDE), layer_set_in_memory(), tmp_path, profile=profile(), as_of=AS_OF)


def test_two_packs_with_one_rule_id_are_refused() -> None:
    """Whichever was asked, the other would be read as its outcome."""
    with pytest.raises(RulePackError, match="T-01"):
        run(INSIDE, [layer("red_line", AREA)], pack(rule()), pack(rule(verdict="notice"), id_="other"))
