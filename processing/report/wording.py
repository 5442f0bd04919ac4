"""Codes of the tables in the words that people read."""

from __future__ import annotations

from collections.abc import Mapping

from ...layers.texts import Text
from ..engine.table import Column
from ..engine.words import (
    CERTAINTY_TEXTS,
    COMPLETENESS_TEXTS,
    CONDITION_OPEN,
    CONDITION_OPEN_TEXT,
    OUTCOME_TEXTS,
    RELATION_TEXTS,
    ROLE_STATE_TEXTS,
    VERDICT_TEXTS,
)
from .basis import AUTHORITY_TEXTS
from .finding_names import RULE_NAMES
from .opinion import DAY_TEXTS
from .unit import CLASS_TEXTS
from .values import parts

_STATUS_TEXTS = {"ready": "已核对条文", "partial": "地方细则待核", "hold": "待核文本，不参与判定"}
_VERDICTS = {str(key): text.zh for key, text in VERDICT_TEXTS.items()}
_WORDS: dict[str, Mapping[str, str]] = {
    "verdict": _VERDICTS,
    "project_verdict": _VERDICTS,
    "reviewed_verdict": _VERDICTS,
    "completeness": {str(key): text.zh for key, text in COMPLETENESS_TEXTS.items()},
    "certainty": {str(key): text.zh for key, text in CERTAINTY_TEXTS.items()},
    "condition": {CONDITION_OPEN: CONDITION_OPEN_TEXT.zh},
    "outcome": {str(key): text.zh for key, text in OUTCOME_TEXTS.items()},
    "relation": {str(key): text.zh for key, text in RELATION_TEXTS.items()},
    "state": {str(key): text.zh for key, text in ROLE_STATE_TEXTS.items()},
    "authority": {key: text.zh for key, text in AUTHORITY_TEXTS.items()},
    "unit_class": CLASS_TEXTS,
    "status": _STATUS_TEXTS,
    "basis": DAY_TEXTS,
    "rule_id": RULE_NAMES,
}
_LISTS = ("unit_codes", "rule_ids", "differing")
_VERDICT_HEADING = Text("结论", "verdict")


def heading(column: Column) -> Text:
    """Return the heading of a column that shows words instead of codes."""
    return _VERDICT_HEADING if column.name == "verdict" else column.heading


def in_words(column: str, text: str, roles: Mapping[str, str]) -> str:
    """Return a text of a table in words.

    Parameters
    ----------
    column : str
        The column it stands in.
    text : str
        A code, a list of codes or plain text.
    roles : mapping
        Name per role id.
    """
    if column == "role":
        return roles.get(text, text)
    if column == "roles":
        return "、".join(roles.get(role, role) for role in parts(text))
    if column in _LISTS:
        return "、".join(parts(text))
    return _WORDS.get(column, {}).get(text, text)
