"""The QGIS toolbox: calculate overlaps, intersection of lines, points by location, join by nearest.

It tells the overlap with whole layers, not with each feature; that is all that is compared.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, "/usr/share/qgis/python/plugins")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from child import Task, measure, missing, task
from outputs import Excuse, Outputs
from places import BANKS, POLYGON_ROLES, REACH_M, RIVER_CLASSES

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QGIS_CUSTOM_CONFIG_PATH", tempfile.mkdtemp(prefix="bench-qgis-"))
try:
    from qgis.core import (
        Qgis,
        QgsApplication,
        QgsCoordinateReferenceSystem,
        QgsDistanceArea,
        QgsProcessingContext,
        QgsProject,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )
except ImportError:
    missing("QGIS is not installed")

DEGREES, PLANE, ELLIPSOID = "EPSG:4490", "EPSG:4545", "EPSG:7019"
PIECE = 128
# Lengths of the plane, up to 2.7° from its meridian; areas of QGIS's own formula.
EXCUSE = Excuse(0.01, 1e-3, share=2e-5)
KINDS = ("Polygon", "LineString", "Point")


@dataclass
class Ready:
    """Layers on disk with their indices, and the context that says which ellipsoid counts."""

    run: Any
    sites: dict[str, Any]
    layers: list[Any]
    banks: list[Any]
    measure: Any


def ready(task: Task) -> Ready:
    """Write sites by kind and banks in their plane, each with an index."""
    from processing.core.Processing import Processing

    import processing

    Processing.initialize()
    project = QgsProject.instance()
    project.setCrs(QgsCoordinateReferenceSystem(DEGREES))
    project.setEllipsoid(ELLIPSOID)
    context = QgsProcessingContext()
    context.setProject(project)
    measure_ = QgsDistanceArea()
    measure_.setSourceCrs(QgsCoordinateReferenceSystem(DEGREES), project.transformContext())
    measure_.setEllipsoid(ELLIPSOID)

    def run(algorithm: str, **parameters: Any) -> Any:
        result = processing.run(f"native:{algorithm}", {"OUTPUT": "TEMPORARY_OUTPUT", **parameters}, context=context)
        return result["OUTPUT"]

    folder = Path(tempfile.mkdtemp(prefix="bench-qgis-data-"))
    sites = {}
    for kind in KINDS:
        of_kind = _layer(f"{task.load.sites(task.n)}|layername=sites|geometrytype={kind}", "sites")
        numbered = run("fieldcalculator", INPUT=of_kind, FIELD_NAME="row", FIELD_TYPE=1, FORMULA="@id - 1")
        sites[kind] = _saved(numbered, folder / f"{kind}.gpkg", f"sites_{kind}")
    layers = [_layer(f"{task.load.layers}|layername={role}", role) for role in POLYGON_ROLES]
    if task.pieces:
        layers = [_cut(run, layer, folder) for layer in layers]
    banks = []
    for name in RIVER_CLASSES:
        of_class = _layer(f"{task.load.layers}|layername={BANKS}|subset=river_class = '{name}'", name)
        flat = run("reprojectlayer", INPUT=of_class, TARGET_CRS=PLANE)
        layer = _saved(flat, folder / f"{name}.gpkg", name)
        banks.append(_cut(run, layer, folder) if task.pieces else layer)
    return Ready(run, sites, layers, banks, measure_)


def _layer(source: str, name: str) -> Any:
    layer = QgsVectorLayer(source, name, "ogr")
    if not layer.isValid():
        raise ValueError(source)
    return layer


def _saved(layer: Any, path: Path, name: str) -> Any:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    context = QgsProject.instance().transformContext()
    error = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)
    if error[0] != QgsVectorFileWriter.WriterError.NoError:
        raise OSError(error[1])
    return _layer(f"{path}|layername={name}", name)


def _cut(run: Any, layer: Any, folder: Path) -> Any:
    pieces = run("subdivide", INPUT=layer, MAX_NODES=PIECE)
    return _saved(pieces, folder / f"{layer.name()}-pieces.gpkg", layer.name())


def facts(state: Ready) -> Outputs:
    """Return the facts of all sites."""
    hits = [*_polygon_hits(state), *_line_hits(state), *_point_hits(state)]
    layer, site, area, length, share = (np.array(column) for column in zip(*hits, strict=True))
    near = list(_nearest(state))
    classes, sites, metres = (np.array(column) for column in zip(*near, strict=True))
    return Outputs(layer, site, np.full(len(layer), -1), area, length, share, classes, sites, metres)


def _polygon_hits(state: Ready) -> Any:
    out = state.run("calculatevectoroverlaps", INPUT=state.sites["Polygon"], LAYERS=state.layers)
    for feature in out.getFeatures():
        for number, role in enumerate(POLYGON_ROLES):
            if feature[f"{role}_area"] > 0:
                yield number, feature["row"], feature[f"{role}_area"], 0.0, feature[f"{role}_pc"] / 100


def _line_hits(state: Ready) -> Any:
    lines = state.sites["LineString"]
    size = {feature["row"]: state.measure.measureLength(feature.geometry()) for feature in lines.getFeatures()}
    for number, layer in enumerate(state.layers):
        found: dict[int, float] = {}
        out = state.run("intersection", INPUT=lines, OVERLAY=layer, INPUT_FIELDS=["row"], OVERLAY_FIELDS=["fid"])
        for feature in out.getFeatures():
            found[feature["row"]] = found.get(feature["row"], 0.0) + state.measure.measureLength(feature.geometry())
        for row, length in found.items():
            yield number, row, 0.0, length, length / size[row]


def _point_hits(state: Ready) -> Any:
    for number, layer in enumerate(state.layers):
        out = state.run("extractbylocation", INPUT=state.sites["Point"], PREDICATE=[0], INTERSECT=layer)
        for feature in out.getFeatures():
            yield number, feature["row"], 0.0, 0.0, 1.0


def _nearest(state: Ready) -> Any:
    for sites in state.sites.values():
        flat = state.run("reprojectlayer", INPUT=sites, TARGET_CRS=PLANE)
        for number, banks in enumerate(state.banks):
            out = state.run(
                "joinbynearest", INPUT=flat, INPUT_2=banks, FIELDS_TO_COPY=["fid"], DISCARD_NONMATCHING=True,
                NEIGHBORS=1, MAX_DISTANCE=REACH_M,
            )  # fmt: skip
            nearest = {feature["row"]: feature["distance"] for feature in out.getFeatures()}
            yield from ((number, row, metres) for row, metres in nearest.items())


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    measure(task(), f"QGIS {Qgis.version()}", ready, facts, EXCUSE)
    sys.stdout.flush()
    os._exit(0)  # layers that Python still holds crash exitQgis
