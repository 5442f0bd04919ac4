"""Every table of a screening and each of its columns, declared once.

The engine fills these tables, the dossier stores them, the papers and maps read them;
none of them names a column that is not declared here.
"""

from __future__ import annotations

from ...layers.texts import Text
from .table import Column, Table, number, text
from .words import Verdict

SITE_ID = text("site_id", "地块编号", "site")
RULE_ID = text("rule_id", "规则编号", "rule")
ROLE = text("role", "图层角色", "role")
FEATURE_ID = text("feature_id", "要素编号", "feature")
RELATION = text("relation", "空间关系", "relation")
OVERLAP = number("overlap_m2", "重叠面积", "overlap area", "m²")
SHARE = number("overlap_share", "占地块比例", "share of the site")
LENGTH = number("length_m", "重叠长度", "overlap length", "m")
DISTANCE = number("distance_m", "距离", "distance", "m")
BEARING = number("bearing_deg", "方位角", "bearing", "°")

VERDICTS = Table(
    "verdicts",
    Text("初筛结论", "Verdicts"),
    (
        SITE_ID,
        text("project_id", "项目编号", "project"),
        text("name", "项目名称", "name"),
        text("verdict", "结论代码", "verdict"),
        text("verdict_zh", "初筛意见", "verdict in Chinese"),
        text("completeness", "完整性", "completeness"),
        text("certainty", "确定性", "certainty"),
        text("condition", "条件", "condition"),
        *(
            Column(f"n_{v.value}", "int", Text(f"{v.text.zh}条数", f"number {v.text.en}"))
            for v in Verdict
            if v != Verdict.CLEAR
        ),
        text("project_verdict", "项目整体结论", "verdict of the project"),
        text("unit_codes", "管控单元编码", "control units"),
        text("redline_state", "与生态保护红线关系", "relation to the red line"),
        text("questions", "待答问题", "open questions"),
    ),
    geometry=True,
)

FINDINGS = Table(
    "findings",
    Text("筛查发现", "Findings"),
    (
        SITE_ID,
        RULE_ID,
        text("outcome", "规则结果", "outcome"),
        text("verdict", "结论代码", "verdict"),
        text("condition", "条件", "condition"),
        text("certainty", "确定性", "certainty"),
        ROLE,
        FEATURE_ID,
        text("feature_name", "要素名称", "feature name"),
        RELATION,
        OVERLAP,
        SHARE,
        LENGTH,
        DISTANCE,
        number("limit_m", "规定距离", "limit", "m"),
        number("within_m2", "范围内面积", "area within the limit", "m²"),
        number("within_length_m", "范围内长度", "length within the limit", "m"),
        number("within_share", "范围内比例", "share within the limit"),
        number("margin_m", "距翻转余量", "distance to the flip", "m"),
        BEARING,
        text("bank_def", "岸线定义", "bank definition"),
        text("question", "待答问题", "open question"),
        text("note", "说明", "note"),
    ),
)

FACTS = Table(
    "facts",
    Text("空间事实", "Facts"),
    (
        SITE_ID,
        ROLE,
        FEATURE_ID,
        text("feature_name", "要素名称", "feature name"),
        text("layer", "图层", "layer"),
        RELATION,
        OVERLAP,
        SHARE,
        LENGTH,
        DISTANCE,
        BEARING,
        number("depth_m", "重叠深度", "depth of the overlap", "m"),
        number("site_lon", "地块最近点经度", "nearest point of the site, longitude", "°"),
        number("site_lat", "地块最近点纬度", "nearest point of the site, latitude", "°"),
        number("feature_lon", "要素最近点经度", "nearest point of the feature, longitude", "°"),
        number("feature_lat", "要素最近点纬度", "nearest point of the feature, latitude", "°"),
    ),
)

STRETCHES = Table(
    "stretches",
    Text("线路分段", "Stretches of lines"),
    (
        SITE_ID,
        ROLE,
        FEATURE_ID,
        text("feature_name", "要素名称", "feature name"),
        text("side", "岸别", "side of the river"),
        number("from_m", "进入处距起点", "enters, from the start", "m"),
        number("to_m", "离开处距起点", "leaves, from the start", "m"),
        LENGTH,
    ),
)

UNITS = Table(
    "units",
    Text("环境管控单元", "Control units"),
    (
        SITE_ID,
        text("unit_code", "环境管控单元编码", "unit code"),
        text("unit_name", "环境管控单元名称", "unit name"),
        text("unit_class", "环境管控单元类型", "unit class"),
        OVERLAP,
        SHARE,
        LENGTH,
    ),
)

