"""Styles of layers: loaded from styles/, reduced to what is seen, in the font of the page."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLineSymbolLayer,
    QgsRenderContext,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)

from ...layers.texts import Text
from .errors import MapError
from .fonts import with_family


def apply_style(layer: QgsVectorLayer, style: Path, family: str) -> None:
    """Give a layer a style, without the categories that no feature has, its labels in the family.

    Raises
    ------
    MapError
        The style cannot be read, or does not fit the layer.
    """
    message, loaded = layer.loadNamedStyle(str(style))
    if not loaded:
        raise MapError(
            Text(f"样式文件 {style.name} 无法使用", f"the style {style.name} cannot be used"),
            Text(message, message),
            Text("请恢复 styles/ 中的原样式文件。", "Restore the shipped file in styles/."),
        )
    if isinstance(layer.renderer(), QgsCategorizedSymbolRenderer):
        _keep_seen(layer)
    labeling = layer.labeling()
    if labeling is not None:
        settings = labeling.settings()
        settings.setFormat(with_family(settings.format(), family))
        layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))


def _keep_seen(layer: QgsVectorLayer) -> None:
    renderer = layer.renderer().clone()
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    expression = QgsExpression(renderer.classAttribute())
    expression.prepare(context)
    seen = set()
    for feature in layer.getFeatures():
        context.setFeature(feature)
        seen.add(str(expression.evaluate(context) or ""))
    known = {str(category.value()) for category in renderer.categories()}
    if seen - known:
        seen.add("")
    for index in reversed(range(len(renderer.categories()))):
        if str(renderer.categories()[index].value() or "") not in seen:
            renderer.deleteCategory(index)
    layer.setRenderer(renderer)


def legend_names(layer: QgsVectorLayer) -> list[str]:
    """Return the entries that a layer has in a legend."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsCategorizedSymbolRenderer):
        return [category.label() for category in renderer.categories()]
    return [layer.name()]


def symbols_drawn(layer: QgsVectorLayer) -> bool:
    """Tell whether every feature of a layer gets a symbol."""
    renderer = layer.renderer().clone()
    context = QgsRenderContext()
    context.expressionContext().appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer.startRender(context, layer.fields())
    drawn = True
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        drawn = drawn and renderer.symbolForFeature(feature, context) is not None
    renderer.stopRender(context)
    return drawn


def thin_lines(layer: QgsVectorLayer, factor: float) -> None:
    """Make the lines of a layer's symbols thinner, for a small map."""
    renderer = layer.renderer().clone()
    for symbol in renderer.symbols(QgsRenderContext()):
        for part in symbol.symbolLayers():
            if isinstance(part, QgsLineSymbolLayer):
                part.setWidth(part.width() * factor)
    layer.setRenderer(renderer)
