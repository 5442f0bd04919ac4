"""Which language the window speaks."""

from __future__ import annotations

from qgis.core import QgsApplication


def code() -> str:
    """Return the code of the translation that QGIS shows, else of its locale.

    The two differ where QGIS is started with ``--lang`` or told so in its options on a system of another language.
    """
    return QgsApplication.instance().translation() or QgsApplication.locale()
