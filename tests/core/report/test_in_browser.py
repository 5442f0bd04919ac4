"""The HTML page in Chromium itself: it moves, sorts, asks for nothing and complains of nothing."""

from __future__ import annotations

import pytest
from browser import PROGRAM, browser
from ecoredline.processing.report import export
from paper_run import MARKUP, make_screening

pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="Chromium is not installed (Debian: chromium); the page was not opened"
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("page")
    export(make_screening(), folder, formats=("html",))
    with browser(folder / "profile") as page:
        page.open(folder / "index.html")
        yield page, folder / "index.html"


def view(page) -> list[float]:
    return [float(number) for number in page.value("document.getElementById('map').getAttribute('viewBox')").split()]


def test_the_map_pans_zooms_and_comes_back(opened) -> None:
    page, _ = opened
    page.value("document.getElementById('map').scrollIntoView({block: 'center'})")
    box = page.value("(() => { const b = document.getElementById('map').getBoundingClientRect();"
                     "return [b.left + b.width / 2, b.top + b.height / 2, b.width] })()")  # fmt: skip
    home = view(page)
    page.drag(box[0], box[1], 100, 40)
    moved = view(page)
    assert moved[0] < home[0] and moved[1] < home[1] and moved[2:] == home[2:]
    unit = home[2] / box[2]
    assert home[0] - moved[0] == pytest.approx(100 * unit, rel=0.5)
    page.wheel(box[0], box[1], -120)
    assert view(page)[2] < home[2]
    page.value("document.getElementById('map').dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))")
    assert view(page) == home


def test_tables_sort_both_ways_and_filter(opened) -> None:
    page, _ = opened
    column = "[...document.querySelectorAll('#sites tbody tr')].map((row) => row.cells[0].innerText)"
    page.value("document.querySelectorAll('#sites th .sort')[0].click()")
    up = page.value(column)
    page.value("document.querySelectorAll('#sites th .sort')[0].click()")
    assert up == sorted(up) and page.value(column) == up[::-1] and len(up) == 7
    page.value("(() => { const box = document.querySelector('#sites .filter'); box.value = '仓库';"
               "box.dispatchEvent(new Event('input')) })()")  # fmt: skip
    shown = "[...document.querySelectorAll('#sites tbody tr')].filter((row) => row.offsetParent).length"
    assert page.value(shown) == 1
    page.value("(() => { const box = document.querySelector('#sites .filter'); box.value = '';"
               "box.dispatchEvent(new Event('input')) })()")  # fmt: skip
    assert page.value(shown) == 7


def test_a_link_opens_its_card_and_all_charts_are_seen(opened) -> None:
    page, _ = opened
    assert page.value("document.querySelector('#s0').open") is False
    page.value("document.querySelector('#sites a[href=\"#s0\"]').click()")
    assert page.value("new Promise((done) => setTimeout(() => done(document.querySelector('#s0').open), 100))") is True
    sizes = page.value("[...document.querySelectorAll('.chart')].map((chart) => chart.getBoundingClientRect().height)")
    assert len(sizes) == 3 and all(size > 20 for size in sizes)


def test_data_stays_text(opened) -> None:
    page, _ = opened
    assert page.value("document.querySelectorAll('script').length") == 1
    assert MARKUP in page.value("document.getElementById('sites').innerText")


def test_it_asks_for_nothing_and_complains_of_nothing(opened) -> None:
    page, path = opened
    assert page.requests == [path.as_uri()]
    assert page.complaints == []
    with pytest.raises(AssertionError):
        page.value("fetch('https://example.org/')")
    assert page.complaints, "the check can see a complaint"
