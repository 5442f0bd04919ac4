"""A Word template filled in: Jinja2 in a sandbox, every value escaped, a broken template refused with its place.

A template is an ordinary .docx with the tags of docxtpl. It sees the values of `word_values` and nothing
else: no functions, no files, no network; what is not a value of the paper is an error, never left blank.
"""

from __future__ import annotations

import re
import traceback
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from ...layers.errors import EcoRedlineError
from ...layers.errors import TemplateError as Refusal
from ...layers.texts import EMPTY, Text

MOST_BYTES = 60_000_000  # of a template unpacked, pictures and all
_FILTERS = (
    "default", "e", "escape", "first", "int", "join", "last", "length", "list", "lower", "map", "reject", "rejectattr",
    "replace", "round", "select", "selectattr", "sort", "trim", "unique", "upper",
)  # fmt: skip
_PARTS = (("document", "正文", "the body"), ("header", "页眉", "a header"), ("footer", "页脚", "a footer"))
_ACTIVE = ("vbaProject", "/activeX", "/embeddings", "oleObject", "/control", "aFChunk")
_ALLOWED_OUTSIDE = ("/hyperlink", "/attachedTemplate")  # a link that a person may click; the other is dropped


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 that reads values and does nothing else."""

    intercepted_binops = frozenset(("*", "**"))

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self._ready: dict[str, Template] = {}

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """Return a part of a template ready to fill; each is checked and compiled once, not once per site."""
        if source not in self._ready:
            if any(True for _ in self.parse(source).find_all(nodes.EvalContextModifier)):
                raise SecurityError("autoescape")
            self._ready[source] = super().from_string(source, globals, template_class)
        return self._ready[source]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what could fill the memory."""
        raise SecurityError(f"operator {operator}")


class WordTemplate:
    """One template, read and checked.

    Parameters
    ----------
    path : Path
        The .docx.

    Raises
    ------
    TemplateError
        If the file is no Word document, is too large, or holds macros, embedded objects or outside pictures.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes = path.read_bytes()
        except OSError as error:
            raise self._refused(Text(f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})")) from error
        self._check()
        self._sandbox = _Sandbox()
        self._patched: dict[str, str] = {}

    def document(self) -> Filled:
        """Return a fresh document to fill."""
        return Filled(self.path, BytesIO(self._bytes), self._sandbox, self._patched)

    def _check(self) -> None:
        try:
            with zipfile.ZipFile(BytesIO(self._bytes)) as archive:
                names = archive.namelist()
                if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
                    raise self._refused(Text("解压后过大", "too large when unpacked"))
                if "word/document.xml" not in names:
                    raise self._refused(Text("不是 Word 文档（.docx）", "no Word document (.docx)"))
                active = [name for name in names if any(mark in name for mark in _ACTIVE)]
                outside = [name for rels in names if rels.endswith(".rels") for name in _outside(archive.read(rels))]
        except (zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError, OSError) as error:
            raise self._refused(Text("不是 Word 文档（.docx）", "no Word document (.docx)")) from error
        if active or outside:
            told = "、".join(Path(name).name for name in [*active, *outside])
            raise self._refused(
                Text(
                    f"含有宏、嵌入对象或者外部引用：{told}", f"holds macros, embedded objects or outside parts: {told}"
                )
            )

    def _refused(self, cause: Text) -> Refusal:
        return refusal(self.path, cause)


class Filled(DocxTemplate):  # type: ignore[misc]
    """A document made from a template; what docxtpl makes ready of its parts is kept in ``patched`` for the next."""

    def __init__(self, path: Path, content: BytesIO, sandbox: _Sandbox, patched: dict[str, str]) -> None:
        super().__init__(content)
        self._path, self._sandbox, self._patched = path, sandbox, patched

    def patch_xml(self, src_xml: str) -> str:
        """Return a part with its tags freed of markup."""
        if src_xml not in self._patched:
            self._patched[src_xml] = str(super().patch_xml(src_xml))
        return self._patched[src_xml]

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put the values in.

        Raises
        ------
        TemplateError
            Naming the file, the part and the paragraph at fault.
        """
        try:
            self.render(dict(values), self._sandbox, autoescape=True)
        except (PackageNotFoundError, KeyError, ValueError) as error:
            raise refusal(self._path, Text(str(error), str(error))) from error

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Leave the properties alone: `word_clean` sets them."""

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
        """Fill one part of the document; an error names the paragraph."""
        try:
            return str(super().render_xml_part(src_xml, part, context, jinja_env))
        except EcoRedlineError:
            raise
        except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise refusal(self._path, _why(error), _where(src_xml, part, error)) from error

    def fix_tables(self, xml: str) -> Any:
        """Check that the tags left the document whole, before docxtpl mends what it takes for small faults."""
        try:
            etree.fromstring(xml.encode("utf-8"), etree.XMLParser(resolve_entities=False, huge_tree=True))
        except etree.XMLSyntaxError as error:
            raise refusal(
                self._path,
                Text(
                    "表格行、段落的循环或者条件标记没有成对放在同一层",
                    "tags of rows or paragraphs do not open and close on the same level",
                ),
                Text(f"正文：{error.msg}", f"the body: {error.msg}"),
            ) from error
        return super().fix_tables(xml)


def refusal(path: Path, cause: Text, place: Text = EMPTY) -> Refusal:
    """Return the refusal of a template: file, place, cause."""
    return Refusal(
        Text(
            f"Word 模板 {path} 不能使用" + (f"，位置：{place.zh}" if place.zh else ""),
            f"The Word template {path} cannot be used" + (f", at {place.en}" if place.en else ""),
        ),
        cause,
        Text(
            "请对照随附模板（processing/report/word_templates）改正该处，或者不指定模板。",
            "Correct that place as in the templates that come with the plugin (processing/report/word_templates), "
            "or name no template.",
        ),
    )


def _outside(rels: bytes) -> list[str]:
    """Return what a part refers to outside the file, but for links to click."""
    root = etree.fromstring(rels, etree.XMLParser(resolve_entities=False))
    return [
        str(rel.get("Target"))
        for rel in root
        if rel.get("TargetMode") == "External" and not str(rel.get("Type")).endswith(_ALLOWED_OUTSIDE)
    ]


def _why(error: Exception) -> Text:
    if isinstance(error, SecurityError):
        return Text(f"模板中有不允许的代码（{error}）", f"it holds code that no template may run ({error})")
    if isinstance(error, UndefinedError):
        return Text(f"没有这个名称的值（{error}）", f"there is no value of that name ({error})")
    return Text(f"标记写法有误（{error}）", f"the tag is wrong ({error})")


def _where(xml: str, part: Any, error: Exception) -> Text:
    """Return the part and the text of the paragraph at fault."""
    name = str(part.partname)
    zh, en = next(((zh, en) for mark, zh, en in _PARTS if mark in name), (name, name))
    number = getattr(error, "lineno", None) or _line_of(error)
    if number is None:
        return Text(zh, en)
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", xml).split("\n")  # as docxtpl counts them
    text = re.sub(r"<[^>]+>", "", lines[min(number, len(lines)) - 1]).strip()[:120]
    place = max(number - 1, 1)  # the first line is what stands before the first paragraph
    return Text(f"{zh}第 {place} 段“{text}”", f"{en}, paragraph {place}: {text}")


def _line_of(error: Exception) -> int | None:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return frames[-1].lineno if frames else None
