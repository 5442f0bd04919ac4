"""How outputs look once QGIS loads them: named, grouped, styled."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)

from ...layers.texts import Text

STYLES = Path(__file__).parent.parent.parent / "styles"
GROUP = Text("EcoRedline 生态红线筛查", "EcoRedline")


ENDINGS = {Qgis.GeometryType.Line: "_line", Qgis.GeometryType.Point: "_point"}


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Applies a style of the plugin to a loaded layer, by the kind of its geometry."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Load the style and show it; QGIS calls this in the main thread."""
        style = STYLES / f"{self.style}{ENDINGS.get(layer.geometryType(), '')}.qml"
        layer.loadNamedStyle(str(style))
        layer.triggerRepaint()


def dress(context: QgsProcessingContext, destination: str, title: Text, style: str | None = None) -> Styler | None:
    """Name, group and style the output if QGIS is to load it.

    Returns
    -------
    Styler or None
        To be kept alive by the algorithm: Processing does not own it.
    """
    if not context.willLoadLayerOnCompletion(destination):
        return None
    details = context.layerToLoadOnCompletionDetails(destination)
    details.name = str(title)
    details.groupName = str(GROUP)
    if style is None:
        return None
    styler = Styler(style)
    details.setPostProcessor(styler)
    return styler
