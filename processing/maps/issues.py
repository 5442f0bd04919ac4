"""What the map check notices on a page."""

from __future__ import annotations

from dataclasses import dataclass

from ...layers.texts import Text


@dataclass(frozen=True)
class Issue:
    """One thing noticed.

    Attributes
    ----------
    code : str
        What kind, e.g. ``cut_text``.
    item : str
        The item of the sheet, the layer or the file it is about.
    text : Text
        In words.
    fault : bool
        Whether the page must be marked; else it is only told.
    """

    code: str
    item: str
    text: Text
    fault: bool = True

    def as_row(self) -> dict[str, object]:
        """Return it as it stands in a file."""
        return {"code": self.code, "item": self.item, "zh": self.text.zh, "en": self.text.en, "fault": self.fault}


def issue_of(row: dict[str, object]) -> Issue:
    """Return an issue from its row in a file."""
    text = Text(str(row["zh"]), str(row["en"]))
    return Issue(str(row["code"]), str(row["item"]), text, bool(row["fault"]))
