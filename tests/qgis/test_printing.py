"""Pages printed to PDF: whole, or none and QGIS stands."""

from __future__ import annotations

import gc

import pytest


def test_pages_are_printed(qgis, tmp_path):
    from ecoredline.processing.algorithms.printing import print_pages

    path = print_pages(tmp_path / "a.pdf", ["<p>一</p>", "<p>二</p>"], "题")
    assert path.read_bytes().startswith(b"%PDF")
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_a_cancel_between_pages_leaves_no_file_and_no_painter(qgis, tmp_path):
    from ecoredline.layers.errors import Cancelled
    from ecoredline.processing.algorithms.printing import print_pages

    def pages():
        yield "<p>一</p>"
        raise Cancelled

    for _ in range(3):
        with pytest.raises(Cancelled):
            print_pages(tmp_path / "a.pdf", pages(), "题")
        gc.collect()
    assert list(tmp_path.iterdir()) == []
