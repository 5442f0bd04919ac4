"""The library that rasters need, imported where it is used."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import MissingLibraryError
from .texts import Text


def rasterio() -> Any:
    """Return rasterio with the submodules used here.

    Raises
    ------
    MissingLibraryError
        It is absent or broken; the error says how to get it.
    """
    try:
        module = importlib.import_module("rasterio")
        for part in ("windows", "warp", "vrt", "features", "enums"):
            importlib.import_module(f"rasterio.{part}")
    except ImportError as error:
        raise MissingLibraryError(
            Text(
                "缺少 Python 包 rasterio，无法读取高程和影像；其他功能不受影响",
                "The Python package rasterio is missing: elevation and images cannot be read; all else works",
            ),
            Text(str(error), str(error)),
            Text(
                "Windows：在 OSGeo4W Shell 中运行 python -m pip install rasterio；"
                "Debian：apt install python3-rasterio；"
                "其他系统：用 QGIS 所用的 Python 运行 pip install rasterio。然后重新启动 QGIS。",
                "Windows: run python -m pip install rasterio in the OSGeo4W shell; Debian: apt install "
                "python3-rasterio; elsewhere: pip install rasterio with QGIS's Python. Then start QGIS again.",
            ),
        ) from error
    return module
