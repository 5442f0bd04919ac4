"""Restoration: what rasters say about areas, where first, and whether it worked."""

from .areas import restoration_sites, screening_indicators
from .indicators import check_sources, indicators
from .priority import priority, priority_parts
from .rusle import Rusle
from .watch import watch
from .weights import Weights, load_weights

__all__ = [
    "Rusle", "Weights", "check_sources", "indicators", "load_weights", "priority", "priority_parts",
    "restoration_sites", "screening_indicators", "watch",
]  # fmt: skip
