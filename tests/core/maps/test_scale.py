"""Round numbers of a page."""

from __future__ import annotations

import pytest
from ecoredline.processing.maps.errors import MapError
from ecoredline.processing.maps.scale import BAR_MM, SCALES, bar_segment, fitting_scale, grid_step, plane_step

FRAME = (200.0, 100.0)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(0, 0, 500), (100.0, 0, 500), (100.1, 0, 1000), (0, 50.0, 500), (0, 50.1, 1000), (40_000, 0, 200_000)],
)
def test_the_largest_scale_that_fits_on_both_sides_of_a_threshold(width, height, expected):
    assert fitting_scale(width, height, FRAME, fill=1.0) == expected


def test_the_share_of_the_frame_is_kept():
    assert fitting_scale(86.0, 0, FRAME, fill=0.86) == 500
    assert fitting_scale(86.1, 0, FRAME, fill=0.86) == 1000


def test_too_large_is_refused_with_a_remedy():
    with pytest.raises(MapError) as caught:
        fitting_scale(40_000.1, 0, FRAME, fill=1.0)
    assert "project_id" in caught.value.remedy.zh


@pytest.mark.parametrize("denominator", SCALES)
def test_a_bar_segment_is_round_and_fits_the_paper(denominator):
    length, unit = bar_segment(denominator)
    metres = length * (1000 if unit == "km" else 1)
    assert f"{metres:.0e}"[0] in "125"
    assert float(f"{metres:.0e}") == metres
    assert BAR_MM / 2.6 < metres / denominator * 1000 <= BAR_MM


@pytest.mark.parametrize("span", [0.0005, 0.0011, 0.01, 0.05, 0.2, 0.5])
def test_the_grid_has_two_to_five_lines_on_a_span(span):
    assert 2 <= span * 3600 / grid_step(span) <= 5


def test_a_grid_finer_than_half_a_second_is_not_drawn():
    assert grid_step(1e-7) == 0.5


@pytest.mark.parametrize(("span", "step"), [(100.0, 50.0), (399.0, 100.0), (400.0, 200.0), (40_000.0, 20_000.0)])
def test_the_plane_grid_is_round_with_two_lines_at_least(span, step):
    assert plane_step(span) == step
