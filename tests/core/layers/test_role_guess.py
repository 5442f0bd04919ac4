"""Which role a layer may play: a guess by name and columns."""

from __future__ import annotations

import pytest
from ecoredline.layers.role_guess import guess


@pytest.mark.parametrize(
    ("name", "columns", "geometry", "role"),
    [
        ("STBHHX", ["HXBM", "HXMC"], "polygon", "red_line"),
        ("某区生态保护红线2024", ["编码"], "polygon", "red_line"),
        ("ＺＨＧＫＤＹ", [], "polygon", "control_unit"),
        ("导出图层", ["ZHGKDYBM", "ZHGKDYMC", "ZHGKDYFL"], "polygon", "control_unit"),
    ],
)
def test_the_likeliest_role_comes_first(name, columns, geometry, role):
    assert guess(name, columns, geometry)[0].role == role


@pytest.mark.parametrize(
    ("name", "columns", "geometry"),
    [
        ("layer", ["编码", "名称"], "polygon"),  # columns that fit nearly every role
        ("STBHHX", ["HXBM"], "point"),  # the red line is no points
        ("export", ["id"], "polygon"),
    ],
)
def test_nothing_is_guessed_where_nothing_speaks_for_a_role(name, columns, geometry):
    assert guess(name, columns, geometry) == ()
