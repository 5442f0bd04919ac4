"""What the banks of rivers are used for: by linear referencing, every metre counted once."""

from .occupancy import Occupancy, occupancy

__all__ = ["Occupancy", "occupancy"]