UNIT_ITEMS = Table(
    "unit_items",
    Text("生态环境准入清单", "Access list items"),
    (
        text("unit_code", "环境管控单元编码", "unit code"),
        text("item_id", "条目编号", "item"),
        text("level", "管控要求层级", "level"),
        text("dimension", "管控类别", "dimension"),
        text("requirement", "管控要求", "requirement"),
    ),
)

ROLES = Table(
    "roles",
    Text("各图层核查情况", "Roles"),
    (
        SITE_ID,
        ROLE,
        text("state", "核查状态", "state"),
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
        text("role_name", "图层", "layer"),
        text("layer", "数据源图层名", "name in the source"),
        text("state", "核查状态", "state"),
        Column("required", "bool", Text("必查", "required")),
        Column("controlled", "bool", Text("受控", "controlled")),
        text("vintage", "数据时点", "vintage"),
        text("valid_to", "有效期至", "valid to"),
        number("accuracy_m", "数据精度", "accuracy", "m"),
        text("authority", "数据性质", "authority"),
        Column("n_features", "int", Text("要素数", "features")),
        Column("n_repaired", "int", Text("修复要素数", "repaired features")),
        number("repair_m2", "修复引起的面积变化", "area changed by repair", "m²"),
        text("basis", "依据", "basis"),
        text("note", "说明", "note"),
    ),
)

GAPS = Table(
    "gaps",
    Text("未核查及待补充", "Gaps"),
    (
        text("cause", "原因", "cause"),
        text("cure", "补救办法", "cure"),
        text("roles", "图层角色", "roles"),
        text("rule_ids", "涉及规则", "rules"),
        Column("n_sites", "int", Text("涉及地块数", "sites")),
        text("cause_en", "原因（英文）", "cause in English"),
        text("cure_en", "补救办法（英文）", "cure in English"),
    ),
)

RULES = Table(
    "rules",
    Text("规则与依据", "Rules"),
    (
        RULE_ID,
        text("pack", "规则包", "pack"),
        text("pack_title", "依据文件", "text"),
        text("clause", "条款", "clause"),
        text("text", "条文", "wording"),
        text("citation", "引用", "citation"),
        text("from", "施行日期", "from"),
        text("to", "失效日期", "to"),
        text("status", "状态", "status"),
        text("legal_nature", "文件性质", "kind of text"),
        text("department", "主管部门", "department"),
        text("role", "图层角色", "role"),
        text("question", "追问", "question"),
    ),
)

DAYS = Table(
    "days",
    Text("分日判定", "Days"),
    (
        SITE_ID,
        text("basis", "日期依据", "basis"),
        text("day", "日期", "day"),
        text("verdict", "结论代码", "verdict"),
        text("differing", "结果不同的规则", "differing rules"),
    ),
)

ANSWERS = Table(
    "answers",
    Text("已答问题", "Answers"),
    (
        SITE_ID,
        RULE_ID,
        text("question", "问题", "question"),
        text("answer", "答复", "answer"),
        text("who", "答复人", "who"),
        text("when", "时间", "when"),
        text("why", "理由", "why"),
    ),
)

REVIEWS = Table(
    "reviews",
    Text("人工复核意见", "Reviews"),
    (
        SITE_ID,
        text("verdict", "计算结论", "computed verdict"),
        text("reviewed_verdict", "复核结论", "reviewed verdict"),
        text("reason", "理由", "reason"),
        text("who", "复核人", "who"),
        text("when", "时间", "when"),
    ),
)

OUTCOMES = Table(
    "outcomes",
    Text("逐条结果", "Outcomes"),
    (
        SITE_ID,
        text("codes", "逐条结果代码", "one character per rule, in the order of the rules"),
        text("digest", "地块校验值", "digest of the site as read, with its attributes"),
        text("shape_read", "读入图形校验值", "digest of the shape as read, where it is not kept as read"),
        text("shape_kept", "存留图形校验值", "digest of the shape as kept, where it is not kept as read"),
    ),
)

LAW = Table(
    "law",
    Text("规则包原文", "Rule packs"),
    (
        text("pack", "规则包", "pack"),
        text("file", "文件名", "file name"),
        text("text", "全文", "the file, line ends as LF"),
        text("off", "停用的规则", "rules switched off with their reasons, as JSON"),
    ),
)

TABLES = (VERDICTS, FINDINGS, FACTS, STRETCHES, UNITS, UNIT_ITEMS, ROLES, LAYERS, GAPS, RULES, DAYS, ANSWERS, REVIEWS)
# Kept for a re-run, and printed in no paper.
FOR_RERUN = (OUTCOMES, LAW)
