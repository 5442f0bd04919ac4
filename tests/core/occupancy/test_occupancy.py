"""Bank length by use: counted once, whatever overlaps, forks or closes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from ecoredline.layers.errors import SourceError
from ecoredline.processing.engine.occupancy import occupancy
from ecoredline.processing.engine.occupancy.uses import uses
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import degrees, ruler

RIVER = {"HLMC": "甲江", "HLLB": "干流", "AB": "左岸"}
STRAIGHT = shapely.LineString([(0, 0), (0, 1000)])
UNSTATED = "unstated"


def use(kind, start, end, off=-5.0, **more):
    """A line of use beside the straight bank, from one metre of it to another."""
    return {"利用类型": kind, **more}, shapely.LineString([(off, start), (off, end)])


def banks(frame, *lines, rows=None):
    return frame(rows or [RIVER] * len(lines), lines)


def uses_of(frame, *given_uses):
    return frame([row for row, _ in given_uses], [line for _, line in given_uses])


def by_use(result, **where):
    part = result.segments
    for name, value in where.items():
        part = part[part[name] == value]
    return part.groupby("use")["length_m"].sum().round(3).to_dict()


def test_lengths_are_those_of_the_ground(frame):
    result = occupancy(banks(frame, STRAIGHT), uses_of(frame, use("码头", 100, 300), use("自然", 400, 900)))
    assert by_use(result) == pytest.approx({"wharf": 200.0, "natural": 500.0, UNSTATED: 300.0}, abs=1e-3)
    total = result.summary[result.summary["level"] == "total"].iloc[0]
    assert total["length_m"] == pytest.approx(ruler(degrees(STRAIGHT)), abs=1e-3)
    assert total["developed_m"] == pytest.approx(200.0, abs=1e-3)
    assert total["wharf_storage_share"] == pytest.approx(0.2, abs=1e-6)
    assert total["main_channel_m"] == total["length_m"]


def test_the_stronger_use_counts_and_the_other_is_named(frame):
    result = occupancy(
        banks(frame, STRAIGHT),
        uses_of(
            frame, use("自然", 0, 1000, 编码="N"), use("仓储", 200, 500, 编码="S"), use("码头", 400, 600, 编码="W")
        ),
    )
    assert by_use(result) == pytest.approx({"natural": 600.0, "storage": 200.0, "wharf": 200.0}, abs=1e-3)
    shared = result.segments[(result.segments["from_m"] - 400.0).abs() < 0.01].iloc[0]
    assert (shared["use"], shared["use_id"]) == ("wharf", "W")
    assert shared["also"] == "仓储 S、自然 N"


def test_of_equal_uses_the_first_counts(frame):
    result = occupancy(
        banks(frame, STRAIGHT), uses_of(frame, use("码头", 100, 400, 编码="A"), use("码头", 300, 600, 编码="B"))
    )
    lengths = result.segments.groupby("use_id")["length_m"].sum()
    assert lengths["A"] == pytest.approx(300.0, abs=1e-3)
    assert lengths["B"] == pytest.approx(200.0, abs=1e-3)


def test_investment_is_spread_over_what_counts_and_none_is_lost(frame):
    result = occupancy(
        banks(frame, STRAIGHT),
        uses_of(
            frame, use("工业", 0, 500, 投资万元=900.0), use("码头", 400, 500, 投资万元=50.0), use("仓储", 600, 700)
        ),
    )
    total = result.summary[result.summary["level"] == "total"].iloc[0]
    assert total["investment"] == pytest.approx(950.0)
    assert total["invested_m"] == pytest.approx(500.0, abs=1e-3)
    assert total["investment_per_km"] == pytest.approx(1900.0, rel=1e-5)


def test_no_investment_is_not_zero(frame):
    total = occupancy(banks(frame, STRAIGHT), uses_of(frame, use("码头", 0, 9))).summary.iloc[0]
    assert np.isnan(total["investment"]) and np.isnan(total["investment_per_km"])


def test_the_mouth_of_a_tributary_is_no_bank(frame):
    left, right = (shapely.LineString([(-800, y), (0, y)]) for y in (480, 520))
    rows = [RIVER, {"HLMC": "乙溪", "HLLB": "支流", "AB": "左岸"}, {"HLMC": "乙溪", "HLLB": "支流", "AB": "右岸"}]
    result = occupancy(banks(frame, STRAIGHT, left, right, rows=rows), uses_of(frame, use("城镇生活", 0, 1000)))
    main = result.segments[result.segments["river"] == "甲江"]
    assert main.loc[~main["counted"], "length_m"].tolist() == pytest.approx([40.0], abs=1e-3)
    assert main.loc[~main["counted"], "use_zh"].tolist() == ["河口"]
    # What faces the mouth as well counts on the main bank only, and the brook's banks are their own.
    total = result.summary.iloc[0]
    assert total["urban_m"] == pytest.approx(960.0, abs=1e-2)
    assert total["length_m"] == pytest.approx(960.0 + 1600.0, abs=1e-2)
    assert total["not_counted_m"] == pytest.approx(40.0, abs=1e-3)


def test_a_use_round_an_island_may_pass_its_start(frame):
    ring = shapely.Point(0, 0).buffer(100, quad_segs=32).exterior
    island = shapely.LineString(ring.coords)
    quay = shapely.LineString([(120 * np.cos(a), 120 * np.sin(a)) for a in np.linspace(-0.5, 0.5, 40)])
    result = occupancy(
        banks(frame, island, rows=[{"HLMC": "甲江", "HLLB": "干流", "AB": None}]),
        frame([{"利用类型": "码头"}], [quay]),
    )
    # A point outside a ring of chords 4.9 m long may face one of its corners.
    assert by_use(result)["wharf"] == pytest.approx(100.0, abs=2.5)
    assert result.segments["length_m"].sum() == pytest.approx(ruler(degrees(island)), abs=1e-3)


def test_a_use_without_side_takes_the_nearest_bank_only(frame):
    other = shapely.LineString([(60, 0), (60, 1000)])
    result = occupancy(
        banks(frame, STRAIGHT, other, rows=[RIVER, {**RIVER, "AB": "右岸"}]),
        frame([{"利用类型": "码头"}], [shapely.LineString([(50, 100), (50, 250)])]),
    )
    assert by_use(result, side="right")["wharf"] == pytest.approx(150.0, abs=1e-3)
    assert "wharf" not in by_use(result, side="left")


def test_a_yard_counts_from_its_first_to_its_last_station(frame):
    yard = shapely.Polygon([(-80, 300), (-10, 320), (-12, 430), (-90, 450)])
    result = occupancy(banks(frame, STRAIGHT), frame([{"利用类型": "仓储"}], [yard]))
    assert by_use(result)["storage"] == pytest.approx(150.0, abs=1e-3)


def test_uses_in_another_system_land_on_the_same_stations(frame):
    banked, used = banks(frame, STRAIGHT), uses_of(frame, use("码头", 100, 300))
    plain = occupancy(banked, used).segments
    other = occupancy(banked.to_crs("EPSG:4523"), used.to_crs("EPSG:4544")).segments
    assert other["length_m"].tolist() == pytest.approx(plain["length_m"].tolist(), abs=2e-3)


def test_zones_meet_where_their_border_meets_the_bank(frame):
    zones = frame(
        [{"GNQBM": "1", "GNQLX": "岸线保护区", "AB": "左岸"}, {"GNQBM": "2", "GNQLX": "开发利用区", "AB": "左岸"}],
        [shapely.box(-75, 0, 0, 437.5), shapely.box(-75, 437.5, 0, 800)],
    )
    result = occupancy(banks(frame, STRAIGHT), uses_of(frame, use("码头", 400, 500)), zones=zones)
    kinds = result.segments.groupby("zone_kind")["length_m"].sum()
    assert kinds["岸线保护区"] == pytest.approx(437.5, abs=1e-3)
    assert kinds["岸线开发利用区"] == pytest.approx(1000 - 437.5 - 50, abs=151)
    wharf = result.segments[result.segments["use"] == "wharf"].set_index("zone_kind")["length_m"]
    assert wharf["岸线保护区"] == pytest.approx(37.5, abs=1e-3)
    assert wharf["岸线开发利用区"] == pytest.approx(62.5, abs=1e-3)


def test_bank_beyond_the_extent_is_listed_and_not_counted(frame):
    result = occupancy(
        banks(frame, STRAIGHT),
        uses_of(frame, use("码头", 0, 1000)),
        extent=frame([{}], [shapely.box(-20, 250, 20, 5000)]),
    )
    total = result.summary.iloc[0]
    assert total["length_m"] == total["wharf_m"] == pytest.approx(750.0, abs=1e-3)
    assert total["not_counted_m"] == pytest.approx(250.0, abs=1e-3)


@pytest.mark.parametrize(
    ("lines", "rows", "used", "says"),
    [
        ([STRAIGHT, shapely.LineString([(0, 500), (0, 700)])], [RIVER, RIVER], use("码头", 0, 9), "重合"),
        ([shapely.box(0, 0, 9, 9)], [RIVER], use("码头", 0, 9), "线"),
        ([shapely.LineString([(0, 0), (9, 9), (9, 0), (0, 9)])], [RIVER], use("码头", 0, 9), "自相交"),
        ([STRAIGHT], [RIVER], use("高尔夫", 0, 9), "高尔夫"),
        ([STRAIGHT], [RIVER], use("码头", 0, 9, off=-900.0), "300"),
        ([STRAIGHT], [RIVER], use("码头", 0, 9, HLMC="丙江"), "丙江"),
        ([STRAIGHT], [RIVER], use("码头", 0, 9, 投资万元="若干"), "若干"),
        ([STRAIGHT], [RIVER], ({"用法": "码头"}, STRAIGHT), "利用类型"),
        (
            [STRAIGHT, shapely.LineString([(70, 0), (70, 9)])],
            [{**RIVER, "岸线定义": "临水线"}, {**RIVER, "岸线定义": "河道管理范围线"}],
            use("码头", 0, 9),
            "多种定义",
        ),
    ],
)
def test_what_cannot_be_counted_once_is_refused_by_name(frame, lines, rows, used, says):
    with pytest.raises(SourceError) as error:
        occupancy(frame(rows, lines), uses_of(frame, used))
    assert says in f"{error.value.message.zh}{error.value.remedy.zh}"
    assert error.value.remedy.zh and error.value.remedy.en


def test_stations_run_on_where_a_bank_comes_in_pieces(frame):
    pieces = [shapely.LineString([(0, 0), (0, 400)]), shapely.LineString([(0, 430), (0, 1000)])]
    over_the_gap = ({"利用类型": "城镇生活"}, shapely.LineString([(-5, 350), (-5, 500)]))
    result = occupancy(banks(frame, *pieces), uses_of(frame, over_the_gap))
    table = result.segments
    assert table["to_m"].max() == pytest.approx(970.0, abs=1e-2)
    assert table["from_m"].tolist() == pytest.approx([0.0, 350.0, 400.0, 470.0], abs=1e-2)
    # Neither the gap nor a part of it counts, and both banks are in use up to it.
    assert by_use(result)["urban"] == pytest.approx(50.0 + 70.0, abs=1e-2)


def test_one_definition_of_two_is_counted(frame):
    rows = [{**RIVER, "岸线定义": "临水线"}, {**RIVER, "岸线定义": "河道管理范围线"}]
    banked = frame(rows, [STRAIGHT, shapely.LineString([(-70, 0), (-70, 1200)])])
    total = occupancy(banked, uses_of(frame, use("码头", 0, 9)), bank_def="临水线").summary.iloc[0]
    assert total["length_m"] == pytest.approx(1000.0, abs=1e-2)


@pytest.mark.parametrize("words", ["中心线", "无此定义"])
def test_a_definition_that_no_bank_has_is_refused_and_those_there_are_named(frame, words):
    rows = [{**RIVER, "岸线定义": "临水边界线"}, {**RIVER, "岸线定义": None}]
    banked = frame(rows, [STRAIGHT, shapely.LineString([(-70, 0), (-70, 1200)])])
    with pytest.raises(SourceError, match="临水线"):
        occupancy(banked, uses_of(frame, use("码头", 0, 9)), bank_def=words)
    # the word of a survey for the same definition serves
    total = occupancy(banked, uses_of(frame, use("码头", 0, 9)), bank_def="临水边界线").summary.iloc[0]
    assert total["length_m"] == pytest.approx(2200.0, abs=1e-2)
    silent = frame([RIVER], [STRAIGHT])
    with pytest.raises(SourceError, match=words):
        occupancy(silent, uses_of(frame, use("码头", 0, 9)), bank_def=words)


NAMES = [u.text.zh for u in uses()[:-1]]
SPANS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.floats(0, 2900), st.floats(2, 900), st.sampled_from([-8.0, -3.0, 4.0])),
    max_size=12,
)


def wavy():
    y = np.arange(0.0, 3001.0, 30.0)
    return shapely.LineString(np.column_stack((60.0 * np.sin(y / 400.0), y)))


@given(SPANS)
@settings(max_examples=60, deadline=None)
def test_every_metre_is_counted_once_for_the_strongest_use_there(spans):
    import geopandas as gpd

    bank = wavy()
    length = bank.length
    rows, lines = [{"利用类型": "自然"}], [shapely.LineString([(60.0, 0.0), (60.0, 0.02)])]
    for kind, start, size, off in spans:
        part = shapely.ops.substring(bank, start, min(start + size, length - 1.0)) if start < length - 3 else None
        if part is None or part.length < 1.0:
            continue
        xy = shapely.get_coordinates(part)
        rows.append({"利用类型": kind})
        lines.append(shapely.LineString(xy + np.array([off * 0.2, 0.0])))
    result = occupancy(
        gpd.GeoDataFrame([RIVER], geometry=[degrees(bank)], crs="EPSG:4490"),
        gpd.GeoDataFrame(rows, geometry=[degrees(line) for line in lines], crs="EPSG:4490"),
    )
    table = result.segments
    total = result.summary.iloc[0]
    measured = ruler(degrees(bank))
    # To 1 mm: the sum, and the same metres whichever way they are added up.
    assert abs(table["length_m"].sum() - measured) < 1e-3
    assert abs(sum(total[f"{u.id}_m"] for u in uses()) - measured) < 1e-3
    assert np.abs(table["from_m"].to_numpy()[1:] - table["to_m"].to_numpy()[:-1]).max(initial=0.0) == 0.0
    assert (table["length_m"] > 0.0).all()
    assert abs(sum(ruler(line) for line in table.geometry) - measured) < 1e-3
    # By a slow walk along the bank: the strongest of the uses beside each station.
    along = np.linspace(7.0, length - 7.0, 80)
    spanned = [
        (
            NAMES.index(row["利用类型"]),
            *sorted(bank.project(shapely.Point(line.coords[end])) for end in (0, -1)),
        )
        for row, line in zip(rows, lines, strict=True)
    ]
    scale = measured / length
    for s in along:
        if any(min(abs(s - a), abs(s - b)) < 3.0 for _, a, b in spanned):
            continue
        ranks = [rank for rank, a, b in spanned if a < s < b]
        wanted = uses()[min(ranks)].id if ranks else UNSTATED
        row = table[(table["from_m"] <= s * scale) & (s * scale < table["to_m"])].iloc[0]
        assert row["use"] == wanted
