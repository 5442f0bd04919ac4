"""The seal: equal for equal inputs whatever their order, another for any change of what it rests on."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ecoredline.layers.layerset import Absence, LayerSet, LayerSource
from ecoredline.processing.engine import Screening, screen
from ecoredline.processing.engine.dossier.seal import Seal
from ecoredline.processing.rules.model import ExceptionClause
from ecoredline.processing.rules.packs import load_packs, shipped_folder
from small_runs import AS_OF, GROUND, answers, layer, outcome, pack, profile, rule, run, sites

SITE, FAR_SITE = GROUND.box(400, 400, 500, 500), GROUND.box(3000, 3000, 3050, 3050)
AREA, OTHER = GROUND.box(0, 0, 1000, 1000), GROUND.box(2500, 0, 2600, 100)
OPEN = ExceptionClause("limited", "？", "limited_activity", "needs_review")
LAW = pack(rule(exceptions=[OPEN]))


def base(**changes: Any) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "sites": sites((SITE, {"nature": "新建", "accuracy_m": 1.0}), (FAR_SITE, {"nature": "改建"})),
        "layers": (layer("red_line", AREA, OTHER),),
        "absences": (),
        "packs": (LAW,),
        "profile": profile(),
        "as_of": AS_OF,
    }
    return inputs | changes


def sealed(**changes: Any) -> Seal:
    inputs = base(**changes)
    layer_set = LayerSet("small", inputs.pop("layers"), inputs.pop("absences"))
    return screen(inputs.pop("sites"), layer_set, **inputs).seal


NUMBER = sealed().number


def test_the_number_is_four_groups_of_four() -> None:
    assert re.fullmatch(r"[0-9A-F]{4}(-[0-9A-F]{4}){3}", NUMBER)


def test_equal_inputs_have_an_equal_number() -> None:
    assert sealed().number == NUMBER


def test_the_order_of_sites_does_not_matter() -> None:
    assert sealed(sites=base()["sites"].iloc[::-1]).number == NUMBER


def test_the_order_of_features_does_not_matter() -> None:
    turned = layer("red_line", (OTHER, {"code": "F1"}), (AREA, {"code": "F0"}))
    assert sealed(layers=(turned,)).number == NUMBER


def test_the_order_of_columns_does_not_matter() -> None:
    frame = base()["sites"]
    assert sealed(sites=frame[["accuracy_m", "geometry", "nature", "site_id"]]).number == NUMBER


def test_a_column_without_meaning_does_not_matter() -> None:
    assert sealed(sites=base()["sites"].assign(备注="无")).number == NUMBER


def moved(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape with one vertex moved by a billionth of a degree, 0.1 mm."""
    xy = shapely.get_coordinates(shape)
    xy[2] += 1e-9
    return shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(shape)), xy)


def with_site(**changes: Any) -> gpd.GeoDataFrame:
    frame = base()["sites"]
    for name, value in changes.items():
        frame.loc[0, name] = value
    return frame


def shifted_site() -> gpd.GeoDataFrame:
    frame = base()["sites"]
    frame.loc[0, "geometry"] = moved(SITE)
    return frame


def first(**changes: Any) -> tuple[LayerSource, ...]:
    return (layer("red_line", AREA, OTHER, **changes),)


ABSENT = Absence("wetland", "absent_confirmed", "某局", "某函", date(2026, 9, 1), date(2027, 9, 1))
ANSWER = answers(("S0", "T-01", "limited", "否"))
CHANGES: dict[str, Callable[[], dict[str, Any]]] = {
    "one vertex of a site": lambda: {"sites": shifted_site()},
    "one attribute of a site": lambda: {"sites": with_site(nature="扩建")},
    "the accuracy of a site": lambda: {"sites": with_site(accuracy_m=1.5)},
    "the id of a site": lambda: {"sites": with_site(site_id="S9")},
    "one site less": lambda: {"sites": base()["sites"].iloc[:1]},
    "one vertex of a feature": lambda: {"layers": (layer("red_line", moved(AREA), OTHER),)},
    "one field of a feature": lambda: {"layers": (layer("red_line", (AREA, {"name": "甲"}), OTHER),)},
    "one feature less": lambda: {"layers": (layer("red_line", AREA),)},
    "one layer more": lambda: {"layers": (*first(), layer("wetland", OTHER))},
    "the accuracy of a layer": lambda: {"layers": first(accuracy_m=2.0)},
    "the authority of a layer": lambda: {"layers": first(authority="derived")},
    "the vintage of a layer": lambda: {"layers": first(vintage=date(2024, 3, 19))},
    "one answer": lambda: {"answers": ANSWER},
    "who gave an answer": lambda: {"answers": ANSWER.assign(who="李四")},
    "the day of the run": lambda: {"as_of": date(2026, 11, 2)},
    "strictness": lambda: {"strict": True},
    "the profile": lambda: {"profile": profile(("red_line",))},
    "an absence": lambda: {"absences": (ABSENT,)},
    "the bytes of a pack": lambda: {"packs": (pack(*LAW.rules, digest="1" * 64),)},
    "one pack more": lambda: {"packs": (LAW, pack(rule("T-09", layer="wetland"), id_="more"))},
}


