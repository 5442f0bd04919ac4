"""The part of a paper that all sites of a run share: day, profile, laws, layers, gaps, how things were measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pandas as pd

from ...layers.texts import Text
from ..engine.words import RoleState
from .figures import NOTHING, area
from .gaps import run_gaps
from .model import Entry, LawRow, LayerRow, Others, RunPaper
from .options import Options
from .roles import role_name, state_text
from .source import Source
from .values import records, shown

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
        "边界相接不作为重叠，只列为提示；重叠面积不足 1 m²，或者宽度小于数据精度的，列为边界重合待核，以勘界成果为准。",
        "Touching is not overlapping: a notice. An overlap under 1 m² or narrower than the accuracy awaits a survey.",
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
    "made_at": Text("运行时间", "made at"),
    "layer_set": Text("图层配置", "layer set"),
    "profile": Text("核查清单", "check profile"),
    "strict": Text("从严模式", "strict"),
}
_ELSEWHERE = ("profile_name", "profile_name_en", "dropped")
_CHINA = timezone(timedelta(hours=8))
_RANKS = ("法律", "行政法规", "地方性法规", "规章", "规范性文件", "规划")
_DERIVED = "由其他字段推得"
_BY_ALIAS = "（按别名识别）"  # which column was taken for which field stands in the Excel book


def run_paper(source: Source, options: Options) -> RunPaper:
    """Return what all papers of the run share."""
    as_of = shown(source.settings.get("as_of"))
    return RunPaper(
        seal=source.seal,
        settings=settings_entries(source.settings),
        statements=(*STATEMENTS, SECRECY_STATEMENT) if source.secrecy else STATEMENTS,
        laws=_laws(source),
        layers=_layers(source.layers),
        other_layers=_others(source.layers),
        dropped=dropped_roles(source),
        gaps=run_gaps(source),
        secrecy=source.secrecy,
        as_of=as_of,
        report_name=options.report_on(as_of),
    )


def settings_entries(settings: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the settings that a reader must know to weigh a result; what is not named here is a version."""
    told = {**settings, "profile": settings.get("profile_name") or settings.get("profile")}
    told["made_at"] = _minute(shown(settings.get("made_at")))
    entries = [Entry(label, shown(told.get(key))) for key, label in _SETTING_TEXTS.items()]
    named = (*_SETTING_TEXTS, *_ELSEWHERE)
    versions = {key: value for key, value in settings.items() if key not in named and isinstance(value, str)}
    listed = "，".join(f"{name} {shown(value)}" for name, value in versions.items())
    entries.append(Entry(Text("软件版本", "versions"), listed, wide=True))
    return tuple(entry for entry in entries if entry.value)


def dropped_roles(source: Source) -> tuple[tuple[str, str], ...]:
    """Return the roles that the profile leaves out, by name, each with its reason."""
    listed = source.settings.get("dropped", ())
    return tuple((role_name(source.layers, shown(item["role"])), shown(item["reason"])) for item in listed)


def dates(start: str, end: str) -> str:
    """Return the dates between which a text applies."""
    if not start and not end:
        return NOTHING
    return f"{start or '……'} 起施行" + (f"，至 {end} 止" if end else "")


def _minute(moment: str) -> str:
    """Return an ISO time to the minute, on the clock of China where it names a zone."""
    if not moment:
        return ""
    time = datetime.fromisoformat(moment)
    return f"{time.astimezone(_CHINA):%Y-%m-%d %H:%M}（北京时间）" if time.tzinfo else f"{time:%Y-%m-%d %H:%M}"


