"""Where lines enter and leave, against places laid out in metres: lines that bend, loop, cross themselves, in parts."""

from __future__ import annotations

import pytest
import shapely
from ecoredline.layers.line_modes import ModeStretch, mode_stretches, stake, stake_of
from small_runs import GROUND, layer, run

ZONES = [GROUND.box(100, -50, 250, 50), GROUND.box(250, -50, 400, 50), GROUND.box(700, -50, 800, 50)]


def places(line: shapely.Geometry, *zones: shapely.Geometry, role: str = "red_line") -> list[tuple[str, float, float]]:
    table = run(line, [layer(role, *zones)]).stretches
    assert (table["length_m"] - (table["to_m"] - table["from_m"])).abs().max() < 1e-6 if len(table) else True
    return [
        (row.feature_id, pytest.approx(row.from_m, abs=2e-3), pytest.approx(row.to_m, abs=2e-3))
        for row in table.itertuples()
    ]


def test_a_straight_line_enters_and_leaves_each_zone_in_order() -> None:
    found = places(GROUND.line((0, 0), (1000, 0)), *ZONES)
    assert found == [("F0", 100, 250), ("F1", 250, 400), ("F2", 700, 800)]


def test_drawn_the_other_way_it_counts_from_its_own_start() -> None:
    assert places(GROUND.line((1000, 0), (0, 0)), *ZONES) == [("F2", 200, 300), ("F1", 600, 750), ("F0", 750, 900)]


def test_a_zone_entered_twice_has_two_stretches() -> None:
    there_and_back = GROUND.line((0, 0), (175, 0), (175, 100), (200, 100), (200, 0), (500, 0))
    assert places(there_and_back, ZONES[0]) == [("F0", 100, 225), ("F0", 350, 450)]


def test_where_a_line_crosses_itself_each_passage_keeps_its_own_place() -> None:
    # crosses itself at (175, 0), inside the zone: first eastward, then northward
    loop = GROUND.line((0, 0), (600, 0), (600, -300), (175, -300), (175, 200))
    assert places(loop, ZONES[0]) == [("F0", 100, 250), ("F0", 1575, 1675)]


def test_a_closed_line_and_a_multiline_run_through() -> None:
    ring = GROUND.line((0, 0), (300, 0), (300, 200), (0, 200), (0, 0))
    assert places(ring, ZONES[0]) == [("F0", 100, 250)]
    parts = shapely.MultiLineString([GROUND.line((0, 0), (200, 0)), GROUND.line((220, 0), (500, 0))])
    assert places(parts, ZONES[0]) == [("F0", 100, 230)]


@pytest.mark.parametrize("east", [249.5, 250.5])
def test_a_line_within_a_zone_from_end_to_end_and_one_that_is_so_no_more(east: float) -> None:
    """In parts, bent, crossing itself; 0.5 m beyond the border it is cut there."""
    parts = shapely.MultiLineString(
        [GROUND.line((110, 0), (240, 0), (240, 40), (170, 40), (170, -40)), GROUND.line((east, 30), (120, 30))]
    )
    length = 130 + 40 + 70 + 80 + east - 120
    assert places(parts, GROUND.box(100, -50, 300, 50)) == [("F0", 0.0, length)]
    beyond = max(0.0, east - 250)
    expected = [("F0", 0.0, 320.0), ("F0", 320 + beyond, length)] if beyond else [("F0", 0.0, length)]
    assert places(parts, ZONES[0]) == expected


def test_what_only_touches_or_is_no_line_has_none() -> None:
    assert places(GROUND.line((0, 80), (1000, 80)), *ZONES) == []
    assert run(GROUND.box(0, 0, 300, 20), [layer("red_line", *ZONES)]).stretches.empty


def test_the_sides_of_a_river_are_told_by_the_bank_that_is_reached() -> None:
    banks = [
        (GROUND.line((400, -900), (400, 900)), {"side": "left", "code": "L"}),
        (GROUND.line((650, -900), (650, 900)), {"side": "right", "code": "R"}),
    ]
    table = run(GROUND.line((0, 0), (1000, 0)), [layer("bank_line", *banks)]).stretches
    assert [(r.side, round(r.from_m, 2), round(r.to_m, 2)) for r in table.itertuples()] == [
        ("左岸", 0, 400), ("河道内", 400, 650), ("右岸", 650, 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("0-1200 桥梁;1200-3400 隧道", 0, [(0, 1200, "桥梁"), (1200, 3400, "隧道")]),
        ("K2+000～K2+500.5：架空；", 2000, [(0, 500.5, "架空")]),
        ("", 0, []),
        ("0-1200", 0, None),
        ("1200-0 桥梁", 0, None),
        ("桥梁", 0, None),
    ],
)
def test_modes_are_read_or_refused_whole(text: str, start: float, found: list[tuple[float, float, str]] | None) -> None:
    expected = None if found is None else tuple(ModeStretch(*each) for each in found)
    assert mode_stretches(text, start) == expected


def test_stakes_are_written_and_read_back() -> None:
    assert [stake(m) for m in (0, 5.004, 999.996, 12_340.5)] == ["K0+000", "K0+005", "K1+000", "K12+340.50"]
    assert stake_of("AK12+340") == ("AK", 12_340.0) and stake_of("") == ("K", 0.0)
