"""Restoration: what rasters say about areas, where first, and whether it worked."""

from .indicators import indicators
from .priority import priority, priority_parts
from .rusle import Rusle
from .watch import watch
from .weights import Weights, load_weights

__all__ = ["Rusle", "Weights", "indicators", "load_weights", "priority", "priority_parts", "watch"]
