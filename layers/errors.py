"""The errors of the product: what happened, why, and the next step."""

from __future__ import annotations

from .texts import EMPTY, Text


class EcoRedlineError(Exception):
    """Base of every error that a user can meet.

    Parameters
    ----------
    message : Text
        What happened, naming file, feature and field where there are any.
    cause : Text, optional
        Why.
    remedy : Text, optional
        The next step that mends it.
    """

    def __init__(self, message: Text, cause: Text = EMPTY, remedy: Text = EMPTY) -> None:
        super().__init__(message, cause, remedy)
        self.message = message
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(str(part) for part in (self.message, self.cause, self.remedy) if str(part))


class Cancelled(EcoRedlineError):
    """The user stopped the run; nothing was left under a final name."""

    def __init__(self) -> None:
        super().__init__(
            Text("已取消", "Cancelled"),
            remedy=Text("未留下任何成果文件，可重新运行。", "No output was left behind; run it again when ready."),
        )


class LayerSetError(EcoRedlineError):
    """A layer set, check profile or role is wrong."""


class SourceError(EcoRedlineError):
    """A data source cannot be read as what it should be."""


class SitesError(EcoRedlineError):
    """The sites cannot be judged as they are."""


class RulePackError(EcoRedlineError):
    """A rule pack is wrong."""


class DossierError(EcoRedlineError):
    """A dossier cannot be written, opened or confirmed."""


class TemplateError(EcoRedlineError):
    """A paper template of the user's own is wrong, or does what no template may."""


class MissingLibraryError(EcoRedlineError):
    """A library that this function needs is absent or unusable here."""
