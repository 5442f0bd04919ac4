"""What stayed open for a cause of the run: one row per cause with its cure, never one per site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from ...layers.role import role
from ..rules.model import Rule
from .basis import Basis
from .prepared import PreparedLayer
from .tables import GAPS
from .tally import Tally
from .words import RoleState

NEW_RESERVE_ZONES = date(2026, 3, 15)  # 自然保护区条例（国务院令第830号）: two zones instead of three


def gaps_table(basis: Basis, tally: Tally) -> pd.DataFrame:
    """Return one row per cause that left sites open."""
    return _Gaps(basis, tally).table()


class _Gaps:
    def __init__(self, basis: Basis, tally: Tally) -> None:
        self._basis = basis
        self._tally = tally

    def table(self) -> pd.DataFrame:
        rows = [
            *self._of_roles(),
            *self._of_texts(),
            *self._of_lists(),
            *self._of_scope(),
            *self._of_silent_roles(),
            *self._of_dates(),
        ]
        return GAPS.frame(pd.DataFrame(rows, columns=GAPS.names))

    def _ids(self, rules: Iterable[int]) -> str:
        return ";".join(self._basis.rules[i][0].id for i in rules)

    def _of_roles(self) -> list[tuple[str, str, str, str, int]]:
        rows = []
        profile = self._basis.profile
        for role_id in dict.fromkeys((*profile.required, *profile.optional, *self._basis.judged_roles)):
            state = self._basis.state(role_id)
            if state == RoleState.LOADED:
                continue
            asked = [
                i for i, (rule, _) in enumerate(self._basis.rules) if rule.layer == role_id and self._tally.role_open[i]
            ]
            in_profile = role_id in (*profile.required, *profile.optional) and state == RoleState.NOT_HELD
            if not asked and not in_profile:
                continue
            name = role(role_id).name.zh
            n = self._tally.n_sites if in_profile else self._tally.by_role.get(role_id, 0)
            cure = f"取得{name}图层并写入图层配置；确无此类要素的，写明确认人、依据和日期（本辖区无此类要素）"
            absent = "已确认本辖区无此类要素，须位于其内的条文无法判定"
            cause = "未取得图层" if state == RoleState.NOT_HELD else absent
            rows.append((f"{cause}：{name}", cure, role_id, self._ids(asked), n))
        return rows

    def _of_texts(self) -> list[tuple[str, str, str, str, int]]:
        by_cause: dict[tuple[str, str], list[int]] = {}
        for i in np.flatnonzero(self._tally.on_hold):
            by_cause.setdefault(_held_for(self._basis.rules[i][0]), []).append(int(i))
        return [
            (
                cause,
                cure,
                ";".join(dict.fromkeys(self._basis.rules[i][0].layer for i in held)),
                self._ids(held),
                int(self._tally.on_hold[held].max()),
            )
            for (cause, cure), held in by_cause.items()
        ]

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

    def _of_scope(self) -> list[tuple[str, str, str, str, int]]:
        """Return the row for texts whose county or basin no loaded layer tells."""
        open_ = np.flatnonzero(self._tally.scope_open)
        missing = [id_ for id_ in ("district", "basin") if not self._basis.of(id_)]
        if not len(open_) or not missing:
            return []
        names = "、".join(role(id_).name.zh for id_ in missing)
        cure = f"在图层配置中加载{names}图层"
        n = int(self._tally.scope_open.max())
        return [(f"适用范围（县区或流域）无法确定：未加载{names}", cure, ";".join(missing), self._ids(open_), n)]

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
            why = date_mismatch(self._basis, layer)
            if why:
                name = layer.data.role.name.zh
                cure = f"取得与基准日 {self._basis.as_of} 相符的数据，或改用相符的基准日"
                rows.append((f"数据时点不符：{name}（{why}）", cure, layer.data.role.id, "", self._tally.n_sites))
        return rows


def _held_for(rule: Rule) -> tuple[str, str]:
    """Return why a rule takes no part, and the cure."""
    if rule.off:
        return f"本单位停用规则：{rule.off}", "在规则包文件夹的 packs.toml 中恢复启用"
    return "待核文本：条文未核对，规则不参与判定", "取得并核对正式文本后启用该规则"


def date_mismatch(basis: Basis, layer: PreparedLayer) -> str:
    """Return in words how a layer disagrees with the day of the run (数据时点不符), or nothing."""
    source, day = layer.data.source, basis.as_of
    newer = [
        other.data.source.vintage
        for other in basis.of(source.role)
        if other.data.source.vintage and other.data.source.vintage <= day
    ]
    if source.vintage is not None and source.vintage > day:
        return f"数据时点 {source.vintage} 晚于基准日"
    if source.valid_to is not None and source.valid_to < day:
        return f"数据有效期至 {source.valid_to}，早于基准日"
    if source.vintage is not None and newer and max(newer) > source.vintage:
        return f"数据时点 {source.vintage}，另已加载 {max(newer)} 的数据"
    if layer.whole.schemes - {"2026" if day >= NEW_RESERVE_ZONES else "2017"}:
        return "功能分区体系与基准日施行的条例不同"
    return ""
