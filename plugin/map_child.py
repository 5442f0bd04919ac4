"""Draws maps in a process of its own, started by `exporting`.

Layouts belong to the main thread of a QGIS application. Here that thread is not the one of the window.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path


def main(
    dossier: str, layer_set: str, folder: str, form: str, dpi: str, secrecy: str, templates: str, language: str
) -> int:
    """Draw the maps; what the check finds goes to stdout, why there are none to stderr, in the user's language."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("XDG_RUNTIME_DIR", os.environ.get("TMPDIR", ""))
    from qgis.core import QgsApplication

    from ..layers import texts
    from ..layers.errors import EcoRedlineError
    from ..layers.layerset import load
    from ..processing.engine import open_dossier
    from ..processing.maps import export_maps
    from ..processing.maps.results import PageResult

    def told(page: PageResult) -> None:
        for issue in page.issues:
            if issue.fault:
                print(f"{page.site_id}-{page.template}: {issue.text}")

    texts.use(language)
    application = QgsApplication([], True)
    application.initQgis()
    try:
        screening, loaded = open_dossier(dossier), load(layer_set)
        export_maps(screening, loaded, Path(folder), templates.split(","), form, int(dpi), secrecy == "yes", told=told)
    except EcoRedlineError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        gc.collect()
        application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
