"""The product's own words: none that an authority alone may say, in any format."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from ecoredline.processing.engine.words import NEVER_SAID
from ecoredline.processing.report import export
from openpyxl import load_workbook


def _said(folder: Path) -> dict[str, str]:
    texts = {}
    for path in folder.rglob("*"):
        if path.suffix == ".docx":
            document = Document(str(path))
            parts = [document.element, document.sections[0].footer._element, document.core_properties._element]
            texts[str(path.relative_to(folder))] = "\n".join(t for part in parts for t in part.itertext())
            assert document.element.body.iter(qn("w:t"))
        elif path.suffix == ".xlsx":
            book = load_workbook(path)
            cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
            texts[str(path.relative_to(folder))] = "\n".join(
                cells + [sheet.title + str(sheet.oddFooter.left.text) for sheet in book]
            )
        elif path.suffix == ".html":
            texts[str(path.relative_to(folder))] = path.read_text(encoding="utf-8")
    return texts


def test_no_word_of_an_authority_outside_quoted_law(screening: Any, tmp_path: Path) -> None:
    quotes = [text for text in screening.rules["text"] if text]
    assert any(word in quote for quote in quotes for word in NEVER_SAID)  # the test would see one
    export(screening, tmp_path)
    texts = _said(tmp_path)
    assert len(texts) == 16
    for name, text in texts.items():
        assert any(quote in text for quote in quotes) or "F-06" in name or len(text) > 500
        for quote in quotes:
            text = text.replace(quote, "")
        assert not [word for word in NEVER_SAID if word in text], name


@pytest.mark.parametrize("word", NEVER_SAID)
def test_no_word_of_an_authority_in_the_sources(word: str) -> None:
    import ecoredline.processing.report as package

    for path in Path(package.__file__).parent.rglob("*.*"):
        if path.suffix in (".py", ".html", ".css", ".js"):
            assert word not in path.read_text(encoding="utf-8"), path.name


def test_looks_file_is_plain_data() -> None:
    import ecoredline.processing.report as package

    path = Path(package.__file__).parents[2] / "styles" / "verdicts.toml"
    assert all(set(entry) == {"colour", "fill", "symbol"} for entry in tomllib.loads(path.read_text("utf-8")).values())
    assert not re.search("|".join(NEVER_SAID), path.read_text("utf-8"))


def test_no_figure_is_printed_on_the_other_side_of_its_limit(screening: Any, tmp_path: Path) -> None:
    """999.996 m and 1000.004 m with a limit of 1000 m; 0.9996 m² with a limit of 1 m²; a share of 0.99999999."""
    export(screening, tmp_path)
    for name, text in _said(tmp_path).items():
        assert not re.search(
            r"(?<!\d)1,?000\.0+ ?m(?!m)|(?<![\d.])1\.00 m²|(?<!\d)100\.00%(?=[^<]{0,40}范围内比例)", text
        ), name
    everything = "".join(_said(tmp_path).values())
    for words in ("小于 1000 m", "大于 1000 m", "小于 1 m²", "小于 100%"):
        assert words in everything, words
