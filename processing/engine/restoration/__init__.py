"""Restoration: what rasters say about areas, where first, and whether it worked."""

from .indicators import indicators
from .rusle import Rusle

__all__ = ["Rusle", "indicators"]
