"""What stayed open for a cause of the run: one row per cause with its cure, never one per site."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...layers.role import role
from .basis import Basis
from .tables import GAPS
from .tally import Tally
from .words import RoleState


def gaps_table(basis: Basis, tally: Tally) -> pd.DataFrame:
    """Return one row per cause that left sites open."""
    return _Gaps(basis, tally).table()


class _Gaps:
    def __init__(self, basis: Basis, tally: Tally) -> None:
        self._basis = basis
        self._tally = tally

    def table(self) -> pd.DataFrame:
        rows = [*self._of_roles(), *self._of_texts(), *self._of_lists(), *self._of_silent_roles(), *self._of_dates()]
        return GAPS.frame(pd.DataFrame(rows, columns=GAPS.names))

    def _ids(self, rules: Iterable[int]) -> str:
        return ";".join(self._basis.rules[i][0].id for i in rules)

    def _of_roles(self) -> list[tuple[str, str, str, str, int]]:
        rows = []
        profile = self._basis.profile
        for role_id in dict.fromkeys((*profile.required, *profile.optional, *self._basis.judged_roles)):
            if self._basis.state(role_id) != RoleState.NOT_HELD:
                continue
            asked = [
                i for i, (rule, _) in enumerate(self._basis.rules) if rule.layer == role_id and self._tally.role_open[i]
            ]
            in_profile = role_id in (*profile.required, *profile.optional)
            if not asked and not in_profile:
                continue
            name = role(role_id).name.zh
            n = self._tally.n_sites if in_profile else self._tally.by_role.get(role_id, 0)
            cure = f"取得{name}图层并写入图层配置；确无此类要素的，写明确认人、依据和日期（本辖区无此类要素）"
            rows.append((f"未取得图层：{name}", cure, role_id, self._ids(asked), n))
        return rows

    def _of_texts(self) -> list[tuple[str, str, str, str, int]]:
        held = np.flatnonzero(self._tally.on_hold)
        if not len(held):
            return []
        roles = ";".join(dict.fromkeys(self._basis.rules[i][0].layer for i in held))
        cure = "取得并核对正式文本后启用该规则"
        return [("待核文本：条文未核对，规则不参与判定", cure, roles, self._ids(held), int(self._tally.on_hold.max()))]

    def _of_lists(self) -> list[tuple[str, str, str, str, int]]:
        open_ = np.flatnonzero(self._tally.list_open)
        if not len(open_):
            return []
        cure = "在图层配置 [access_list] 中写明清单表，或在单元图层中补充四个维度的管控要求"
        return [
            (
                "管控单元的生态环境准入清单未取得",
                cure,
                "control_unit",
                self._ids(open_),
                int(self._tally.list_open.max()),
            )
        ]

    def _of_silent_roles(self) -> list[tuple[str, str, str, str, int]]:
        return [
            (
                f"图层已加载，但没有规则引用：{role(role_id).name.zh}",
                "由人工对照该图层的管理规定，或增加相应规则包",
                role_id,
                "",
                n,
            )
            for role_id, n in self._tally.unjudged.items()
            if n
        ]

    def _of_dates(self) -> list[tuple[str, str, str, str, int]]:
        rows = []
        for layer in self._basis.layers:
            why = date_mismatch(self._basis, layer.data.source.vintage, layer.data.source.valid_to)
            if why:
                name = layer.data.role.name.zh
                cure = f"取得与基准日 {self._basis.as_of} 相符的数据，或改用相符的基准日"
                rows.append((f"数据时点不符：{name}（{why}）", cure, layer.data.role.id, "", self._tally.n_sites))
        return rows


def date_mismatch(basis: Basis, vintage: object, valid_to: object) -> str:
    """Return in words how a layer's dates disagree with the day of the run, or nothing."""
    if vintage is not None and str(vintage) > str(basis.as_of):
        return f"数据时点 {vintage} 晚于基准日"
    if valid_to is not None and str(valid_to) < str(basis.as_of):
        return f"数据有效期至 {valid_to}，早于基准日"
    return ""
