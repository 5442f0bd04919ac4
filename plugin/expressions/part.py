"""The part that offers the expression functions."""

from __future__ import annotations

from qgis.core import QgsExpression

from ..desk import Desk
from .functions import RoleFunction, functions
from .measures import Measures


class ExpressionFunctions:
    """Registers the functions, and takes them out while nothing is drawn."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.measures: Measures | None = None
        self.functions: tuple[RoleFunction, ...] = ()

    def load(self) -> None:
        """Register the functions."""
        self.measures = Measures(self.desk)
        self.measures.load()
        self.functions = functions(self.measures)
        for each in self.functions:
            QgsExpression.registerFunction(each)

    def unload(self) -> None:
        """Take the functions out; a drawing that might be using one is stopped first."""
        if self.functions:
            self.desk.iface.mapCanvas().stopRendering()
        for each in self.functions:
            QgsExpression.unregisterFunction(each.name())
        self.functions = ()
        if self.measures is not None:
            self.measures.unload()
            self.measures = None
