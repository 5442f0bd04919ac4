"""A layer set other than that of the run is refused before anything is drawn, with what differs and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from ecoredline.layers.layerset import LayerSet, LayerSource
from ecoredline.processing.engine import tables
from ecoredline.processing.maps.errors import MapError
from ecoredline.processing.maps.same_layers import refuse_other_layers

DAY = date(2024, 3, 19)
RED = LayerSource("red_line", "a.gpkg", "STHX", vintage=DAY, valid_to=date(2027, 3, 19), authority="statutory")
BANK = LayerSource("bank_line", "a.gpkg", "AX", vintage=DAY, accuracy_m=5.0)
OLD_BANK = replace(BANK, layer="AX_OLD", accuracy_m=0.1 + 0.2)
DISTRICT = LayerSource("district", "a.gpkg")
SET = LayerSet("甲县", (RED, BANK, OLD_BANK, DISTRICT))


def row(source: LayerSource) -> dict[str, object]:
    days = {"vintage": str(source.vintage or ""), "valid_to": str(source.valid_to or "")}
    own = {"role": source.role, "layer": source.layer or "", "state": "loaded", "authority": source.authority}
    return {**own, **days, "accuracy_m": source.accuracy_m}


def screening(*rows: dict[str, object], **settings: str) -> SimpleNamespace:
    rows = rows or tuple(row(source) for source in SET.sources)
    absent = {"role": "wetland", "layer": "", "state": "not_held", "accuracy_m": np.nan, "valid_to": "2027-01-01"}
    layers = tables.LAYERS.frame(pd.DataFrame([*rows, absent]))
    return SimpleNamespace(layers=layers, settings={"layer_set": "甲县", **settings})


def test_the_layer_set_of_the_run_goes_on_in_any_order_and_from_any_folder():
    refuse_other_layers(screening(), SET)
    moved = [replace(source, source="/elsewhere/b.gpkg") for source in reversed(SET.sources)]
    refuse_other_layers(screening(), LayerSet("甲县", tuple(moved)))


def test_a_dossier_that_was_opened_again_may_hold_nothing_where_it_held_empty_words():
    run = screening()
    for nothing in (None, np.nan, pd.NA):
        run.layers = run.layers.astype(object).replace("", nothing)
        refuse_other_layers(run, SET)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"layer": "STHX2"}, "数据源图层 卷宗 STHX，现 STHX2"),
        ({"vintage": date(2025, 3, 19)}, "时点 卷宗 2024-03-19，现 2025-03-19"),
        ({"valid_to": None}, "有效期至 卷宗 2027-03-19，现 —"),
        ({"accuracy_m": 10.5}, "精度（m） 卷宗 10，现 10.5"),
        ({"authority": "derived"}, "数据性质 卷宗 statutory，现 derived"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_every_field_that_differs_is_named_with_both_values(changed, words):
    other = LayerSet("甲县", (replace(RED, **changed), BANK, OLD_BANK, DISTRICT))
    with pytest.raises(MapError) as caught:
        refuse_other_layers(screening(), other)
    assert f"生态保护红线：{words}" in caught.value.cause.zh
    assert "岸线" not in caught.value.cause.zh
    assert "verifyseal" in caught.value.remedy.zh
    assert "verifyseal" in caught.value.remedy.en


def test_a_source_more_or_less_is_named():
    with pytest.raises(MapError, match="AX_OLD"):
        refuse_other_layers(screening(), LayerSet("甲县", (RED, BANK, DISTRICT)))
    wetland = LayerSource("wetland", "a.gpkg", "SD")
    with pytest.raises(MapError) as caught:
        refuse_other_layers(screening(), LayerSet("甲县", (*SET.sources, wetland)))
    assert caught.value.cause.zh.endswith("湿地：卷宗中没有 SD")


def test_the_same_source_twice_is_not_once():
    with pytest.raises(MapError):
        refuse_other_layers(screening(*map(row, SET.sources), row(BANK)), SET)


def test_another_district_of_the_same_build_is_told_by_its_name():
    with pytest.raises(MapError) as caught:
        refuse_other_layers(screening(), LayerSet("乙县", SET.sources))
    assert caught.value.cause.zh == "不一致处：名称：卷宗“甲县”，现“乙县”"


def test_many_differences_are_counted():
    with pytest.raises(MapError) as caught:
        refuse_other_layers(screening(), LayerSet("乙县", ()))
    assert "另有 2 处" in caught.value.cause.zh
    assert "and 2 more" in caught.value.cause.en
