"""The part of a paper that all sites of a run share: day, profile, laws, layers, gaps, how things were measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...layers.role import roles
from ...layers.texts import Text
from ..engine.words import ROLE_STATE_TEXTS, RoleState
from .figures import NOTHING, area
from .model import Entry, GapGroup, LawRow, LayerRow, RunPaper
from .source import Source
from .values import parts, records, shown

AUTHORITY_TEXTS = {
    "statutory": Text("法定边界", "statutory boundary"),
    "derived": Text("派生数据", "derived"),
    "indicative": Text("示意数据", "indicative"),
}
STATEMENTS = (
    Text(
        "坐标系为2000国家大地坐标系（CGCS2000，EPSG:4490）。边界上相邻两点之间按经纬度直线连接，与 GIS 叠加分析一致。",
        "Coordinates are CGCS2000 (EPSG:4490); edges are straight in longitude and latitude, as in GIS overlay.",
    ),
    Text(
        "面积为 CGCS2000 椭球面上精确交集的面积；距离为两个最近点之间的大地线长度，位于要素之内时为 0。",
        "Areas are of the exact intersection on the CGCS2000 ellipsoid; distances are geodesic, 0 inside.",
    ),
    Text(
        "数值四舍五入显示（公顷 4 位、平方米 2 位、米 2 位小数）；四舍五入会越过规定值时，改写为“小于”或“大于”该值。",
        "Figures are rounded; where rounding would cross a limit the paper says less than or more than the limit.",
    ),
    Text(
        "“确定性”由图层与地块的精度得出：明确，即结果不在精度范围之内；临界，即结果在精度范围之内，应以实测界线核实；示意，即所用图层不是法定边界。",
        "Certainty follows from the accuracy of layer and site: firm, borderline (within the accuracy), indicative.",
    ),
)
SECRECY_STATEMENT = Text(
    "本次输出为受控数据模式：对受控图层仅列是否涉及、面积和管控单元编码，不含坐标、受控要素名称与编号、文件路径和附图。",
    "Controlled-data mode: of controlled layers only yes or no, area and unit code are told.",
)
_SETTING_TEXTS = {
    "as_of": Text("基准日", "as of"),
    "layer_set": Text("图层配置", "layer set"),
    "profile": Text("核查清单", "check profile"),
    "strict": Text("从严模式", "strict"),
}


def run_paper(source: Source) -> RunPaper:
    """Return what all papers of the run share."""
    return RunPaper(
        seal=source.seal,
        settings=settings_entries(source.settings),
        statements=(*STATEMENTS, SECRECY_STATEMENT) if source.secrecy else STATEMENTS,
        laws=_laws(source.rules),
        layers=_layers(source.layers),
        dropped=dropped_roles(source),
        gaps=_gaps(source),
        secrecy=source.secrecy,
    )


def settings_entries(settings: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the settings that a reader must know to weigh a result."""
    entries = [Entry(label, _setting(settings.get(key))) for key, label in _SETTING_TEXTS.items()]
    versions = settings.get("versions") or {}
    if isinstance(versions, Mapping) and versions:
        listed = "，".join(f"{shown(name)} {shown(number)}" for name, number in versions.items())
        entries.append(Entry(Text("软件版本", "versions"), listed, wide=True))
    return tuple(entry for entry in entries if entry.value)


def dropped_roles(source: Source) -> tuple[tuple[str, str], ...]:
    """Return the roles that the profile leaves out, by name, each with its reason."""
    profile = source.settings.get("profile")
    listed = source.settings.get("dropped") or (profile.get("dropped") if isinstance(profile, Mapping) else None) or ()
    pairs = listed.items() if isinstance(listed, Mapping) else [_pair(item) for item in listed]
    return tuple((role_name(source.layers, shown(role)), shown(reason)) for role, reason in pairs)


def role_name(layers: pd.DataFrame, role: str) -> str:
    """Return the Chinese name of a role: that of the dossier, else of the product, else its id."""
    names = layers.loc[(layers["role"] == role) & (layers["role_name"] != ""), "role_name"]
    if len(names):
        return str(names.iloc[0])
    known = roles().get(role)
    return known.name.zh if known else role


def state_text(state: str) -> str:
    """Return the Chinese words of a role's state."""
    return ROLE_STATE_TEXTS[RoleState(state)].zh if state in set(RoleState) else state


def dates(start: str, end: str) -> str:
    """Return the dates between which a text applies."""
    if not start and not end:
        return NOTHING
    return f"{start or '……'} 起施行" + (f"，至 {end} 止" if end else "")


def _setting(value: Any) -> str:
    if isinstance(value, Mapping):
        return shown(value.get("name") or value.get("id"))
    return shown(value.zh) if isinstance(value, Text) else shown(value)


def _pair(item: Any) -> tuple[Any, Any]:
    return (item.get("role"), item.get("reason")) if isinstance(item, Mapping) else (item[0], item[1])


def _laws(rules: pd.DataFrame) -> tuple[LawRow, ...]:
    rows = []
    for (_, title, kind), group in rules.groupby(["pack", "pack_title", "legal_nature"], sort=False):
        held = group["rule_id"][group["status"] == "hold"]
        partial = group["rule_id"][group["status"] == "partial"]
        note = [f"待核文本，未参与判定：{'、'.join(held)}"] if len(held) else []
        note += [f"地方细则待核：{'、'.join(partial)}"] if len(partial) else []
        days = zip(group["from"], group["to"], strict=True)
        spans = dict.fromkeys(dates(*pair) for pair in days if any(pair)) or (NOTHING,)
        clauses = "、".join(dict.fromkeys(clause for clause in group["clause"] if clause))
        rows.append(LawRow(f"《{title}》" if title else NOTHING, str(kind), "；".join(spans), clauses, "；".join(note)))
    return tuple(rows)


def _layers(layers: pd.DataFrame) -> tuple[LayerRow, ...]:
    rows = []
    for row in records(layers):
        loaded = row.state == RoleState.LOADED
        notes = [text for text in (row.basis, row.note) if text]
        if row.n_repaired > 0:
            notes.append(f"修复无效图形 {row.n_repaired:.0f} 个，面积变化 {area(row.repair_m2)}")
        vintage = row.vintage + (f"（有效期至 {row.valid_to}）" if row.valid_to else "")
        rows.append(
            LayerRow(
                name=(row.role_name or row.role) + ("（必查）" if row.required else ""),
                state=state_text(row.state),
                vintage=vintage or (("未注明") if loaded else NOTHING),
                accuracy=f"{row.accuracy_m:g} m" if row.accuracy_m == row.accuracy_m else NOTHING,
                authority=AUTHORITY_TEXTS[row.authority].zh
                if row.authority in AUTHORITY_TEXTS
                else row.authority or NOTHING,
                features=f"{row.n_features:.0f}" if loaded and row.n_features >= 0 else NOTHING,
                note="；".join(notes),
            )
        )
    return tuple(rows)


def _gaps(source: Source) -> tuple[GapGroup, ...]:
    groups = []
    for cure, group in source.gaps.groupby("cure", sort=False):
        touched = dict.fromkeys(role for text in group["roles"] for role in parts(text))
        rules = dict.fromkeys(rule for text in group["rule_ids"] for rule in parts(text))
        groups.append(
            GapGroup(
                cure=str(cure) or "待主管部门明确",
                causes=tuple(dict.fromkeys(group["cause"])),
                roles="、".join(role_name(source.layers, role) for role in touched),
                rules="、".join(rules),
                sites=str(int(group["n_sites"].max())),
            )
        )
    return tuple(groups)
