"""What a Word paper says of itself: title and product, nothing of the office or of the template it came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from ..engine.words import DISCLAIMER, SEAL_LABEL

_DROPPED = ("/attachedTemplate", "/metadata/thumbnail", "/custom-properties")
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>EcoRedline</Application>'
    b"</Properties>"
)
_BEFORE_SHADE = ("tcW", "gridSpan", "hMerge", "vMerge", "tcBorders")


def clean(document: Document, title: str, subject: str) -> None:
    """Set the properties of a document, drop what could tell of the office, and put cell settings in schema order."""
    properties = document.core_properties
    properties.title, properties.subject, properties.author = title, subject, "EcoRedline"
    properties.last_modified_by, properties.language = "EcoRedline", "zh-CN"
    for name in ("comments", "keywords", "category", "content_status", "identifier", "version"):
        setattr(properties, name, "")
    properties.revision = 1
    properties.created = properties.modified = datetime.now().replace(microsecond=0)
    package = document.part.package
    for part in (package, *package.iter_parts()):
        rels = part.rels
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_DROPPED)]:
            del rels[key]
    for part in package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            part._blob = _APP
    for tag in ("w:attachedTemplate", "w:rsids"):
        for node in list(document.settings.element.iter(qn(tag))):
            node.getparent().remove(node)
    _order_cells(document)


def last_line(document: Document, seal: str) -> None:
    """See to it that a paper of any template carries the seal's number and ends with the disclaimer."""
    body = document.element.body
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    if seal not in text:
        document.add_paragraph(f"{SEAL_LABEL}：{seal}")
    told = [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]
    if not told or told[-1].strip() != DISCLAIMER:
        document.add_paragraph(DISCLAIMER)


def _order_cells(document: Document) -> None:
    """Move the shading of a cell, which docxtpl puts first, behind its width, where the schema wants it."""
    for settings in document.element.body.iter(qn("w:tcPr")):
        shade = settings.find(qn("w:shd"))
        before: list[Any] = [node for node in settings if node.tag in map(qn, (f"w:{n}" for n in _BEFORE_SHADE))]
        if shade is not None and before:
            before[-1].addnext(shade)
