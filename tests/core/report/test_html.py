"""The HTML page: one file, no network, nothing of the data read as markup, a map with every site."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ecoredline.processing.engine.words import DISCLAIMER, PAPER_TITLE
from ecoredline.processing.report import export, html
from ecoredline.processing.report.site_map import Frame

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Reader(HTMLParser):
    """Keeps tags, attributes and text, and fails where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def page(screening: Any, tmp_path: Path) -> str:
    (path,) = export(screening, tmp_path, formats=("html",))
    return path.read_text(encoding="utf-8")


@pytest.fixture
def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_nothing_is_asked_of_a_network(page: str, read: Reader) -> None:
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in read.tags}
    for _, attributes in read.tags:
        assert not {"src", "srcset", "data", "action", "poster"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"https?:|//\w|url\(|@import|fetch\(|XMLHttp|WebSocket|sendBeacon|import\(", _code(page))


def test_only_our_own_script_and_style_may_run(page: str, read: Reader) -> None:
    policy = next(
        a["content"] for t, a in read.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None and "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(body) == 1
        digest = base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [a for _, a in read.tags if any(name.startswith("on") or name == "style" for name in a)]


def _code(page: str) -> str:
    return "".join(re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL))


def test_data_is_never_markup(page: str, read: Reader) -> None:
    assert "<script>alert(1)" not in page
    assert "<script>alert(1)</script>&\"'" in "".join(read.text)
    assert sum(tag == "script" for tag, _ in read.tags) == 1


def test_title_seal_and_disclaimer(page: str, read: Reader) -> None:
    text = "".join(read.text)
    assert f"<title>{PAPER_TITLE}</title>" in page
    assert "4BC4-E0A6-D917-DBAD" in text
    assert text[: text.index('"use strict"')].rstrip().endswith(DISCLAIMER)


def test_the_map_shows_each_site_where_it_lies(page: str, screening: Any) -> None:
    svg = ET.fromstring(re.search(r"<svg id=\"map\".*?</svg>", page, re.DOTALL)[0])
    spots = [g for g in svg.iter("a") if g.get("class") == "spot"]
    assert len(spots) == len(screening.sites)
    assert {g.get("data-look") for g in spots} == {
        "prohibited", "undetermined", "needs_review", "restricted", "notice", "clear", "clear_partial",
    }  # fmt: skip
    names = [g.findtext("title").split()[0] for g in spots]
    places = [g.find("g").get("transform") for g in spots]
    x, y = zip(*(map(float, re.findall(r"[\d.]+", place)) for place in places), strict=True)
    east = dict(zip(names, x, strict=True))
    north = dict(zip(names, y, strict=True))
    assert east["G-07"] < east["E-05"] < east["A-01"] < east["B/02"] < east["F-06"]
    assert north["F-06"] < north["B/02"] < north["E-05"]
    assert all(0 <= a <= 1000 for a in x) and all(0 <= b <= 620 for b in y)
    (link,) = [p for p in svg.iter("path") if p.get("class") == "link"]
    assert link.findtext("title") == "A-01 → 长江左岸：小于 1000 m"


def test_the_scale_of_the_map_is_true() -> None:
    frame = Frame((106.4, 29.4, 106.6, 29.5))
    (x1, y1), (x2, y2) = frame.place(106.45, 29.45), frame.place(106.55, 29.45)
    assert y1 == y2
    east = 111_320 * 0.1 * 0.8708  # cos 29.45°, by hand
    assert (x2 - x1) * frame.metres_per_unit == pytest.approx(east, rel=2e-4)
    assert frame.degrees(*frame.place(106.47, 29.43)) == pytest.approx((106.47, 29.43))


def test_rows_and_cards_link_to_each_other(read: Reader) -> None:
    ids = [a["id"] for tag, a in read.tags if tag == "details"]
    assert ids == [f"s{n}" for n in range(7)]
    linked = {a["href"] for tag, a in read.tags if tag == "a" and re.fullmatch(r"#s\d+", a["href"] or "")}
    assert linked == {f"#{name}" for name in ids}


def test_worst_sites_first_and_the_rest_is_said(
    screening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "SITES_PER_PAGE", 2)
    screening.verdicts = screening.verdicts.iloc[::-1].reset_index(drop=True)
    (path,) = export(screening, tmp_path, formats=("html",))
    page = path.read_text(encoding="utf-8")
    assert "共 7 个地块，本页按结论由重到轻列出前 2 个" in page
    assert re.findall(r'<span class="id">([^<]+)</span> 虚构化工', page)[:1] == ["A-01"]
    assert 'id="s1"' in page and 'id="s2"' not in page


def test_print_hides_no_table() -> None:
    style = (Path(html.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
    hidden = re.findall(r"([^{}]+)\{ display: none; \}", style.split("@media print {\n")[1])
    selectors = {selector.strip() for group in hidden for selector in group.split(",")}
    assert selectors and not {".tools", ".data", "table", ".sheet", ".card"} & selectors


def test_templates_carry_nothing_but_their_placeholders() -> None:
    folder = Path(html.__file__).parent / "templates"
    assert {path.suffix for path in folder.iterdir()} == {".html", ".css", ".js"}
    assert "http" not in re.sub(r'http-equiv="', "", (folder / "page.html").read_text(encoding="utf-8"))
