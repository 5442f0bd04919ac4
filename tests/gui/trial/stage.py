"""A project, a layer set and a dock to begin a trial with."""

import os
from pathlib import Path

from hands import conduct, idle, look_at
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProject,
)
from qgis.utils import iface

HOME = Path(os.environ["ECOREDLINE_TRIALS"])
TOUCHES = [(106.495, 29.495), (106.505, 29.495), (106.505, 29.505), (106.495, 29.505)]  # the red line, 106.50 eastward
CLEAR = [(106.445, 29.545), (106.450, 29.545), (106.450, 29.550), (106.445, 29.550)]
VIEW = (106.42, 29.42, 106.58, 29.58)


def fresh(layer_set="small.toml", crs="EPSG:4490"):
    """Begin with an empty project and, if wanted, the layer set."""
    QgsProject.instance().clear()
    iface.messageBar().clearWidgets()
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem(crs))
    iface.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    dock = conduct()
    idle(dock)
    if layer_set:
        assert dock.workspace.open_layer_set(HOME / layer_set)
    look_at(*VIEW)
    idle(dock)
    return dock


def bring(dock, points, **given):
    """Add a polygon without drawing it."""
    ring = ", ".join(f"{x} {y}" for x, y in [*points, points[0]])
    shape = QgsGeometry.fromWkt(f"POLYGON(({ring}))")
    dock.sites.bring([(bytes(shape.asWkb()), given)], zoom=False)


def rules(dock):
    """Return rule and verdict of what is shown."""
    return sorted((one.rule_id, one.verdict) for one in dock.panel.result.findings.findings)
