"""Papers of a run: Word, Excel and HTML, from the dossier alone."""

from .export import export

__all__ = ["export"]