def test_every_change_has_a_number_of_its_own() -> None:
    numbers = {name: sealed(**change()).number for name, change in CHANGES.items()}
    same = [name for name, number in numbers.items() if number == NUMBER]
    assert same == []
    assert len(set(numbers.values())) == len(numbers)


def test_the_end_of_a_layer_is_hashed_as_its_vintage_is() -> None:
    assert sealed(layers=first(valid_to=date(2026, 1, 1))).number != NUMBER


def test_what_is_far_beyond_every_reach_is_not_used() -> None:
    """A layer of the whole province gives the number of its part about the sites."""
    far = GROUND.box(900_000, 0, 900_100, 100)
    assert sealed(layers=(layer("red_line", AREA, OTHER, far),)).number == NUMBER


def test_one_byte_of_a_pack_file_changes_the_number_and_line_ends_do_not(tmp_path: Path) -> None:
    def number(change: Callable[[bytes], bytes]) -> str:
        for name in ("red_line_notice.toml",):
            shutil.copy(shipped_folder() / name, tmp_path / name)
            (tmp_path / name).write_bytes(change((tmp_path / name).read_bytes()))
        return sealed(packs=load_packs(tmp_path)).number

    plain = number(lambda content: content)
    assert number(lambda content: content + b" ") != plain
    assert number(lambda content: content.replace(b"\n", b"\r\n")) == plain


def test_results_are_hashed_with_their_verdict_and_condition() -> None:
    """The same rules under another cap: no input differs but the verdict that comes out."""
    weak = pack(rule(exceptions=[OPEN], cap="restricted"))
    assert sealed(packs=(weak,)).parts["results"] != sealed().parts["results"]
    assert sealed(packs=(pack(rule()),)).parts["results"] != sealed().parts["results"]


def test_times_and_versions_stand_beside_and_are_not_hashed() -> None:
    seal = sealed()
    assert {"made_at", "python", "shapely"} <= set(seal.beside)
    assert not {"made_at", "python", "shapely"} & set(json.dumps(seal.parts))
    assert "made_at" not in json.dumps(seal.parts)


def test_figures_are_told_per_rule() -> None:
    figures = sealed().beside["figures"]["T-01"]
    assert figures["n"] == 1
    assert figures["overlap_m2"] == pytest.approx(10_000, rel=1e-5)


def test_the_day_of_the_run_is_resolved_when_it_is_not_given() -> None:
    assert sealed(as_of=None).parts["settings"]["as_of"] == date.today().isoformat()


def test_a_seal_survives_json() -> None:
    seal = sealed()
    assert Seal.from_json(seal.to_json()) == seal


def test_a_reprojected_copy_of_the_sites_is_another_input() -> None:
    """The hash is over the bytes as read, before any reprojection."""
    frame = base()["sites"].to_crs("EPSG:4547")
    assert sealed(sites=frame).number != NUMBER
    assert sealed(sites=frame).number == sealed(sites=frame).number


def test_where_the_chunks_end_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("ecoredline.processing.engine.screen")
    shapes = [(GROUND.box(40 * n, 40 * n, 40 * n + 20, 40 * n + 30), {"nature": "新建"}) for n in range(7)]
    layers = [layer("red_line", AREA, OTHER)]

    def chunked(size: int) -> Screening:
        monkeypatch.setattr(module, "CHUNK", size)
        return run(shapes, layers, LAW)

    whole, parts = chunked(2000), chunked(3)
    assert parts.seal.number == whole.seal.number
    assert outcome(parts, site_id="S6") == outcome(whole, site_id="S6")
    np.testing.assert_array_equal(parts.verdicts["site_id"], whole.verdicts["site_id"])
    np.testing.assert_allclose(parts.findings["overlap_m2"], whole.findings["overlap_m2"], rtol=1e-12)
