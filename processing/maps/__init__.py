"""Screening → pages by the layouts of QGIS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .export import export_maps

__all__ = ["export_maps"]


def __getattr__(name: str) -> Any:
    """Load the door when it is asked for: the parts without QGIS are used where there is none."""
    if name == "export_maps":
        from .export import export_maps

        return export_maps
    raise AttributeError(name)
