"""The expression functions: how a feature lies to the nearest feature of a role."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionFunction,
    QgsExpressionNodeFunction,
    QgsFeatureRequest,
)

from ...layers.errors import EcoRedlineError
from ...layers.texts import Text
from .measures import Measures

if TYPE_CHECKING:
    from ...processing.engine.measuring import Measured

GROUP = "EcoRedline"
Value = Callable[["Measured", int], object]

NO_FEATURE = Text("当前没有要素，无法量测", "There is no feature to measure")
NO_CRS = Text("图层没有坐标系，无法量测", "The layer has no CRS: nothing can be measured")
LINE = 1


def _distance(found: Measured, dimension: int) -> object:
    return found.distance_m


def _overlap(found: Measured, dimension: int) -> object:
    return found.length_m if dimension == LINE else found.overlap_m2


def _nearest(found: Measured, dimension: int) -> object:
    return (found.feature_name or found.feature_id) or None


class RoleFunction(QgsExpressionFunction):
    """A function of one argument, the role; it asks the feature in the context.

    Parameters
    ----------
    name : str
        With the prefix ``ecoredline_``.
    value : callable
        Takes what was measured and the dimension of the geometry (0 to 2).
    text : str
        Help as HTML.
    """

    def __init__(self, name: str, value: Value, text: str, measures: Measures) -> None:
        super().__init__(name, 1, GROUP, text)  # not contextual: the builder hides what is
        self.value = value
        self.measures = measures

    def isStatic(
        self,
        node: QgsExpressionNodeFunction,
        parent: QgsExpression,
        context: QgsExpressionContext,
    ) -> bool:
        """Have it asked for every feature, although the role is the same for all."""
        return False

    def usesGeometry(self, node: QgsExpressionNodeFunction | None) -> bool:
        """Have the geometry fetched."""
        return True

    def referencedColumns(self, node: QgsExpressionNodeFunction | None) -> set[str]:
        """Have all attributes fetched: which one is a footprint depends on the layer."""
        return {QgsFeatureRequest.ALL_ATTRIBUTES}

    def func(
        self,
        values: Sequence[object],
        context: QgsExpressionContext | None,
        parent: QgsExpression,
        node: QgsExpressionNodeFunction | None,
    ) -> object:
        """Return the value, None for nothing; an error is said in the evaluation error of the expression."""
        if context is None or not context.hasFeature():
            parent.setEvalErrorString(str(NO_FEATURE))
            return None
        feature = context.feature()
        if not feature.hasGeometry():
            return None
        crs = _crs(context)
        if not crs:
            parent.setEvalErrorString(str(NO_CRS))
            return None
        try:
            found = self.measures.measure(feature, crs, _role_id(str(values[0])))
        except EcoRedlineError as error:
            parent.setEvalErrorString(str(error))
            return None
        return self.value(found, feature.geometry().constGet().dimension())


def _role_id(word: str) -> str:
    """Return the id of a role given by id or by either name; what is unknown stays, to be refused by the engine."""
    from ...layers.role import roles

    wanted = word.strip()
    for id_, each in roles().items():
        if wanted in (id_, *each.name):
            return id_
    return wanted


def _crs(context: QgsExpressionContext) -> str:
    """Return the CRS of the layer in the context as pyproj takes it, or empty text."""
    name = str(context.variable("layer_crs") or "")
    if not name or name.startswith("EPSG:"):
        return name
    return QgsCoordinateReferenceSystem(name).toWkt(QgsCoordinateReferenceSystem.WKT2_2019)


def functions(measures: Measures) -> tuple[RoleFunction, ...]:
    """Return the functions, their help in the language in use."""
    from .help_texts import DISTANCE, NEAREST, OVERLAP

    return tuple(
        RoleFunction(f"ecoredline_{name}", value, str(text), measures)
        for name, value, text in (
            ("distance", _distance, DISTANCE),
            ("overlap", _overlap, OVERLAP),
            ("nearest", _nearest, NEAREST),
        )
    )
