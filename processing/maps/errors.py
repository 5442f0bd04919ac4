"""The error of a page that may not leave the office."""

from __future__ import annotations

from ...layers.errors import EcoRedlineError


class MapError(EcoRedlineError):
    """A map cannot be drawn, or would show less than it must."""


class NoRoomError(MapError):
    """What stands beside a map does not fit the panels of its sheet."""
