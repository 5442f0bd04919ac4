"""What the dialogs are prefilled with: the window says it; without a window, as in `qgis_process`, nothing is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Values = Mapping[str, object]


class Defaults:
    """Asks whoever knows for the value of a parameter.

    A run from the command line depends on its command alone: what a user chose in the window has no part in it.
    """

    def __init__(self) -> None:
        self._source: Callable[[], Values] | None = None

    def come_from(self, source: Callable[[], Values] | None) -> None:
        """Take values by parameter name from there from now on; None takes them from nowhere."""
        self._source = source

    def value(self, name: str) -> object:
        """Return the value for a parameter, None where there is none."""
        return None if self._source is None else self._source().get(name)


DEFAULTS = Defaults()
