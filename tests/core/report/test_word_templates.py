"""Templates of the user's own: they work, run no code, and are refused with file and place where they are broken."""

from __future__ import annotations

import importlib
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from ecoredline.layers.errors import DossierError, TemplateError
from ecoredline.processing.engine.words import DISCLAIMER
from ecoredline.processing.report import export
from ecoredline.processing.report import export as door
from ecoredline.processing.report.options import Options

ROOT = Path(__file__).absolute().parents[3]
SHIPPED = ROOT / "processing" / "report" / "word_templates"


def template(path: Path, *paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(str(path))
    return path


def made(screening: Any, folder: Path, path: Path, **more: Any) -> Any:
    screening.verdicts = screening.verdicts[screening.verdicts["site_id"] == "A-01"]
    export(screening, folder, formats=("docx",), template=path, **more)
    return Document(str(folder / "A-01.docx"))


def test_what_is_shipped_is_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    for name, make in importlib.import_module("word_templates").TEMPLATES.items():
        make().save(str(tmp_path / name))
        with zipfile.ZipFile(SHIPPED / name) as kept, zipfile.ZipFile(tmp_path / name) as fresh:
            assert kept.namelist() == fresh.namelist()
            for part in kept.namelist():
                assert kept.read(part) == fresh.read(part), f"{name}: {part}; run .ci/word_templates.py"
    sys.modules.pop("word_templates")


def test_every_value_of_the_notes_is_there_and_every_tag_of_the_shipped_ones_is_noted() -> None:
    notes = (SHIPPED / "README.md").read_text(encoding="utf-8")
    for path in SHIPPED.glob("*.docx"):
        with zipfile.ZipFile(path) as archive:
            text = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode("utf-8"))
        for name in set(re.findall(r"\b(?:run|s)\.(\w+)", text)):
            assert f"`{name}`" in notes, name


def test_an_own_template_is_filled_and_ends_with_seal_and_disclaimer(screening: Any, tmp_path: Path) -> None:
    path = template(
        tmp_path / "own.docx",
        "{%p for s in sites %}", "本局样式：{{ s.name }}（{{ run.report_name }}）", "{{ s.verdict }}", "{%p endfor %}",
        rows=(("{%tr for f in sites[0].findings %}", ""), ("{{ f.rule_id }}", "{{ f.law }}"), ("{%tr endfor %}", "")),
    )  # fmt: skip
    before = path.read_bytes()
    paper = made(screening, tmp_path / "out", path)
    texts = [p.text for p in paper.paragraphs if p.text]
    assert texts[0] == "本局样式：虚构化工扩建项目（生态环境影响报告表）" and texts[1] == "■ 触及禁止"
    assert texts[-2].endswith("4BC4-E0A6-D917-DBAD") and texts[-1] == DISCLAIMER
    assert [row.cells[0].text for row in paper.tables[0].rows] == ["RL-01", "YZ-01", "CU-02"]
    assert path.read_bytes() == before
    assert not (tmp_path / "out" / "conformity").exists()


def test_data_is_never_read_as_a_tag_or_as_markup(screening: Any, tmp_path: Path) -> None:
    evil = "{{ run.seal }}{% for x in sites %}<w:p/>&amp;</w:t>"
    screening.verdicts.loc[screening.verdicts["site_id"] == "A-01", "name"] = evil
    paper = made(screening, tmp_path / "out", template(tmp_path / "own.docx", "{{ sites[0].name }}"))
    assert paper.paragraphs[0].text == evil


