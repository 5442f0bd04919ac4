"""What persons have answered: who, when and why stand beside each answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....layers.errors import SitesError
from ....layers.texts import Text
from ..tables import ANSWERS
from ..truth import FALSE, TRUE, UNKNOWN, Truth

YES, NO = frozenset({"是", "yes", "y", "true", "1"}), frozenset({"否", "no", "n", "false", "0"})


class AnswerBook:
    """Answers by site, rule and question.

    Parameters
    ----------
    table : DataFrame or None
        Columns of `tables.ANSWERS`; ``question`` is the question's text or the id of the exception.

    Raises
    ------
    SitesError
        A column is missing, an answer is neither yes nor no, or nobody stands for it.
    """

    def __init__(self, table: pd.DataFrame | None) -> None:
        self.table = ANSWERS.empty() if table is None else _checked(table)
        keys = zip(self.table["site_id"], self.table["rule_id"], self.table["question"], strict=True)
        self._of_rule: dict[tuple[str, str], dict[str, np.int8]] = {}
        for (site, rule, question), answer in zip(keys, self.table["answer"], strict=True):
            value = TRUE if str(answer).strip().lower() in YES else FALSE
            self._of_rule.setdefault((rule, question), {})[site] = value

    def given(self, rule_id: str, question: str, site_ids: NDArray[np.object_]) -> Truth | None:
        """Return the answers of all sites to one question of one rule, unknown where one has none; None if all have."""
        given = self._of_rule.get((rule_id, question))
        return None if given is None else np.array([given.get(site, UNKNOWN) for site in site_ids], dtype=np.int8)


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("site_id", "rule_id", "question", "answer", "who", "when") if name not in table]
    if missing:
        listed = "、".join(missing)
        raise SitesError(
            Text(f"答复表缺少列：{listed}", f"The table of answers lacks columns: {listed}"),
            remedy=Text("请按 site_id, rule_id, question, answer, who, when, why 填写。",
                        "Fill in site_id, rule_id, question, answer, who, when, why."),
        )  # fmt: skip
    frame = table.reset_index(drop=True).copy()
    for name in ANSWERS.names:
        frame[name] = frame[name].fillna("").astype(str).str.strip() if name in frame else ""
    wrong = np.flatnonzero(~frame["answer"].str.lower().isin(YES | NO) | (frame["who"] == "") | (frame["when"] == ""))
    if len(wrong):
        rows = "、".join(str(i + 1) for i in wrong[:10])
        raise SitesError(
            Text(f"答复表第 {rows} 行无效", f"Rows {rows} of the table of answers are not valid"),
            Text(
                "答复只能是 是 或 否，并须写明答复人和时间。", "An answer is yes or no and names who gave it and when."
            ),
            Text("请补全后重新运行。", "Complete them and run again."),
        )
    _refuse_contradictions(frame)
    return ANSWERS.frame(frame)


def _refuse_contradictions(frame: pd.DataFrame) -> None:
    """Refuse two answers of one site to one question of one rule that differ."""
    keys = ["site_id", "rule_id", "question"]
    says_yes = frame["answer"].str.lower().isin(YES)
    differs = says_yes.groupby([frame[key] for key in keys]).transform("nunique") > 1
    rows = np.flatnonzero(differs)
    if len(rows):
        listed = "、".join(str(i + 1) for i in rows[:10])
        raise SitesError(
            Text(f"答复表第 {listed} 行互相矛盾", f"Rows {listed} of the table of answers contradict each other"),
            Text("同一地块、同一规则、同一问题只能有一个答复。", "A site has one answer to one question of one rule."),
            Text("请只保留有效的一条。", "Leave the one that holds."),
        )


def read_answers(path: str | Path) -> pd.DataFrame:
    """Read a table of answers from a CSV, an Excel book or a layer of a GeoPackage.

    Raises
    ------
    SitesError
        The file cannot be read as a table.
    """
    file = Path(path)
    try:
        if file.suffix.lower() in (".xlsx", ".xls"):
            return pd.read_excel(file, dtype=str)
        if file.suffix.lower() == ".csv":
            return pd.read_csv(file, dtype=str, encoding="utf-8-sig")
        import pyogrio

        return pd.DataFrame(pyogrio.read_dataframe(file, read_geometry=False))
    except (OSError, ValueError, RuntimeError) as error:
        raise SitesError(
            Text(f"无法读取答复表 {file.name}", f"The table of answers {file.name} cannot be read"),
            Text(str(error), str(error)),
            Text("请提供 CSV（UTF-8）、XLSX 或 GeoPackage。", "Give a CSV in UTF-8, an XLSX or a GeoPackage."),
        ) from error
