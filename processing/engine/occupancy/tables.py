"""The tables of bank occupancy and their columns, declared once."""

from __future__ import annotations

from ....layers.texts import Text
from ..table import Column, Table, text
from .uses import uses


def _metres(name: str, zh: str, en: str) -> Column:
    return Column(name, "float", Text(zh, en), "m")


SEGMENTS = Table(
    "segments",
    Text("岸线桩号表", "Chainage of banks"),
    (
        text("bank", "岸线", "bank"),
        text("river", "河流", "river"),
        text("river_class", "河流类别", "class of the river"),
        text("side", "岸别", "side"),
        text("bank_def", "岸线定义", "bank definition"),
        Column("main_channel", "bool", Text("主航道岸线", "on the main channel")),
        _metres("from_m", "起点桩号", "from"),
        _metres("to_m", "终点桩号", "to"),
        _metres("length_m", "长度", "length"),
        Column("counted", "bool", Text("计入岸线", "counted as bank")),
        text("use", "利用类型代码", "use"),
        text("use_zh", "利用类型", "use in Chinese"),
        text("use_id", "利用编号", "id of the use"),
        text("use_name", "利用名称", "name of the use"),
        text("also", "重叠的其他利用", "other uses that overlap"),
        text("reach", "岸段", "reach"),
        text("zone", "岸线功能区", "function zone"),
        text("zone_kind", "功能区类型", "kind of function zone"),
        Column("investment", "float", Text("投资", "investment"), "万元"),
    ),
    geometry=True,
)

SUMMARY = Table(
    "summary",
    Text("岸线利用统计", "Summary of banks"),
    (
        text("level", "统计层级代码", "level"),
        text("level_zh", "统计层级", "level in Chinese"),
        text("name", "名称", "name"),
        _metres("length_m", "岸线总长", "length of bank"),
        _metres("main_channel_m", "主航道岸线长度", "bank on the main channel"),
        _metres("developed_m", "已开发岸线", "developed bank"),
        Column("developed_share", "float", Text("开发利用率", "share developed")),
        _metres("wharf_storage_m", "码头及仓储占用岸线", "bank taken by wharves and storage"),
        Column("wharf_storage_share", "float", Text("码头及仓储占比", "share of wharves and storage")),
        *(_metres(f"{use.id}_m", f"{use.text.zh}岸线", f"{use.text.en} bank") for use in uses()),
        Column("investment", "float", Text("投资", "investment"), "万元"),
        _metres("invested_m", "有投资数据的岸线", "bank with a known investment"),
        Column("investment_per_km", "float", Text("每公里投资", "investment per km"), "万元/km"),
        _metres("not_counted_m", "未计入（河口、范围外）", "not counted (mouths, beyond the extent)"),
    ),
)
