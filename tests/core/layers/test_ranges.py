"""Counts spelled out."""

from __future__ import annotations

import numpy as np
from ecoredline.layers.ranges import repeats
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(0, 9), max_size=20))
def test_each_item_stands_as_often_as_it_is_counted(count: list[int]) -> None:
    for kind in (np.int64, np.uint8):
        item, nth = repeats(np.array(count, dtype=kind))
        expected = [(i, k) for i, n in enumerate(count) for k in range(n)]
        assert list(zip(item.tolist(), nth.tolist(), strict=True)) == expected
        assert item.dtype == nth.dtype == np.int64