@pytest.mark.parametrize(
    "code",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ run.__init__.__globals__ }}",
        "{{ sites.append(1) }}",
        "{{ cycler.__init__ }}",
        "{{ range(10) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ run.seal|attr('__class__') }}",
        "{{ run.seal|safe }}",
        "{{ run.seal|center(1000000000) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}{{ os }}",
        "{%p autoescape false %}{{ sites[0].name }}{% endautoescape %}",
    ],
)
def test_a_template_with_code_in_it_does_not_run_it(screening: Any, tmp_path: Path, code: str) -> None:
    with pytest.raises(TemplateError, match="own"):
        made(screening, tmp_path / "out", template(tmp_path / "own.docx", "开头", code))
    assert not list((tmp_path / "out").rglob("*.docx"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("名称：{{ s.nmae }}", "正文第 2 段"),
        ("名称：{{ sites[0].nmae }}", "名称：{{ sites[0].nmae }}"),
        ("{% if run.seal %}没有结束", "正文"),
        ("{{ run.seal", "正文"),
        ("{{ run.seal|upperr }}", "upperr"),
    ],
)
def test_a_broken_template_is_refused_with_file_and_place(
    screening: Any, tmp_path: Path, text: str, place: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        made(screening, tmp_path / "out", template(tmp_path / "own.docx", "第一段", text))
    told = f"{caught.value.message.zh} {caught.value.cause.zh}"
    assert "own.docx" in told and place in told and "第 2 段" in told and caught.value.remedy.zh


def test_tags_on_different_levels_are_refused_not_mended(screening: Any, tmp_path: Path) -> None:
    path = template(
        tmp_path / "own.docx", "{%p for s in sites %}", rows=(("{{ s.name }}",), ("{%tr endfor %}",))
    )  # fmt: skip
    with pytest.raises(TemplateError, match="own"):
        export(screening, tmp_path / "out", formats=("docx",), template=path, one_file=True)


def test_what_is_no_word_document_or_holds_active_parts_is_refused(screening: Any, tmp_path: Path) -> None:
    (tmp_path / "text.docx").write_text("不是文档", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "sheet.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    plain = template(tmp_path / "plain.docx", "{{ run.seal }}")
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(tmp_path / "macro.docx", "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
        archive.writestr("word/vbaProject.bin", b"x")
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(tmp_path / "outside.docx", "w") as archive:
        for name in whole.namelist():
            text = whole.read(name)
            if name == "word/_rels/document.xml.rels":
                link = b'<Relationship Id="r99" TargetMode="External" Type="http://x/image" Target="http://x/a.png"/>'
                text = text.replace(b"</Relationships>", link + b"</Relationships>")
            archive.writestr(name, text)
    for name in ("text", "sheet", "macro", "outside", "absent"):
        with pytest.raises(TemplateError, match=f"{name}.docx"):
            made(screening, tmp_path / "out", tmp_path / f"{name}.docx")


def test_nothing_of_the_office_of_the_template_goes_into_the_paper(screening: Any, tmp_path: Path) -> None:
    path = template(tmp_path / "own.docx", "{{ run.seal }}")
    document = Document(str(path))
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.category = about.keywords = "某某区局 张三"
    document.settings.element.append(
        document.settings.element.makeelement(qn("w:attachedTemplate"), {qn("r:id"): "r7"})
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part._settings_part.relate_to("file:///C:/Users/zhangsan/office.dotx", kind, is_external=True)
    document.save(str(path))
    made(screening, tmp_path / "out", path)
    with zipfile.ZipFile(tmp_path / "out" / "A-01.docx") as archive:
        everything = "\n".join(
            archive.read(n).decode("utf-8", "replace") for n in archive.namelist() if "media" not in n
        )
    for word in ("张三", "某某区局", "zhangsan", "office.dotx", str(tmp_path)):
        assert word not in everything, word


def test_one_paper_of_all_sites_in_order(screening: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = export(screening, tmp_path, formats=("docx",), one_file=True)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "all-sites.docx", "conformity/all-sites.docx",
    ]  # fmt: skip
    for path in written:
        paper = Document(str(path))
        first = [
            t.rows[0].cells[0].text.split("　")[0] for t in paper.tables if len(t.columns) == 2 and len(t.rows) == 1
        ]
        assert first == ["A-01", "B/02", "C:03", "D-04", "E-05", "F-06", "G-07"]
        breaks = [node for node in paper.element.body.iter(qn("w:br")) if node.get(qn("w:type")) == "page"]
        assert len(breaks) == 6
        assert [p.text for p in paper.paragraphs if p.text][-1] == DISCLAIMER
        assert "7 个地块" in paper.sections[0].footer.paragraphs[0].text
    monkeypatch.setattr(sys.modules[door.__module__], "MOST_IN_ONE_FILE", 6)
    with pytest.raises(DossierError, match="7"):
        export(screening, tmp_path, formats=("docx",), one_file=True)


@pytest.mark.parametrize(
    ("as_of", "chosen", "name"),
    [
        ("2026-08-14", "", "环境影响报告表"),
        ("2026-08-15", "", "生态环境影响报告表"),
        ("2026-11-24", "环境影响报告表", "环境影响报告表"),
    ],
)
def test_the_name_of_the_report_is_that_of_the_law_or_the_one_chosen(
    screening: Any, tmp_path: Path, as_of: str, chosen: str, name: str
) -> None:
    screening.settings["as_of"] = as_of
    screening.verdicts = screening.verdicts.iloc[:1]
    export(screening, tmp_path, formats=("docx",), options=Options(report_name=chosen))
    paper = Document(str(tmp_path / "conformity" / "A-01.docx"))
    assert f"供编制《{name}》“其他符合性分析”参考" in [p.text for p in paper.paragraphs]
