"""Sets a Word template piece by piece: paragraphs, tables that loop over values, blocks with a condition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from docx.document import Document
from word_parts import Table, add_row, grid, keep_head, new_document, only, paragraph

PAIRS = (27.0, 54.5, 27.0, 54.5)
MADE = datetime(2026, 11, 24)


class Maker:
    """Sets a template piece by piece."""

    def __init__(self, title: str) -> None:
        self.document: Document = new_document(title, "template")
        self.document.core_properties.created = self.document.core_properties.modified = MADE

    def say(self, text: str, **how: object) -> None:
        """Add a paragraph."""
        paragraph(self.document, text, **how)

    def tag(self, text: str) -> None:
        """Add a paragraph that holds nothing but a tag and goes when the template is filled."""
        self.document.add_paragraph("{%p " + text + " %}")

    def head(self, text: str, level: int = 1) -> None:
        """Add a heading."""
        self.document.add_heading(text, level)

    def note(self, text: str) -> None:
        """Add a note in small type."""
        self.document.add_paragraph(text, style="Note")

    def gap(self, size: float = 4) -> None:
        """Add a little room."""
        paragraph(self.document, "", size=size)

    def pairs(self, rows: str) -> None:
        """Add a table of labelled values."""
        table = grid(self.document, PAIRS)
        self.pair_rows(table, rows)

    def pair_rows(self, table: Table, rows: str) -> None:
        """Add the rows of labelled values."""
        self.row_tag(table, PAIRS, f"for r in {rows}")
        self.row_tag(table, PAIRS, "if r.wide")
        self.wide(table, "{{ r.a }}", "{{ r.b }}")
        self.row_tag(table, PAIRS, "else")
        add_row(table, PAIRS, ("{{ r.a }}", "{{ r.b }}", "{{ r.c }}", "{{ r.d }}"), labels=(0, 2))
        self.row_tag(table, PAIRS, "endif")
        self.row_tag(table, PAIRS, "endfor")

    def wide(self, table: Table, label: str, text: str, whole: bool = True) -> None:
        """Add a row of a label and one wide value."""
        cells = add_row(table, PAIRS, (label, "", "", ""), labels=(0,), whole=whole)
        only(cells[1].merge(cells[3]), text)

    def row_tag(self, table: Table, widths: Sequence[float], text: str) -> None:
        """Add a row that holds nothing but a tag and goes when the template is filled."""
        add_row(table, widths, ("{%tr " + text + " %}", *[""] * (len(widths) - 1)))

    def rows(
        self, rows: str, widths: Sequence[float], heads: Sequence[str], cells: Sequence[str], whole: bool = True
    ) -> Table:
        """Add a table with a heading that repeats, and one row per value."""
        table = grid(self.document, widths, heads)
        self.row_tag(table, widths, f"for r in {rows}")
        add_row(table, widths, ["{{ r." + name + " }}" for name in cells], whole=whole)
        self.row_tag(table, widths, "endfor")
        keep_head(table)
        return table

    def others(self, table: Table, widths: Sequence[float], rows: str) -> None:
        """Add the rows of what shares a state: the state, and in one wide cell the names."""
        self.row_tag(table, widths, f"for o in {rows}")
        cells = add_row(table, widths, ("{{ o.state }}", *[""] * (len(widths) - 1)), labels=(0,), whole=False)
        only(cells[1].merge(cells[-1]), "{{ o.names }}")
        self.row_tag(table, widths, "endfor")

    def when(self, condition: str, otherwise: str = "") -> _Block:
        """Return a block that is shown where the condition holds."""
        return _Block(self, condition, otherwise)


class _Block:
    def __init__(self, maker: Maker, condition: str, otherwise: str) -> None:
        self._maker, self._condition, self._otherwise = maker, condition, otherwise

    def __enter__(self) -> None:
        self._maker.tag(f"if {self._condition}")

    def __exit__(self, *_: object) -> None:
        if self._otherwise:
            self._maker.tag("else")
            self._maker.say(self._otherwise)
        self._maker.tag("endif")
