"""Keeps the wheels' GEOS, PROJ and GDAL apart from those of the QGIS executable.

First on PYTHONPATH of `qgis_process` and of the window, this file is imported before anything else. QGIS has loaded
its own GEOS, PROJ and GDAL by then, and their symbols would take over those that the wheels bring: WKB could not be
written, and the process would end with 134 or 139. Bound deeply, each wheel keeps to its own. The flags are restored,
since a Python that hosts QGIS crashes when they stay on.
"""

import importlib
import os
import sys

# Those of rasterio are modules of their own, which `import rasterio` need not load.
LIBRARIES = (
    "shapely", "pyproj", "pyogrio", "rasterio", "rasterio.warp", "rasterio.vrt", "rasterio.features", "fiona",
)  # fmt: skip


def _isolate() -> tuple:
    """Import the libraries with deep binding and return the names of those that are there."""
    found = []
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)
    try:
        for name in LIBRARIES:
            try:
                importlib.import_module(name)
            except ImportError:
                continue
            found.append(name)
    finally:
        sys.setdlopenflags(flags)
    return tuple(found)


ISOLATED = _isolate()