def _laws(source: Source) -> tuple[LawRow, ...]:
    """Return the texts in force on a day that the run judged, by legal rank, clauses of different dates apart."""
    as_of = shown(source.settings.get("as_of"))
    days = {day for day in (as_of, *source.days["day"]) if day}
    rules = source.rules
    judged = [not days or any(_in_force(*span, day) for day in days) for span in _spans(rules)]
    rules = rules[pd.Series(judged, index=rules.index, dtype=bool)]
    rows = []
    keys = ["pack", "pack_title", "legal_nature", "from", "to"]
    groups = [(tuple(map(str, key)), group) for key, group in rules.groupby(keys, sort=False)]
    for (_, title, kind, start, end), group in sorted(groups, key=lambda item: (_rank(item[0][2]), item[0][1])):
        held = group["rule_id"][group["status"] == "hold"]
        partial = group["rule_id"][group["status"] == "partial"]
        other_day = bool(as_of) and not _in_force(start, end, as_of)
        note = ["基准日不在施行期内，仅用于受理日或审批日"] if other_day else []
        note += ["待核文本，未参与判定：", *held] if len(held) else []
        note += ["地方细则待核：", *partial] if len(partial) else []
        clauses = "、".join(dict.fromkeys(clause for clause in group["clause"] if clause))
        name = f"《{title}》" if title else NOTHING
        pending = len(held) == len(group)
        ids = tuple(group["rule_id"])
        rows.append(LawRow(name, kind, dates(start, end), clauses, tuple(note), pending, other_day, ids))
    return tuple(rows)


def _spans(rules: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(rules["from"], rules["to"], strict=True)


def _in_force(start: str, end: str, day: str) -> bool:
    return (not start or start <= day) and (not end or day <= end)


def _rank(kind: str) -> int:
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)


def _others(layers: pd.DataFrame) -> tuple[Others, ...]:
    """Return the layers without data, those of the same state and basis together, required ones first."""
    waiting = layers[layers["state"] != RoleState.LOADED].sort_values("required", ascending=False, kind="stable")
    keys = ["state", "required", "valid_to", "basis", "note"]
    found = []
    for (state, required, valid_to, basis, note), group in waiting.groupby(keys, sort=False):
        names = list(dict.fromkeys(group["role_name"].where(group["role_name"] != "", group["role"])))
        why = [str(text) for text in (basis, note) if text] + ([f"有效期至 {valid_to}"] if valid_to else [])
        words = state_text(str(state)) + ("（必查）" if required else "")
        found.append(Others(words, "、".join(names), "；".join(why)))
    return tuple(found)


def _layers(layers: pd.DataFrame) -> tuple[LayerRow, ...]:
    """Return the loaded layers; where several play one role, each is told by its name in the source."""
    loaded = layers[layers["state"] == RoleState.LOADED]
    several = loaded["role"].duplicated(keep=False)
    return tuple(_loaded(row, shared) for row, shared in zip(records(loaded), several, strict=True))


def _loaded(row: Any, shared: bool) -> LayerRow:
    told = [text for text in (row.basis, *row.note.split("；")) if text and not text.endswith(_BY_ALIAS)]
    notes = [_short(text) for text in told]
    if row.n_repaired > 0:
        notes.append(f"修复无效图形 {row.n_repaired:.0f} 个，面积变化 {area(row.repair_m2)}")
    known = AUTHORITY_TEXTS.get(row.authority)
    return LayerRow(
        name=(row.role_name or row.role)
        + ("（必查）" if row.required else "")
        + (f" {row.layer}" if shared and row.layer else ""),
        state=state_text(row.state),
        vintage=(row.vintage or "未注明") + (f"（有效期至 {row.valid_to}）" if row.valid_to else ""),
        accuracy=f"{row.accuracy_m:g} m" if row.accuracy_m >= 0 else NOTHING,
        authority=known.zh if known else row.authority or NOTHING,
        features=f"{row.n_features:.0f}" if row.n_features >= 0 else NOTHING,
        note="；".join(notes),
    )


def _short(note: str) -> str:
    """Return a note without the source it begins with and without listed values, which stand in the Excel book."""
    head, _, rest = note.partition("：")
    text = rest if "|" in head and rest else note
    return text.split(_DERIVED)[0] + _DERIVED if _DERIVED in text else text
