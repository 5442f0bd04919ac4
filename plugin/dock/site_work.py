"""What step 2 does: draw, take the selection, paste, open a file, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsGeometry, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtWidgets import QDialog

from ...layers.errors import EcoRedlineError, SitesError
from ...layers.progress import Progress
from ...layers.texts import Text
from ...processing.algorithms.site_values import SiteValues, frame_of_values, take, values_of_frame
from .. import settings
from ..layer_tree import keep_view
from ..live import MOST_SITES, too_many
from ..site_layers import CRS
from ..tools.draw_site import DrawSite
from .panel import SITE
from .upload_dialog import UploadDialog

if TYPE_CHECKING:
    from qgis.gui import QgsMapTool

    from .conduct import Conduct

TAKE = Text("读取所选要素", "Reading the selected features")
NOTHING_SELECTED = EcoRedlineError(
    Text("没有选中的要素", "No feature is selected"),
    remedy=Text("请在当前图层中选中要素，再点“用所选要素”。", "Select features in the active layer, then try again."),
)
NO_VECTOR = EcoRedlineError(
    Text("当前图层不是矢量图层", "The active layer is no vector layer"),
    remedy=Text("请在图层面板中选择矢量图层。", "Choose a vector layer in the layer panel."),
)
NO_SHAPE = Text("没有画成图形", "Nothing was drawn")

Rows = tuple[tuple[bytes, dict[str, object]], ...]


class SiteWork:
    """Brings sites into the workspace.

    Attributes
    ----------
    just_drawn : bool
        Whether the next result is that of a site that was just brought: the dock then shows it.
    """

    def __init__(self, conduct: Conduct) -> None:
        self.conduct = conduct
        self.just_drawn = False
        self._tool: DrawSite | None = None
        self._before: QgsMapTool | None = None
        self._canvas = conduct.desk.iface.mapCanvas()
        step = conduct.panel.site
        step.draw_wanted.connect(self.draw)
        step.selection_wanted.connect(self._take_active)
        step.paste_wanted.connect(self.paste)
        step.file_wanted.connect(self.open_file)
        step.edit_wanted.connect(self.edit)
        self._canvas.mapToolSet.connect(self._tool_set)

    def close(self) -> None:
        """Give the map its former tool back."""
        self._canvas.mapToolSet.disconnect(self._tool_set)
        self.draw("")

    def draw(self, kind: str) -> None:
        """Take the drawing tool for polygons, lines or points; empty text puts it away."""
        if self._tool is not None:
            tool, self._tool = self._tool, None
            self._canvas.unsetMapTool(tool)
            if self._before is not None and not kind:
                self._canvas.setMapTool(self._before)
            tool.deleteLater()
        if not kind:
            self._before = None
            self.conduct.panel.site.drawing("")
            return
        if self._before is None:
            self._before = self._canvas.mapTool()
        tool = DrawSite(self.conduct.desk.iface, kind)
        tool.drawn.connect(self._drawn)
        tool.refused.connect(lambda: self.conduct.desk.messages.show(NO_SHAPE, level=Qgis.MessageLevel.Info))
        self._canvas.setMapTool(tool)
        self._tool = tool
        self.conduct.panel.site.drawing(kind)
        self._canvas.setFocus()

    def _tool_set(self, new: QgsMapTool | None, _old: QgsMapTool | None = None) -> None:
        if self._tool is not None and new is not self._tool:  # the user took another tool
            tool, self._tool, self._before = self._tool, None, None
            tool.deleteLater()
            self.conduct.panel.site.drawing("")

    def _drawn(self, geometry: QgsGeometry) -> None:
        accuracy = settings.read().accuracy_m
        given = {"accuracy_m": f"{accuracy:g}"} if accuracy > 0 else {}
        self.bring([(bytes(geometry.asWkb()), given)], zoom=False)

    def bring(self, rows: list[tuple[bytes, dict[str, object]]] | Rows, zoom: bool = True) -> None:
        """Add sites given as WKB in EPSG:4490 with their attributes, and screen."""
        sites = self.conduct.workspace.sites
        if len(sites.ids()) + len(rows) > MOST_SITES:
            self.conduct.desk.messages.error(too_many(len(rows)))
            return
        box, last = QgsRectangle(), ""
        keep_view(self.conduct.desk.iface)
        sites.blockSignals(True)
        for wkb, given in rows:
            geometry = QgsGeometry()
            geometry.fromWkb(wkb)
            box.combineExtentWith(geometry.boundingBox())
            last = sites.add(geometry, given)
        sites.blockSignals(False)
        self.just_drawn = True
        self.conduct.panel.site.refresh()
        self.conduct.panel.site.choose(last)
        if self.conduct.workspace.layer_set is None:
            self.conduct.panel.go(SITE)
        self.conduct.live.now()
        if zoom:
            self._zoom(box)

    def _zoom(self, box: QgsRectangle) -> None:
        from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsProject

        crs = self._canvas.mapSettings().destinationCrs()
        try:
            way = QgsCoordinateTransform(QgsCoordinateReferenceSystem(CRS), crs, QgsProject.instance())
            shown = way.transformBoundingBox(box)
        except QgsCsException:
            return
        shown.grow(max(shown.width(), shown.height(), 0.002 if crs.isGeographic() else 200))
        self._canvas.zoomToFeatureExtent(shown)

    def _take_active(self) -> None:
        layer = self.conduct.desk.iface.activeLayer()
        if isinstance(layer, QgsVectorLayer):
            self.take_selection(layer)
        else:
            self.conduct.desk.messages.error(NO_VECTOR)

    def take_selection(self, layer: QgsVectorLayer) -> None:
        """Copy the selected features of a layer into the sites; the layer itself stays as it is."""
        n = layer.selectedFeatureCount()
        if n == 0 or n > MOST_SITES:
            self.conduct.desk.messages.error(NOTHING_SELECTED if n == 0 else too_many(n))
            return
        values = take(layer.selectedFeatures(), layer.fields().names(), layer.crs())
        name = layer.name()
        self.conduct.works.start(TAKE, lambda progress: _normalised(values, name, progress), self.bring)

    def paste(self) -> None:
        """Ask for a text with coordinates."""
        self._upload(UploadDialog(self.conduct, None))

    def open_file(self) -> None:
        """Ask for a file."""
        dialog = UploadDialog(self.conduct, "")
        if dialog.choose_file():
            self._upload(dialog)

    def _upload(self, dialog: UploadDialog) -> None:
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.rows:
            self.bring(dialog.rows)

    def edit(self, site_id: str) -> None:
        """Open the site's layer for editing and take the vertex tool of QGIS; the result follows every change."""
        found = self.conduct.workspace.sites.find(site_id)
        if found is None:
            return
        layer, feature = found
        iface = self.conduct.desk.iface
        iface.setActiveLayer(layer)
        if not layer.isEditable():
            layer.startEditing()
        self.draw("")
        self._zoom(feature.geometry().boundingBox())
        iface.actionVertexTool().trigger()


def _normalised(values: SiteValues, name: str, progress: Progress) -> Rows:
    from ...layers.sites import normalise

    if not values.crs:
        raise SitesError(
            Text(f"图层“{name}”没有坐标系", f"The layer “{name}” has no CRS"),
            remedy=Text("请先为图层指定坐标系。", "Set the CRS of the layer first."),
        )
    return values_of_frame(normalise(frame_of_values(values), name, progress))
