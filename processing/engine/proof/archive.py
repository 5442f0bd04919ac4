"""The law of a run, kept in its dossier word for word, so that it can be judged again when the packs have changed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ...rules.bureau import switched_off
from ...rules.model import Pack
from ...rules.packs import load_pack
from ..tables import LAW


def law_table(packs: Sequence[Pack]) -> pd.DataFrame:
    """Return the files of the packs as a table of `tables.LAW`; a pack without a file has no text."""
    rows = [
        {
            "pack": pack.id,
            "file": pack.path.name,
            "text": _text(pack.path),
            "off": json.dumps({rule.id: rule.off for rule in pack.rules if rule.off}, ensure_ascii=False),
        }
        for pack in packs
    ]
    return LAW.frame(pd.DataFrame(rows))


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    return path.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def archived_pack(file: str, text: str, off: str) -> Pack:
    """Return a pack that a dossier keeps, from a row of `tables.LAW`, with the rules switched off that were.

    Raises
    ------
    RulePackError
        The text was changed into something that is no pack.
    """
    with tempfile.TemporaryDirectory(prefix="ecoredline-") as folder:
        path = Path(folder) / Path(file).name
        path.write_bytes(text.encode())
        return switched_off([load_pack(path, cases=False)], json.loads(off or "{}"))[0]
