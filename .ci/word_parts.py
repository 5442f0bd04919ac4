"""The Word parts that the templates of papers are set from: page, fonts, headings, tables, fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml import etree

BODY, HEADING, LATIN = "SimSun", "SimHei", "Times New Roman"  # 宋体, 黑体 by the names that every system resolves
ALTERNATIVES = {BODY: "宋体,Songti SC,Noto Serif CJK SC", HEADING: "黑体,Heiti SC,Noto Sans CJK SC"}
PAGE_WIDTH_MM = 210 - 25 - 22
BODY_PT, TABLE_PT, SMALL_PT, TITLE_PT = 10.5, 9.0, 8.0, 18.0
LABEL_FILL = "F2F2F2"
CELL_MARGIN_TWIPS = 30


def new_document(title: str, subject: str) -> DocumentObject:
    """Return an empty A4 document with the fonts and styles of the papers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.left_margin, section.right_margin = Mm(25), Mm(22)
    section.header_distance, section.footer_distance = Mm(10), Mm(9)
    _styles(document)
    _font_table(document)
    _chinese(document)
    properties = document.core_properties
    properties.title, properties.subject, properties.author = title, subject, "EcoRedline"
    properties.comments, properties.language, properties.keywords = "", "zh-CN", ""
    properties.created = properties.modified = datetime.now().replace(microsecond=0)
    return document


def paragraph(
    parent: DocumentObject | _Cell, text: str, *, size: float | None = None, bold: bool = False, colour: str = "",
    align: WD_ALIGN_PARAGRAPH | None = None, keep: bool = False,
) -> Paragraph:  # fmt: skip
    """Add a paragraph; in a fresh cell its first, empty one is used."""
    if isinstance(parent, _Cell) and len(parent.paragraphs) == 1 and not parent.paragraphs[0].text:
        made = parent.paragraphs[0]
    else:
        made = parent.add_paragraph()
    run = made.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
    if align is not None:
        made.alignment = align
    made.paragraph_format.keep_with_next = keep or None
    return made


def grid(document: DocumentObject, widths: Sequence[float], header: Sequence[str] = ()) -> Table:
    """Add a table with grid lines and fixed column widths in mm; its header repeats on every page."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(
        parse_xml(
            f'<w:tblCellMar {nsdecls("w")}><w:top w:w="{CELL_MARGIN_TWIPS}" w:type="dxa"/>'
            f'<w:bottom w:w="{CELL_MARGIN_TWIPS}" w:type="dxa"/></w:tblCellMar>'
        )
    )  # the schema wants it before the look
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    if header:
        cells = add_row(table, widths, header, bold=True, fill=LABEL_FILL, align=WD_ALIGN_PARAGRAPH.CENTER)
        mark = OxmlElement("w:tblHeader")
        cells[0]._tc.getparent().get_or_add_trPr().append(mark)
    return table


def add_row(
    table: Table, widths: Sequence[float], texts: Sequence[str], *, bold: bool = False, fill: str = "",
    align: WD_ALIGN_PARAGRAPH | None = None, whole: bool = True, labels: Sequence[int] = (),
) -> list[_Cell]:  # fmt: skip
    """Add a row of text; ``whole`` keeps it on one page; the columns in ``labels`` are shaded as labels."""
    row = table.add_row()
    cells = list(row.cells)
    for place, (cell, width, text) in enumerate(zip(cells, widths, texts, strict=True)):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        lines = text.split("\n") or [""]
        for line in lines:
            paragraph(cell, line, size=TABLE_PT, bold=bold, align=align)
        if fill or place in labels:
            shade(cell, fill or LABEL_FILL)
    if whole:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return cells


def shade(cell: _Cell, fill: str) -> None:
    """Fill a cell with a colour ``RRGGBB``."""
    properties = cell._tc.get_or_add_tcPr()
    properties.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill.lstrip("#")}"/>'))


def keep_head(table: Table, rows: int = 1) -> None:
    """Keep the first rows of a table with the next; rows of tags between them go when it is filled."""
    _keep(table.rows[:rows])


def only(cell: _Cell, text: str, bold: bool = False, size: float = TABLE_PT) -> None:
    """Set the text of a merged cell, whose parts each brought an empty paragraph."""
    for made in list(cell.paragraphs[1:]):
        made._p.getparent().remove(made._p)
    paragraph(cell, text, size=size, bold=bold)


def _keep(rows: Iterable[_Row]) -> None:
    for row in rows:
        for cell in row.cells:
            for made in cell.paragraphs:
                made.paragraph_format.keep_with_next = True


def footer(document: DocumentObject, left: str) -> None:
    """Put a line of text and "page x of y" at the foot of every page."""
    line = document.sections[0].footer.paragraphs[0]
    line.style = document.styles["Footer"]
    line.add_run(left + "\t第 ")
    _field(line, "PAGE")
    line.add_run(" 页，共 ")
    _field(line, "NUMPAGES")
    line.add_run(" 页")


def _field(line: Paragraph, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", "1"), ("end", "")):
        run = line.add_run(text if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif not kind:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {text} "
            run._r.append(code)


def _styles(document: DocumentObject) -> None:
    normal = document.styles["Normal"]
    _fonts(normal, BODY, BODY_PT)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.15
    for level, size, before in ((1, 13.0, 12.0), (2, 11.0, 8.0)):
        style = document.styles[f"Heading {level}"]
        _fonts(style, HEADING, size)
        style.font.bold = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        style.paragraph_format.keep_with_next = True
    _fonts(document.styles["Footer"], BODY, SMALL_PT)
    stops = document.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(PAGE_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    note = document.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = normal
    _fonts(note, BODY, TABLE_PT)
    note.paragraph_format.space_before = Pt(2)


def _fonts(style: Any, east_asia: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for slot, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", east_asia), ("cs", LATIN)):
        fonts.set(qn(f"w:{slot}"), name)


def _chinese(document: DocumentObject) -> None:
    """Make Chinese the language of East Asian text, by which a system picks Chinese forms of the characters."""
    for element in (document.styles.element, document.settings.element):
        for tag in ("w:lang", "w:themeFontLang"):
            for language in element.iter(qn(tag)):
                language.set(qn("w:eastAsia"), "zh-CN")


def _font_table(document: DocumentObject) -> None:
    """Name what to use where a Chinese font is not installed."""
    part = next((p for p in document.part.package.iter_parts() if str(p.partname).endswith("fontTable.xml")), None)
    if part is None:
        return
    root = parse_xml(part.blob)
    for name, others in ALTERNATIVES.items():
        root.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/>'
                '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            )
        )
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
