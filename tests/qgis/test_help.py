"""Help that opens offline: whole, in both languages, its words and colours those of the product."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ecoredline.layers import texts

ROOT = Path(__file__).absolute().parent.parent.parent
FOLDER = ROOT / "plugin" / "help"
NEVER = re.compile(
    "准予|同意|批准|不予批准|通过|不通过|合格|合法|违法|认定|鉴定|证明|批复|审查意见|选址意见|无影响|完全符合"
)
VOID = {"meta", "link", "br"}


class Page(HTMLParser):
    """Ids, links, text and the balance of tags of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.outside, self.open, self.said = [], [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[name] for name in ("href", "src") if name in values]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data


@pytest.fixture(scope="module")
def pages():
    return {code: Page((FOLDER / f"{code}.html").read_text(encoding="utf-8")) for code in texts.LANGUAGES}


@pytest.fixture(autouse=True)
def language():
    yield
    texts._chosen = None


def test_nothing_is_asked_of_the_network_and_every_link_leads_somewhere(pages):
    for page in pages.values():
        assert page.open == []
        assert len(set(page.ids)) == len(page.ids)
        for link in page.links:
            assert not re.match(r"\w+:|//", link)
            assert link.removeprefix("#") in page.ids if link.startswith("#") else (FOLDER / link).is_file()
    assert "url(" not in (FOLDER / "help.css").read_text(encoding="utf-8")


def test_both_languages_have_the_same_headings_and_algorithms(pages, qgis):
    from ecoredline.processing.algorithms.provider import ALGORITHMS

    assert pages["zh"].ids == pages["en"].ids
    assert {algorithm.ID for algorithm in ALGORITHMS} <= set(pages["zh"].ids)


def test_titles_of_algorithms_are_those_of_the_toolbox(pages, qgis):
    from ecoredline.processing.algorithms.provider import ALGORITHMS

    for algorithm in ALGORITHMS:
        assert algorithm.TITLE.zh in pages["zh"].said
        assert algorithm.TITLE.en in pages["en"].said


def test_verdicts_have_their_word_colour_and_symbol(pages):
    from ecoredline.processing.engine.words import VERDICT_TEXTS, Verdict

    looks = tomllib.loads((ROOT / "styles" / "verdicts.toml").read_text(encoding="utf-8"))
    words = {verdict.value: VERDICT_TEXTS[verdict] for verdict in Verdict}
    words["clear_partial"] = texts.Text("已核查部分未触及", "clear as far as checked")
    for code in texts.LANGUAGES:
        html = (FOLDER / f"{code}.html").read_text(encoding="utf-8")
        for key, look in looks.items():
            word = getattr(words[key], code)
            chip = f'style="color: {look["colour"]}; background: {look["fill"]}">{look["symbol"]} {word}</span>'
            assert chip in html, (code, key)


def test_words_that_are_never_said(pages):
    for page in pages.values():
        assert NEVER.findall(page.said) == []


def test_english_help_has_chinese_only_where_it_names_a_thing(pages):
    assert set(re.findall(r"[一-鿿]+", pages["en"].said)) <= {"数据校验码"}


def test_short_enough_to_be_read(pages):
    assert len(pages["zh"].said) < 4_000
    assert len(pages["en"].said.split()) < 1_500


@pytest.mark.parametrize(("locale", "file"), [("zh-Hans", "zh.html"), ("zh_CN", "zh.html"), ("de", "en.html")])
def test_page_in_the_language_of_qgis(qgis, locale, file):
    from ecoredline.plugin.help_pages import page
    from ecoredline.processing.algorithms.provider import ALGORITHMS
    from qgis.PyQt.QtCore import QUrl

    texts.use(locale)
    assert page("when").toString() == page().toString() + "#when"
    for algorithm in ALGORITHMS:
        url = QUrl(algorithm().helpUrl())
        assert Path(url.toLocalFile()) == Path(page().toLocalFile())
        assert Path(url.toLocalFile()).name == file and Path(url.toLocalFile()).is_file()
        assert url.fragment() == algorithm.ID


def test_where_no_browser_opens_the_place_of_the_page_is_said(qgis, monkeypatch):
    from ecoredline.plugin import help_pages

    said, asked = [], []

    class Desk:
        class Messages:
            def show(self, headline, cause=texts.EMPTY, remedy=texts.EMPTY, level=None):
                said.append(str(remedy))

        messages = Messages()

    for works in (True, False):
        monkeypatch.setattr(help_pages.QDesktopServices, "openUrl", lambda url, works=works: asked.append(url) or works)
        help_pages.open_page(Desk(), "when")
        assert len(said) == (not works)
    assert asked[0].fragment() == "when"
    assert said[0].endswith(f"{texts.language()}.html")


def test_the_dock_opens_the_heading_of_its_step(pages):
    from ecoredline.plugin.dock.part import HEADINGS

    assert set(HEADINGS) <= set(pages["zh"].ids) and len(HEADINGS) == 3


def test_what_the_help_quotes_is_what_the_window_shows(pages):
    """Buttons, menus and messages by their words; those of QGIS are listed here."""
    import ast

    of_qgis = {
        "zh": {"插件", "设置", "选项", "数据处理"},
        "en": {"Ellipsoidal"},
    }
    shown = {"zh": "EcoRedline\n", "en": "EcoRedline\n"}
    for folder in ("plugin", "layers", "processing"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text" and len(node.args) == 2:
                    for code, side in zip(texts.LANGUAGES, node.args, strict=True):
                        parts = (each for each in ast.walk(side) if isinstance(each, ast.Constant))
                        shown[code] += "".join(str(part.value) for part in parts) + "\n"
    for code, page in pages.items():
        for quoted in re.findall("“([^”]+)”", page.said):
            known = quoted in of_qgis[code] or quoted.lower() in shown[code].lower()
            assert known, (code, quoted)
