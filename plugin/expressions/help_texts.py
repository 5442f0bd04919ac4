"""What the expression builder shows beside the functions, as HTML."""

from __future__ import annotations

from ...layers.texts import Text

ARGUMENT = Text(
    "<h4>参数</h4><p><code>角色</code>　图层角色的编号或名称，如 <code>'red_line'</code> 或 "
    "<code>'生态保护红线'</code>。所用图层来自工程的图层配置，没有时用选项中的默认图层配置；没有选择图层配置时报错。</p>",
    "<h4>Argument</h4><p><code>role</code>&nbsp; id or name of a role, like <code>'red_line'</code> or "
    "<code>'bank_line'</code>. The layers are those of the project's layer set, else of the default one in the "
    "options; without either it is an error.</p>",
)
REMARK = Text(
    "<p>与筛查所用的算法相同，与图层和工程的坐标系无关。仅供标注和排版，不是筛查结论。</p>",
    "<p>Measured as the screening measures, whatever the CRS of layer and project. It serves labels and layouts and is "
    "no verdict.</p>",
)


def _help(syntax: str, what: Text, example: str, result: Text) -> Text:
    return Text(
        f"<h3>{syntax}</h3><p>{what.zh}</p>{ARGUMENT.zh}"
        f"<h4>示例</h4><p><code>{example}</code> → <code>{result.zh}</code></p>{REMARK.zh}",
        f"<h3>{syntax}</h3><p>{what.en}</p>{ARGUMENT.en}"
        f"<h4>Example</h4><p><code>{example}</code> → <code>{result.en}</code></p>{REMARK.en}",
    )


DISTANCE = _help(
    "ecoredline_distance(role)",
    Text(
        "当前要素到该角色最近要素的大地线距离，单位为米；相交或位于其中时为 0；10 公里内没有要素时为 NULL。"
        "河道中心线注明半宽的，从岸边起算。",
        "Geodesic distance in metres from the feature to the nearest feature of the role; 0 where they meet; NULL "
        "where there is none within 10 km. From a centre line with its half width, the distance counts from the bank.",
    ),
    "round(ecoredline_distance('bank_line'), 2)",
    Text("994.00", "994.00"),
)
OVERLAP = _help(
    "ecoredline_overlap(role)",
    Text(
        "当前要素落在该角色要素内的部分：面要素为椭球面积（平方米），线要素为长度（米）；重叠的要素不重复计算；"
        "不重叠时为 0。",
        "How much of the feature lies inside features of the role: ellipsoidal area in m² of polygons, length in m of "
        "lines; nothing is counted twice where features overlap; 0 where there is no overlap.",
    ),
    "round(ecoredline_overlap('red_line') / 10000, 4)",
    Text("1.2500", "1.2500"),
)
NEAREST = _help(
    "ecoredline_nearest(role)",
    Text(
        "该角色中离当前要素最近的要素的名称，没有名称时为编号；相交的要素中取重叠最大的；10 公里内没有要素时为 NULL。",
        "Name, or id where it has no name, of the role's feature nearest to this one; of those it meets, the one with "
        "the greatest overlap; NULL where there is none within 10 km.",
    ),
    "ecoredline_nearest('water_source')",
    Text("某水源地二级保护区", "the name of a protected zone"),
)
