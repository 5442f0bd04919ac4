"""The tables of restoration and their columns, declared once."""

from __future__ import annotations

from ....layers.texts import Text
from ..table import Column, Table, number, text
from ..tables import BEARING, DISTANCE, FEATURE_ID, ROLE, SITE_ID

INDICATORS = Table(
    "indicators",
    Text("修复指标", "Restoration indicators"),
    (
        SITE_ID,
        text("indicator", "指标", "indicator"),
        text("date", "日期", "date"),
        number("value", "数值", "value"),
        text("unit", "单位", "unit"),
        number("covered_share", "有数据面积比例", "share of the area with data"),
    ),
)

PRIORITY = Table(
    "priority",
    Text("修复优先次序", "Priority of restoration"),
    (
        SITE_ID,
        Column("rank", "int", Text("名次", "rank")),
        number("score", "得分", "score"),
        text("parts", "得分构成", "parts of the score"),
        number("top_ten_share", "权重变动时居前十的比例", "share of draws in the top ten"),
        text("missing", "缺少的指标", "missing indicators"),
    ),
)

PRIORITY_PARTS = Table(
    "priority_parts",
    Text("得分构成", "Parts of the score"),
    (
        SITE_ID,
        text("criterion", "准则", "criterion"),
        text("indicator", "指标", "indicator"),
        text("date", "日期", "date"),
        number("value", "数值", "value"),
        number("scaled", "归一值", "scaled value"),
        number("weight", "权重", "weight"),
        number("contribution", "得分", "contribution"),
    ),
)

PATCHES = Table(
    "patches",
    Text("植被减少图斑", "Patches of vegetation loss"),
    (
        text("patch_id", "图斑编号", "patch"),
        text("kind", "变化类型代码", "kind of change"),
        text("kind_zh", "变化类型", "kind of change in Chinese"),
        text("date_from", "前时相", "earlier date"),
        text("date_to", "后时相", "later date"),
        number("area_m2", "面积", "area", "m²"),
        number("ndvi_from", "前时相 NDVI", "NDVI, earlier"),
        number("ndvi_to", "后时相 NDVI", "NDVI, later"),
        number("ndvi_threshold", "变化阈值", "threshold of change"),
        ROLE,
        FEATURE_ID,
        text("feature_name", "要素名称", "feature name"),
        text("unit_code", "环境管控单元编码", "unit code"),
        text("unit_name", "环境管控单元名称", "unit name"),
        text("reserve_name", "最近自然保护地", "nearest protected area"),
        text("reserve_zone", "功能分区", "zone of the protected area"),
        DISTANCE,
        BEARING,
        text("status", "核查状态", "state of verification"),
        text("verified_by", "核查人", "verified by"),
        text("verified_on", "核查日期", "verified on"),
        text("cause", "核查原因", "cause found"),
        text("closed_on", "销号日期", "closed on"),
    ),
    geometry=True,
)

ACCEPTANCE = Table(
    "acceptance",
    Text("修复成效数据表（供验收参考）", "Figures of restoration for acceptance"),
    (
        SITE_ID,
        number("area_m2", "面积", "area", "m²"),
        text("date_from", "前时相", "earlier date"),
        text("date_to", "后时相", "later date"),
        number("fvc_from", "前植被覆盖度", "cover, earlier"),
        number("fvc_to", "后植被覆盖度", "cover, later"),
        number("fvc_change", "覆盖度变化", "change of cover"),
        number("gain_share", "显著增加面积比例", "share with significant gain"),
        number("loss_share", "显著减少面积比例", "share with significant loss"),
        number("covered_share", "可比面积比例", "share of the area that both dates show"),
        number("fvc_trend", "覆盖度年变化", "trend of cover", "1/a"),
        number("fvc_around", "周边覆盖度（参照）", "cover around, to compare with"),
        number("slope_mean", "平均坡度", "mean slope", "°"),
        number("slope_over25_share", "25°及以上面积比例", "share of 25° and more"),
        text("says", "数据说明", "what the data say"),
    ),
)
