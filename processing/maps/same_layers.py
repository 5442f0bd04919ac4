"""Whether a layer set is that of the run whose maps are drawn: by what both say of their layers, no feature is read."""

from __future__ import annotations

from collections import Counter
from math import isfinite
from typing import Any

from ...layers.layerset import LayerSet
from ...layers.role import role
from ...layers.texts import Text
from ..engine.words import RoleState
from .errors import MapError

MOST_NAMED = 3
_FIELDS = (
    Text("数据源图层", "layer"),
    Text("时点", "vintage"),
    Text("有效期至", "valid to"),
    Text("精度（m）", "accuracy (m)"),
    Text("数据性质", "authority"),
)
Said = tuple[str, str, str, str, str]


def refuse_other_layers(screening: Any, layer_set: LayerSet) -> None:
    """Refuse a layer set other than that of the run: its layers would lie under verdicts that do not rest on them.

    Role, layer, vintage, validity, accuracy and nature of every source are compared with the table of layers, and the
    name of the set. Features that changed since are not seen here; `verifyseal` tells them.

    Parameters
    ----------
    screening : Screening
        A run, or a dossier opened again.
    layer_set : LayerSet
        That from which the maps would be drawn.

    Raises
    ------
    MapError
        They differ; the error names the first differences.
    """
    found = [*_names(screening, layer_set), *_layers(screening, layer_set)]
    if not found:
        return
    more = len(found) - MOST_NAMED
    zh, en = "；".join(text.zh for text in found[:MOST_NAMED]), "; ".join(text.en for text in found[:MOST_NAMED])
    if more > 0:
        zh, en = f"{zh}；另有 {more} 处", f"{en}; and {more} more"
    raise MapError(
        Text("图层配置不是卷宗所依据的，未绘图", "the layer set is not that of the dossier; nothing was drawn"),
        Text(f"不一致处：{zh}", f"differences: {en}"),
        Text(
            "请选用该次筛查所用的图层配置；数据确有更新的，请重新筛查。“复核数据校验码”（verifyseal）可逐项列出差异。",
            "Choose the layer set of that run; where the data are newer, screen again. verifyseal lists all.",
        ),
    )


def _names(screening: Any, layer_set: LayerSet) -> list[Text]:
    name = screening.settings.get("layer_set", layer_set.name)
    if name == layer_set.name:
        return []
    return [Text(f"名称：卷宗“{name}”，现“{layer_set.name}”", f"name: dossier {name!r}, now {layer_set.name!r}")]


def _layers(screening: Any, layer_set: LayerSet) -> list[Text]:
    of_run: dict[str, Counter[Said]] = {}
    table = screening.layers
    for row in table[table["state"] == RoleState.LOADED.value].itertuples():
        of_run.setdefault(str(row.role), Counter())[_said(row)] += 1
    now: dict[str, Counter[Said]] = {}
    for source in layer_set.sources:
        now.setdefault(source.role, Counter())[_said(source)] += 1
    nothing: Counter[Said] = Counter()
    return [
        difference
        for role_id in dict.fromkeys((*of_run, *now))
        for difference in _of_role(role_id, of_run.get(role_id, nothing), now.get(role_id, nothing))
    ]


def _said(of: Any) -> Said:
    """Return what a row of the table of layers, or a source, says of itself."""
    return _text(of.layer), _text(of.vintage), _text(of.valid_to), _number(of.accuracy_m), _text(of.authority)


def _of_role(role_id: str, of_run: Counter[Said], now: Counter[Said]) -> list[Text]:
    """Return in what the sources of a role differ; what only one side has is set against what only the other has."""
    name = role(role_id).name
    gone, new = sorted((of_run - now).elements()), sorted((now - of_run).elements())
    out = []
    for was, is_ in zip(gone, new, strict=False):
        parts = [
            (label, one or "—", other or "—")
            for label, one, other in zip(_FIELDS, was, is_, strict=True)
            if one != other
        ]
        zh = "、".join(f"{label.zh} 卷宗 {one}，现 {other}" for label, one, other in parts)
        en = ", ".join(f"{label.en} dossier {one}, now {other}" for label, one, other in parts)
        out.append(Text(f"{name.zh}：{zh}", f"{name.en}: {en}"))
    paired = len(out)
    for said in gone[paired:]:
        told = said[0] or said[1] or "—"
        out.append(Text(f"{name.zh}：缺少卷宗中的 {told}", f"{name.en}: {told} of the dossier is missing"))
    for said in new[paired:]:
        told = said[0] or said[1] or "—"
        out.append(Text(f"{name.zh}：卷宗中没有 {told}", f"{name.en}: {told} is not in the dossier"))
    return out


def _text(value: object) -> str:
    words = str(value)
    return "" if value is None or words in ("nan", "None", "<NA>", "NaT") else words


def _number(value: float | None) -> str:
    return f"{value:.6g}" if value is not None and isfinite(value) else ""
