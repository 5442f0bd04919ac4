"""Every table of a screening and each of its columns, declared once.

The engine fills these tables, the dossier stores them, the papers and maps read them;
none of them names a column that is not declared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...layers.texts import Text
from .words import Verdict

Kind = Literal["text", "int", "float", "bool", "date"]
DTYPES: dict[Kind, str] = {"text": "object", "int": "int64", "float": "float64", "bool": "bool", "date": "object"}


@dataclass(frozen=True)
class Column:
    """One column: its name, kind, heading in both languages and unit."""

    name: str
    kind: Kind
    heading: Text
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its name in the dossier, its title and its columns in order."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    geometry: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in order, without the geometry."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pd.DataFrame:
        """Return the table without rows, its columns typed."""
        return self._blank.copy()

    @cached_property
    def _blank(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: np.empty(0, dtype=DTYPES[c.kind]) for c in self.columns})

    def frame(self, data: Mapping[str, Iterable[object]] | pd.DataFrame) -> pd.DataFrame:
        """Return the data as this table: all columns, in order, typed.

        A column that is missing is filled with nothing (empty text, NaN, 0, False).
        """
        arrays = not isinstance(data, pd.DataFrame) and all(isinstance(values, np.ndarray) for values in data.values())
        given = data if arrays else pd.DataFrame(data)
        n = len(next(iter(data.values()), ())) if arrays else len(given)  # type: ignore[operator, arg-type]
        return pd.DataFrame({c.name: _typed(c, given.get(c.name), n) for c in self.columns})

    def joined(self, parts: Sequence[Mapping[str, NDArray[Any]]]) -> pd.DataFrame:
        """Return the rows of all parts, given as arrays of the same columns, as this table."""
        filled = [part for part in parts if len(next(iter(part.values())))]
        if not filled:
            return self.empty()
        if len(filled) == 1:
            return self.frame(filled[0])
        return self.frame({name: np.concatenate([part[name] for part in filled]) for name in filled[0]})


def _typed(column: Column, values: Any, n: int) -> NDArray[np.generic]:
    """Return the values of a column as an array of its type, filled with nothing where there are none."""
    kind = np.dtype(DTYPES[column.kind])
    if values is None:
        return np.full(n, {"text": "", "int": 0, "float": np.nan, "bool": False, "date": None}[column.kind], kind)
    typed = np.asarray(values).astype(kind, copy=False)
    if column.kind == "text" and (missing := pd.isna(typed)).any():
        typed = np.where(missing, "", typed)
    return typed


def _text(name: str, zh: str, en: str) -> Column:
    return Column(name, "text", Text(zh, en))


def _number(name: str, zh: str, en: str, unit: str) -> Column:
    return Column(name, "float", Text(zh, en), unit)


SITE_ID = _text("site_id", "地块编号", "site")
RULE_ID = _text("rule_id", "规则编号", "rule")
ROLE = _text("role", "图层角色", "role")
FEATURE_ID = _text("feature_id", "要素编号", "feature")
RELATION = _text("relation", "空间关系", "relation")
OVERLAP = _number("overlap_m2", "重叠面积", "overlap area", "m²")
SHARE = _number("overlap_share", "占地块比例", "share of the site", "")
LENGTH = _number("length_m", "重叠长度", "overlap length", "m")
DISTANCE = _number("distance_m", "距离", "distance", "m")
BEARING = _number("bearing_deg", "方位角", "bearing", "°")

VERDICTS = Table(
    "verdicts",
    Text("初筛结论", "Verdicts"),
    (
        SITE_ID,
        _text("project_id", "项目编号", "project"),
        _text("name", "项目名称", "name"),
        _text("verdict", "结论代码", "verdict"),
        _text("verdict_zh", "初筛意见", "verdict in Chinese"),
        _text("completeness", "完整性", "completeness"),
        _text("certainty", "确定性", "certainty"),
        _text("condition", "条件", "condition"),
        *(
            Column(f"n_{v.value}", "int", Text(f"{v.text.zh}条数", f"number {v.text.en}"))
            for v in Verdict
            if v != Verdict.CLEAR
        ),
        _text("project_verdict", "项目整体结论", "verdict of the project"),
        _text("unit_codes", "管控单元编码", "control units"),
        _text("redline_state", "与生态保护红线关系", "relation to the red line"),
        _text("questions", "待答问题", "open questions"),
    ),
    geometry=True,
)

FINDINGS = Table(
    "findings",
    Text("筛查发现", "Findings"),
    (
        SITE_ID,
        RULE_ID,
        _text("outcome", "规则结果", "outcome"),
        _text("verdict", "结论代码", "verdict"),
        _text("condition", "条件", "condition"),
        _text("certainty", "确定性", "certainty"),
        ROLE,
        FEATURE_ID,
        _text("feature_name", "要素名称", "feature name"),
        RELATION,
        OVERLAP,
        SHARE,
        LENGTH,
        DISTANCE,
        _number("limit_m", "规定距离", "limit", "m"),
        _number("within_m2", "范围内面积", "area within the limit", "m²"),
        _number("within_length_m", "范围内长度", "length within the limit", "m"),
        _number("within_share", "范围内比例", "share within the limit", ""),
        _number("margin_m", "距翻转余量", "distance to the flip", "m"),
        BEARING,
        _text("bank_def", "岸线定义", "bank definition"),
        _text("question", "待答问题", "open question"),
        _text("note", "说明", "note"),
    ),
)

FACTS = Table(
    "facts",
    Text("空间事实", "Facts"),
    (
        SITE_ID,
        ROLE,
        FEATURE_ID,
        _text("feature_name", "要素名称", "feature name"),
        _text("layer", "图层", "layer"),
        RELATION,
        OVERLAP,
        SHARE,
        LENGTH,
        DISTANCE,
        BEARING,
        _number("depth_m", "重叠深度", "depth of the overlap", "m"),
        _number("site_lon", "地块最近点经度", "nearest point of the site, longitude", "°"),
        _number("site_lat", "地块最近点纬度", "nearest point of the site, latitude", "°"),
        _number("feature_lon", "要素最近点经度", "nearest point of the feature, longitude", "°"),
        _number("feature_lat", "要素最近点纬度", "nearest point of the feature, latitude", "°"),
    ),
)

STRETCHES = Table(
    "stretches",
    Text("线路分段", "Stretches of lines"),
    (
        SITE_ID,
        ROLE,
        FEATURE_ID,
        _text("feature_name", "要素名称", "feature name"),
        _text("side", "岸别", "side of the river"),
        _number("from_m", "进入处距起点", "enters, from the start", "m"),
        _number("to_m", "离开处距起点", "leaves, from the start", "m"),
        LENGTH,
    ),
)

UNITS = Table(
    "units",
    Text("环境管控单元", "Control units"),
    (
        SITE_ID,
        _text("unit_code", "环境管控单元编码", "unit code"),
        _text("unit_name", "环境管控单元名称", "unit name"),
        _text("unit_class", "环境管控单元类型", "unit class"),
        OVERLAP,
        SHARE,
        LENGTH,
    ),
)

UNIT_ITEMS = Table(
    "unit_items",
    Text("生态环境准入清单", "Access list items"),
    (
        _text("unit_code", "环境管控单元编码", "unit code"),
        _text("item_id", "条目编号", "item"),
        _text("level", "管控要求层级", "level"),
        _text("dimension", "管控类别", "dimension"),
        _text("requirement", "管控要求", "requirement"),
    ),
)

ROLES = Table(
    "roles",
    Text("各图层核查情况", "Roles"),
    (
        SITE_ID,
        ROLE,
        _text("state", "核查状态", "state"),
        OVERLAP,
        SHARE,
        LENGTH,
    ),
)

LAYERS = Table(
    "layers",
    Text("依据的数据", "Layers"),
    (
        ROLE,
        _text("role_name", "图层", "layer"),
        _text("layer", "数据源图层名", "name in the source"),
        _text("state", "核查状态", "state"),
        Column("required", "bool", Text("必查", "required")),
        Column("controlled", "bool", Text("受控", "controlled")),
        _text("vintage", "数据时点", "vintage"),
        _text("valid_to", "有效期至", "valid to"),
        _number("accuracy_m", "数据精度", "accuracy", "m"),
        _text("authority", "数据性质", "authority"),
        Column("n_features", "int", Text("要素数", "features")),
        Column("n_repaired", "int", Text("修复要素数", "repaired features")),
        _number("repair_m2", "修复引起的面积变化", "area changed by repair", "m²"),
        _text("basis", "依据", "basis"),
        _text("note", "说明", "note"),
    ),
)

GAPS = Table(
    "gaps",
    Text("未核查及待补充", "Gaps"),
    (
        _text("cause", "原因", "cause"),
        _text("cure", "补救办法", "cure"),
        _text("roles", "图层角色", "roles"),
        _text("rule_ids", "涉及规则", "rules"),
        Column("n_sites", "int", Text("涉及地块数", "sites")),
        _text("cause_en", "原因（英文）", "cause in English"),
        _text("cure_en", "补救办法（英文）", "cure in English"),
    ),
)

RULES = Table(
    "rules",
    Text("规则与依据", "Rules"),
    (
        RULE_ID,
        _text("pack", "规则包", "pack"),
        _text("pack_title", "依据文件", "text"),
        _text("clause", "条款", "clause"),
        _text("text", "条文", "wording"),
        _text("citation", "引用", "citation"),
        _text("from", "施行日期", "from"),
        _text("to", "失效日期", "to"),
        _text("status", "状态", "status"),
        _text("legal_nature", "文件性质", "kind of text"),
        _text("department", "主管部门", "department"),
        _text("role", "图层角色", "role"),
        _text("question", "追问", "question"),
    ),
)

DAYS = Table(
    "days",
    Text("分日判定", "Days"),
    (
        SITE_ID,
        _text("basis", "日期依据", "basis"),
        _text("day", "日期", "day"),
        _text("verdict", "结论代码", "verdict"),
        _text("differing", "结果不同的规则", "differing rules"),
    ),
)

ANSWERS = Table(
    "answers",
    Text("已答问题", "Answers"),
    (
        SITE_ID,
        RULE_ID,
        _text("question", "问题", "question"),
        _text("answer", "答复", "answer"),
        _text("who", "答复人", "who"),
        _text("when", "时间", "when"),
        _text("why", "理由", "why"),
    ),
)

REVIEWS = Table(
    "reviews",
    Text("人工复核意见", "Reviews"),
    (
        SITE_ID,
        _text("verdict", "计算结论", "computed verdict"),
        _text("reviewed_verdict", "复核结论", "reviewed verdict"),
        _text("reason", "理由", "reason"),
        _text("who", "复核人", "who"),
        _text("when", "时间", "when"),
    ),
)

OUTCOMES = Table(
    "outcomes",
    Text("逐条结果", "Outcomes"),
    (
        SITE_ID,
        _text("codes", "逐条结果代码", "one character per rule, in the order of the rules"),
        _text("digest", "地块校验值", "digest of the site as read, with its attributes"),
        _text("shape_read", "读入图形校验值", "digest of the shape as read, where it is not kept as read"),
        _text("shape_kept", "存留图形校验值", "digest of the shape as kept, where it is not kept as read"),
    ),
)

LAW = Table(
    "law",
    Text("规则包原文", "Rule packs"),
    (
        _text("pack", "规则包", "pack"),
        _text("file", "文件名", "file name"),
        _text("text", "全文", "the file, line ends as LF"),
        _text("off", "停用的规则", "rules switched off with their reasons, as JSON"),
    ),
)

INDICATORS = Table(
    "indicators",
    Text("修复指标", "Restoration indicators"),
    (
        SITE_ID,
        _text("indicator", "指标", "indicator"),
        _text("date", "日期", "date"),
        _number("value", "数值", "value", ""),
        _text("unit", "单位", "unit"),
        _number("covered_share", "有数据面积比例", "share of the area with data", ""),
    ),
)

PRIORITY = Table(
    "priority",
    Text("修复优先次序", "Priority of restoration"),
    (
        SITE_ID,
        Column("rank", "int", Text("名次", "rank")),
        _number("score", "得分", "score", ""),
        _text("parts", "得分构成", "parts of the score"),
        _number("top_ten_share", "权重变动时居前十的比例", "share of draws in the top ten", ""),
        _text("missing", "缺少的指标", "missing indicators"),
    ),
)

PRIORITY_PARTS = Table(
    "priority_parts",
    Text("得分构成", "Parts of the score"),
    (
        SITE_ID,
        _text("criterion", "准则", "criterion"),
        _text("indicator", "指标", "indicator"),
        _text("date", "日期", "date"),
        _number("value", "数值", "value", ""),
        _number("scaled", "归一值", "scaled value", ""),
        _number("weight", "权重", "weight", ""),
        _number("contribution", "得分", "contribution", ""),
    ),
)

PATCHES = Table(
    "patches",
    Text("植被减少图斑", "Patches of vegetation loss"),
    (
        _text("patch_id", "图斑编号", "patch"),
        _text("kind", "变化类型代码", "kind of change"),
        _text("kind_zh", "变化类型", "kind of change in Chinese"),
        _text("date_from", "前时相", "earlier date"),
        _text("date_to", "后时相", "later date"),
        _number("area_m2", "面积", "area", "m²"),
        _number("ndvi_from", "前时相 NDVI", "NDVI, earlier", ""),
        _number("ndvi_to", "后时相 NDVI", "NDVI, later", ""),
        _number("ndvi_threshold", "变化阈值", "threshold of change", ""),
        ROLE,
        FEATURE_ID,
        _text("feature_name", "要素名称", "feature name"),
        _text("unit_code", "环境管控单元编码", "unit code"),
        _text("unit_name", "环境管控单元名称", "unit name"),
        _text("reserve_name", "最近自然保护地", "nearest protected area"),
        _text("reserve_zone", "功能分区", "zone of the protected area"),
        DISTANCE,
        BEARING,
        _text("status", "核查状态", "state of verification"),
        _text("verified_by", "核查人", "verified by"),
        _text("verified_on", "核查日期", "verified on"),
        _text("cause", "核查原因", "cause found"),
        _text("closed_on", "销号日期", "closed on"),
    ),
    geometry=True,
)

ACCEPTANCE = Table(
    "acceptance",
    Text("修复成效数据表（供验收参考）", "Figures of restoration for acceptance"),
    (
        SITE_ID,
        _number("area_m2", "面积", "area", "m²"),
        _text("date_from", "前时相", "earlier date"),
        _text("date_to", "后时相", "later date"),
        _number("fvc_from", "前植被覆盖度", "cover, earlier", ""),
        _number("fvc_to", "后植被覆盖度", "cover, later", ""),
        _number("fvc_change", "覆盖度变化", "change of cover", ""),
        _number("gain_share", "显著增加面积比例", "share with significant gain", ""),
        _number("loss_share", "显著减少面积比例", "share with significant loss", ""),
        _number("covered_share", "可比面积比例", "share of the area that both dates show", ""),
        _number("fvc_trend", "覆盖度年变化", "trend of cover", "1/a"),
        _number("fvc_around", "周边覆盖度（参照）", "cover around, to compare with", ""),
        _number("slope_mean", "平均坡度", "mean slope", "°"),
        _number("slope_over25_share", "25°及以上面积比例", "share of 25° and more", ""),
        _text("says", "数据说明", "what the data say"),
    ),
)

TABLES = (VERDICTS, FINDINGS, FACTS, STRETCHES, UNITS, UNIT_ITEMS, ROLES, LAYERS, GAPS, RULES, DAYS, ANSWERS, REVIEWS)
# Kept for a re-run, and printed in no paper.
FOR_RERUN = (OUTCOMES, LAW)

DIFFERENCES = Table(
    "differences",
    Text("校验差异", "Differences"),
    (
        _text("part", "类别", "part"),
        _text("item", "对象", "item"),
        _text("field", "内容", "field"),
        _text("sealed", "封存时", "when sealed"),
        _text("now", "现在", "now"),
        Column("counts", "bool", Text("影响校验", "counts against the seal")),
    ),
)
