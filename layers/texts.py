"""User texts in Chinese and English.

The core knows no Qt translator, so a text carries both languages and the door
through which it leaves (terminal, message bar, paper) picks one.
"""

from __future__ import annotations

import locale
import os
from typing import NamedTuple

LANGUAGES = ("zh", "en")


class Text(NamedTuple):
    """One sentence for users, in both languages of the product."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if language() == "zh" else self.en


EMPTY = Text("", "")

_chosen: str | None = None


def use(code: str) -> None:
    """Choose the language of ``str(text)``.

    Parameters
    ----------
    code : str
        A locale name such as ``zh-Hans``, ``zh_CN`` or ``en``; every Chinese
        one selects Chinese, any other English.
    """
    global _chosen
    _chosen = "zh" if code.lower().startswith("zh") else "en"


def language() -> str:
    """Return ``"zh"`` or ``"en"``: the one chosen, else that of the locale."""
    if _chosen is not None:
        return _chosen
    named = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith("zh") else "en"
