"""The papers in LibreOffice itself: every word of a paper is on its pages, and a cell is never a formula."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from ecoredline.processing.engine.words import DISCLAIMER
from ecoredline.processing.report import export
from paper_run import FORMULA, make_screening

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(
    OFFICE is None or shutil.which("pdftotext") is None,
    reason="LibreOffice is not installed (Debian: libreoffice-writer, libreoffice-calc); no paper was opened",
)
SPACE = re.compile(r"[\s\u200b\xad☑☐\ufffd]+")  # boxes come from a font of their own, which moves them in the text


def converted(path: Path, kind: str) -> Path:
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    words = [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(path.parent), str(path)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
    return path.with_suffix(f".{kind.split(':')[0]}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("office")
    export(make_screening(), made, formats=("docx", "xlsx"), one_file=True)
    return made


def words_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("name", ["all-sites.docx", "conformity/all-sites.docx"])
def test_no_word_of_a_paper_is_lost_on_its_pages(folder: Path, name: str) -> None:
    document = Document(str(folder / name))
    pdf = converted(folder / name, "pdf")
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True)
    told = SPACE.sub("", done.stdout)
    runs = {SPACE.sub("", node.text or "") for node in document.element.body.iter(qn("w:t"))} - {""}
    # a text may be broken over lines and pages: each of its characters in short pieces
    lost = [run for run in runs if not all(run[i : i + 6] in told for i in range(0, len(run), 6))]
    assert len(runs) > 300
    assert lost == []
    boxes = [node.text for node in document.element.body.iter(qn("w:t")) if node.text and "☐" in node.text]
    assert done.stdout.count("☐") == "".join(boxes).count("☐") > 20
    assert told.count(SPACE.sub("", DISCLAIMER)) == 7
    pages = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert 21 <= int(re.search(r"Pages:\s+(\d+)", pages)[1]) <= 70


def test_a_formula_of_the_data_is_text_in_the_paper_and_in_the_book(folder: Path) -> None:
    assert FORMULA in words_of(converted(folder / "all-sites.docx", "pdf"))
    cells = converted(folder / "findings.xlsx", "csv").read_text(encoding="utf-8", errors="replace")
    assert FORMULA in cells and "Err:" not in cells and "#NAME" not in cells
