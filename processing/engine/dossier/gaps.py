"""What stayed open for a cause of the run: one row per cause with its cure, never one per site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from ....layers.role import role
from ....layers.superseded import superseded
from ....layers.texts import EMPTY, Text
from ...rules.model import Rule
from ..judging.basis import Basis
from ..prepared.layer import PreparedLayer
from ..tables import GAPS
from ..words import RoleState
from .tally import Tally

Row = tuple[Text, Text, str, str, int]
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
        told = [(cause.zh, cure.zh, roles, ids, n, cause.en, cure.en) for cause, cure, roles, ids, n in rows]
        return GAPS.frame(pd.DataFrame(told, columns=GAPS.names))

    def _ids(self, rules: Iterable[int]) -> str:
        return ";".join(self._basis.rules[i][0].id for i in rules)

    def _of_roles(self) -> list[Row]:
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
            name = role(role_id).name
            n = self._tally.n_sites if in_profile else self._tally.by_role.get(role_id, 0)
            cause = _not_held(name) if state == RoleState.NOT_HELD else _absent(name)
            rows.append((cause, _obtain(name), role_id, self._ids(asked), n))
        return rows

    def _of_texts(self) -> list[Row]:
        by_cause: dict[tuple[Text, Text], list[int]] = {}
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

    def _of_lists(self) -> list[Row]:
        open_ = np.flatnonzero(self._tally.list_open)
        if not len(open_):
            return []
        cause = Text("管控单元的生态环境准入清单未取得", "The access list of the control units is not held")
        cure = Text(
            "在图层配置 [access_list] 中写明清单表，或在单元图层中补充四个维度的管控要求",
            "Name its table under [access_list] in the layer set, or add the four dimensions of requirements to the "
            "layer of units",
        )
        return [(cause, cure, "control_unit", self._ids(open_), int(self._tally.list_open.max()))]

    def _of_scope(self) -> list[Row]:
        """Return the row for texts whose county or basin no loaded layer tells."""
        open_ = np.flatnonzero(self._tally.scope_open)
        missing = [id_ for id_ in ("district", "basin") if not self._basis.of(id_)]
        if not len(open_) or not missing:
            return []
        zh, en = "、".join(role(id_).name.zh for id_ in missing), ", ".join(role(id_).name.en for id_ in missing)
        cause = Text(
            f"适用范围（县区或流域）无法确定：未加载{zh}",
            f"Where texts apply (county or basin) cannot be told: not loaded: {en}",
        )
        cure = Text(f"在图层配置中加载{zh}图层", f"Load in the layer set: {en}")
        return [(cause, cure, ";".join(missing), self._ids(open_), int(self._tally.scope_open.max()))]

    def _of_silent_roles(self) -> list[Row]:
        cure = Text(
            "由人工对照该图层的管理规定，或增加相应规则包",
            "Compare by hand with what governs that layer, or add rules for it",
        )
        return [(_silent(role(id_).name), cure, id_, "", n) for id_, n in self._tally.unjudged.items() if n]

    def _of_dates(self) -> list[Row]:
        rows = []
        for layer in self._basis.layers:
            why = date_mismatch(self._basis, layer)
            if why != EMPTY:
                name, day = layer.data.role.name, self._basis.as_of
                cause = Text(f"数据时点不符：{name.zh}（{why.zh}）", f"Data of another time: {name.en} ({why.en})")
                cure = Text(
                    f"取得与基准日 {day} 相符的数据，或改用相符的基准日",
                    f"Obtain data that fit the reference day {day}, or take a day that fits them",
                )
                rows.append((cause, cure, layer.data.role.id, "", self._tally.n_sites))
        return rows


def _not_held(name: Text) -> Text:
    return Text(f"未取得图层：{name.zh}", f"Layer not held: {name.en}")


def _absent(name: Text) -> Text:
    return Text(
        f"已确认本辖区无此类要素，须位于其内的条文无法判定：{name.zh}",
        f"Confirmed that there is none here, so what must lie within it cannot be judged: {name.en}",
    )


def _obtain(name: Text) -> Text:
    return Text(
        f"取得{name.zh}图层并写入图层配置；确无此类要素的，写明确认人、依据和日期（本辖区无此类要素）",
        f"Obtain the layer and name it in the layer set: {name.en}; where there is none, say who confirms it, on what "
        "basis and when",
    )


def _silent(name: Text) -> Text:
    return Text(f"图层已加载，但没有规则引用：{name.zh}", f"Layer is loaded, but no rule speaks of it: {name.en}")


def _held_for(rule: Rule) -> tuple[Text, Text]:
    """Return why a rule takes no part, and the cure."""
    if rule.off:
        return (
            Text(f"本单位停用规则：{rule.off}", f"Switched off by this office: {rule.off}"),
            Text(
                "在规则包文件夹的 packs.toml 中恢复启用", "Switch it on again in packs.toml of the folder of rule packs"
            ),
        )
    return (
        Text("待核文本：条文未核对，规则不参与判定", "Wording not verified: the rule takes no part"),
        Text("取得并核对正式文本后启用该规则", "Obtain and verify the official text, then enable the rule"),
    )


def date_mismatch(basis: Basis, layer: PreparedLayer) -> Text:
    """Return in words how a layer disagrees with the day of the run (数据时点不符), or nothing."""
    source, day = layer.data.source, basis.as_of
    if source.vintage is not None and source.vintage > day:
        return Text(f"数据时点 {source.vintage} 晚于基准日", f"of {source.vintage}, after the reference day")
    given_way = superseded(source, [other.data.source for other in basis.of(source.role)], day)
    if given_way != EMPTY:
        return given_way
    if layer.whole.schemes - {"2026" if day >= NEW_RESERVE_ZONES else "2017"}:
        return Text("功能分区体系与基准日施行的条例不同", "its zones are not those of the regulation in force that day")
    return EMPTY
