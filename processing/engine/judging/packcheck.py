"""A folder of packs put to the test: what is refused and where, which cases come out otherwise, what it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from ....layers.errors import RulePackError
from ....layers.progress import Progress
from ....layers.texts import Text
from ...rules.bureau import pack_set
from ...rules.lines import case_line
from ...rules.model import Pack
from ...rules.packs import CASES, load_pack, pack_files, shipped_folder
from ...rules.refusal import PackRefusedError, Where, refusal
from .golden import CaseRunner, Mismatch

COLUMNS = ("kind", "file", "line", "pack", "rule", "zh", "en")
# A pack that is refused; a case that comes out otherwise; what the folder does to the packs that ship.
REFUSED, CASE, REMARK = "refused", "case", "remark"
Row = tuple[str, str, int, str, str, str, str]


def check_packs(folder: Path | str | None = None, progress: Progress | None = None) -> pd.DataFrame:
    """Return what is to be said about the packs of a folder; None checks those shipped.

    Each file is read on its own, so that one wrong pack hides no other.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; ``kind`` is ``refused``, ``case`` or ``remark``, ``line`` 0 where it is of no file.
        Only remarks: the packs can be used.
    """
    progress = progress or Progress()
    home = shipped_folder() if folder is None else Path(folder)
    rows: list[Row] = []
    packs: list[Pack] = []
    files = pack_files(home)
    for n, path in enumerate(files):
        progress.step(n / len(files), Text(f"正在核对 {path.name}", f"Checking {path.name}"))
        try:
            packs.append(load_pack(path))
        except RulePackError as error:
            rows.append(_refused(error, path))
            continue
        rows += [_mismatch(packs[-1], mismatch) for mismatch in _mismatches(packs[-1])]
    if not files:
        missing = refusal(Where(home), Text("文件夹中没有规则包（*.toml）", "the folder has no pack (*.toml)"))
        rows.append(_refused(missing, home))
    if not any(row[0] == REFUSED for row in rows):
        rows += _together(home)
    progress.step(1.0)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"line": "int64"})


def _mismatches(pack: Pack) -> list[Mismatch]:
    runner = CaseRunner(pack)
    return [mismatch for rule in pack.rules if rule.status != "hold" for mismatch in runner.mismatches(rule)]


def _refused(error: RulePackError, path: Path) -> Row:
    where = error.where if isinstance(error, PackRefusedError) else Where(path)
    told = {
        lang: (
            colon.join(filter(None, (getattr(error.message, lang), getattr(error.cause, lang)))),
            getattr(error.remedy, lang),
        )
        for lang, colon in (("zh", "："), ("en", ": "))
    }
    zh, en = told["zh"][0] + "。" + told["zh"][1], f"{told['en'][0]}. {told['en'][1]}"
    return REFUSED, str(where.path), _line(where, error), "", where.item, zh.removesuffix("。") + "。", en.strip()


def _line(where: Where, error: RulePackError) -> int:
    """Return the line of what is refused: of its key or table, of what is no TOML, else the first; 0 of a folder."""
    if where.line or not where.path.is_file():
        return where.line or 0
    if named := re.search(r"at line (\d+)", error.cause.en):
        return int(named[1])
    at_end = "at end of document" in error.cause.en
    return max(1, len(where.path.read_bytes().splitlines())) if at_end else 1


def _mismatch(pack: Pack, found: Mismatch) -> Row:
    files = (pack.path.with_suffix(CASES), pack.path)
    file, line = next(((f, n) for f in files if (n := case_line(f, found.rule, found.case))), (pack.path, 0))
    expected, got = dict(found.expected), {key: found.got[key] for key in found.expected}
    zh = f"例子“{found.case}”：应为 {expected}，实得 {got}"
    return CASE, str(file), line, pack.id, found.rule, zh, f"case “{found.case}”: expected {expected}, got {got}"


def _together(home: Path) -> list[Row]:
    """Check the packs of a folder as a whole: ids shared, rules switched off."""
    try:
        remarks = pack_set(home).remarks
    except RulePackError as error:
        return [_refused(error, home)]
    return [(REMARK, str(home), 0, each.pack, each.rule, each.text.zh, each.text.en) for each in remarks]
