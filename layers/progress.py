"""How long work tells where it stands and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .errors import Cancelled
from .texts import Text


def _silent(_share: float, _text: Text | None) -> None:
    """Report to nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Progress:
    """A door to whoever waits for the work.

    Parameters
    ----------
    report : callable
        Takes the share done (0 to 1) and, where the step changed, its text.
    cancelled : callable
        Returns True once the user wants to stop.
    """

    report: Callable[[float, Text | None], None] = _silent
    cancelled: Callable[[], bool] = _never

    def step(self, share: float, text: Text | None = None) -> None:
        """Report the share done, or raise `Cancelled` if the user stopped."""
        if self.cancelled():
            raise Cancelled
        self.report(share, text)

    def part(self, start: float, end: float) -> Progress:
        """Return the progress of a sub-task that fills ``start`` to ``end``."""
        return Progress(lambda share, text: self.report(start + (end - start) * share, text), self.cancelled)
