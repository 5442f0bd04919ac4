"""The layers that expression functions measure against, warm between two features and safe in render threads."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import Qgis, QgsFeature, QgsProject

from ...layers.errors import LayerSetError
from ...layers.texts import Text
from .. import settings
from ..desk import Desk

if TYPE_CHECKING:
    from ...layers.sources import LayerSet
    from ...processing.engine.measuring import Measured, Measuring

MOST_KEPT = 20_000
POINT_COLUMNS = ("footprint_m", "area_m2")

NO_LAYER_SET = LayerSetError(
    Text("没有选择图层配置", "No layer set is chosen"),
    remedy=Text(
        "请在“红线筛查”面板或“设置”→“选项”→“EcoRedline”中选择图层配置。",
        "Choose one in the dock or under Settings → Options → EcoRedline.",
    ),
)


class Measures:
    """Measures features to roles of the layer set in effect; results are kept until a layer changes.

    The layer set is looked up in the main thread only, whenever project or settings change, since neither may be
    asked by a render thread.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._wanted: LayerSet | Path | None = None
        self._taken: LayerSet | Path | None = None
        self._measuring: Measuring | None = None
        self._kept: dict[tuple[Any, ...], tuple[object, Measured]] = {}

    def load(self) -> None:
        """Follow project and settings."""
        project = QgsProject.instance()
        for signal in (project.readProject, project.cleared, project.dirtySet, settings.CHANGES.written):
            signal.connect(self.refresh)
        self.refresh()

    def unload(self) -> None:
        """Follow nothing any more and let the layers go."""
        project = QgsProject.instance()
        for signal in (project.readProject, project.cleared, project.dirtySet, settings.CHANGES.written):
            signal.disconnect(self.refresh)
        self._wanted = None

    def refresh(self, *_: object) -> None:
        """Take the layer set that is in effect now; never waits for a layer that a render thread is reading."""
        self._wanted = self._desk.layer_set()

    def measure(self, feature: QgsFeature, crs: str, role_id: str) -> Measured:
        """Return how a feature lies to the features of a role.

        Parameters
        ----------
        crs : str
            Authority and code, or WKT, of the feature's geometry.

        Raises
        ------
        EcoRedlineError
            No layer set is chosen, it lacks the role, or geometry or layer cannot be read.
        """
        from ...processing.algorithms.site_values import wkb_of

        wkb, attributes = wkb_of(feature), _attributes(feature)
        key = (role_id, crs, hashlib.sha256(wkb or b"").digest(), tuple(attributes.items()))
        with self._lock:
            measuring = self._warm()
            sources = measuring.sources(role_id)
            held = self._kept.get(key)
            if held is None or held[0] is not sources:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                held = self._kept[key] = sources, _measured(measuring, wkb, crs, attributes, role_id)
            return held[1]

    def _warm(self) -> Measuring:
        """Return the layers of the layer set in effect; called with the lock held."""
        if self._wanted != self._taken:
            self._taken, self._measuring, self._kept = self._wanted, None, {}
        if self._taken is None:
            raise NO_LAYER_SET
        if self._measuring is None:
            from ...processing.algorithms.runtime import probe
            from ...processing.engine.measuring import Measuring

            probe()
            self._measuring = Measuring(self._taken)
        return self._measuring


def _measured(
    measuring: Measuring, wkb: bytes | None, crs: str, attributes: dict[str, object], role_id: str
) -> Measured:
    import shapely

    from ...processing.engine.measuring import frame_of

    return measuring.measure(frame_of(shapely.from_wkb(wkb), crs, attributes), role_id)


def _attributes(feature: QgsFeature) -> dict[str, object]:
    """Return what makes a point the disc that the engine judges; nothing for lines and polygons."""
    if feature.geometry().type() != Qgis.GeometryType.Point:
        return {}
    from ...layers.site_table import find_columns

    found = find_columns(feature.fields().names(), "fields")
    values = {name: feature[found[name]] for name in POINT_COLUMNS if name in found}
    return {name: str(value) for name, value in values.items() if value}
