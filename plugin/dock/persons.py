"""The name under which a person last answered or reviewed, so that it need not be typed each time."""

from __future__ import annotations

from qgis.core import QgsSettings

KEY = "ecoredline/person"


def remembered_person() -> str:
    """Return the name, or empty text."""
    return str(QgsSettings().value(KEY, "", type=str))


def remember_person(name: str) -> None:
    """Keep the name."""
    QgsSettings().setValue(KEY, name)
