"""The relation table: figures of the dossier in words."""

from __future__ import annotations

import pandas as pd
import pytest
from ecoredline.processing.engine import tables
from ecoredline.processing.maps.catalogue import template
from ecoredline.processing.maps.evidence import evidence
from ecoredline.processing.maps.relation import NOTHING, relation_rows
from shapely.geometry import box

SITE = box(106.410, 29.410, 106.411, 29.411)
RED, UNIT, BANK = template("red_line"), template("control_unit"), template("bank_distance")


LOADED = dict.fromkeys(("red_line", "control_unit", "bank_line"), "loaded")


def rows(page, *facts, secrecy=False, most=6, findings=(), states=LOADED):
    own = [{"site_id": "S", "relation": "near", "overlap_m2": 0.0, "length_m": 0.0, **fact} for fact in facts]
    frame = tables.FACTS.frame(pd.DataFrame(own))
    found = tables.FINDINGS.frame(pd.DataFrame([{"site_id": "S", **row} for row in findings]))
    return relation_rows(evidence("S", SITE, found, frame), page, secrecy, most, states)


def fact(role, id_, distance, **more):
    return {"role": role, "feature_id": id_, "feature_name": f"{id_}名", "distance_m": distance, **more}


def test_the_nearest_comes_first_with_its_wind_and_distance():
    far = fact("bank_line", "B", 2400.0, bearing_deg=180.0)
    near = fact("bank_line", "A", 999.9996, bearing_deg=34.0)
    other = fact("red_line", "R", 5.0, bearing_deg=0.0)
    assert rows(BANK, far, near, other) == [("A名", "东北方 999.9996 m"), ("B名", "南方 2400.00 m")]


@pytest.mark.parametrize(
    ("bearing", "wind"),
    [
        (0.0, "北"), (11.24, "北"), (11.26, "北北东"), (33.74, "北北东"), (33.76, "东北"), (168.7, "南南东"),
        (191.3, "南南西"), (270.0, "西"), (281.3, "西西北"), (326.3, "北北西"), (348.74, "北北西"), (348.76, "北"),
        (359.9, "北"),
    ],
)  # fmt: skip
def test_sixteen_winds(bearing, wind):
    assert rows(BANK, fact("bank_line", "A", 5.0, bearing_deg=bearing)) == [("A名", f"{wind}方 5.00 m")]


def test_an_overlap_is_told_by_area_and_share_and_a_line_by_length():
    area = fact("red_line", "R", 0.0, relation="overlaps", overlap_m2=0.9999, overlap_share=0.99999)
    line = fact("red_line", "Q", 0.0, relation="crosses", length_m=12.0)
    whole = fact("red_line", "P", 0.0, relation="inside", overlap_m2=20.0, overlap_share=1.0)
    assert rows(RED, area, line, whole) == [
        ("R名", "部分重叠 0.9999 m²（>99.99%）"), ("Q名", "穿越 12.00 m"), ("P名", "位于其内 20.00 m²（100%）"),
    ]  # fmt: skip


def test_nothing_found_is_said_and_too_many_are_counted():
    assert rows(RED) == [("生态保护红线", NOTHING)]
    many = [fact("red_line", f"R{n}", float(n + 1), bearing_deg=0.0) for n in range(9)]
    assert rows(RED, *many, most=4)[-1] == ("其余", "6 处，见筛查文书")


def test_with_secrecy_a_controlled_role_is_told_by_its_overlap_alone():
    near = fact("red_line", "R", 12.0, bearing_deg=90.0)
    assert rows(RED, near, secrecy=True) == [("生态保护红线", "不重叠")]
    inside = fact("red_line", "R", 0.0, relation="overlaps", overlap_m2=30.0, overlap_share=0.5)
    assert rows(RED, inside, secrecy=True) == [("生态保护红线", "重叠 30.00 m²")]
    unit = fact("control_unit", "ZH1", 0.0, relation="inside", overlap_m2=30.0, overlap_share=1.0)
    assert rows(UNIT, unit, secrecy=True) == [("ZH1", "重叠 30.00 m²")]


@pytest.mark.parametrize("state", ["not_held", "unusable", None])
def test_what_was_not_checked_never_reads_as_not_there(state):
    told = rows(RED, states={"red_line": state} if state else {})
    assert len(told) == 1
    assert "未核查" in told[0][1]
    water = rows(template("protected"), states={"water_source": "loaded", "protected_area": "absent_confirmed"})
    blind = ("风景名胜区、湿地、地下水保护区域", "未核查（未取得）")
    assert water == [("饮用水水源保护区、自然保护地", NOTHING), blind]


def test_a_map_names_the_wind_as_the_papers_do():
    from ecoredline.processing.maps.labels import compass
    from ecoredline.processing.report.figures import sixteen_winds

    for step in range(3600):
        assert compass(step / 10).removesuffix("方") == sixteen_winds(step / 10).split(" ")[0]
