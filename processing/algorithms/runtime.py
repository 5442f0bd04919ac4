"""Whether the geometry library that the core uses works inside this process."""

from __future__ import annotations

import sys
from pathlib import Path

from qgis.core import Qgis

from ...layers.errors import MissingLibraryError
from ...layers.texts import Text

REMEDY = Text(
    "请用 make process 运行，或把仓库 .ci/guard 文件夹置于 PYTHONPATH 首位后重新启动 QGIS；"
    "也可改用系统自带的 shapely（与 QGIS 使用同一 GEOS）。",
    "Run it by `make process`, or put the folder .ci/guard of the repository first on PYTHONPATH and start QGIS again; "
    "or use the system's own shapely, which shares the GEOS of QGIS.",
)


def probe() -> None:
    """Refuse to go on where shapely is missing or would write broken geometry.

    Wheels inside the executable of QGIS have their GEOS taken over by that of QGIS, unless the guard has bound them
    deeply before. A Python that hosts QGIS, and systems that bind per library (Windows, macOS), do not have the trap.

    Raises
    ------
    MissingLibraryError
        Naming both versions and the remedy.
    """
    try:
        import shapely
    except ImportError as error:
        raise MissingLibraryError(
            Text("缺少 Python 包 shapely（2.0 及以上）", "The Python package shapely (2.0 or later) is missing"),
            Text(str(error), str(error)),
            Text(
                "Windows：重新安装 QGIS（自带）；Debian：python3-shapely；其他系统：装入 QGIS 所用的 Python。",
                "Windows: reinstall QGIS, which brings it; Debian: python3-shapely; else add it to QGIS's Python.",
            ),
        ) from error
    own, qgis = shapely.geos_version, _qgis_geos()
    mixed = own != qgis and _inside_executable() and not _guarded()
    if mixed or not _round_trip():
        versions = f"shapely: GEOS {'.'.join(map(str, own))}, QGIS: GEOS {'.'.join(map(str, qgis))}"
        raise MissingLibraryError(
            Text("几何库冲突，未继续运行", "The geometry libraries collide; nothing was run"),
            Text(versions, versions),
            REMEDY,
        )


def _qgis_geos() -> tuple[int, int, int]:
    number = Qgis.geosVersionInt()
    return number // 10000, number // 100 % 100, number % 100


def _inside_executable() -> bool:
    """Return whether this is a process in which symbols of the executable come before those of a wheel."""
    host = Path("/proc/self/exe")
    return sys.platform.startswith("linux") and host.exists() and not host.resolve().name.startswith("python")


def _guarded() -> bool:
    return "shapely" in getattr(sys.modules.get("sitecustomize"), "ISOLATED", ())


def _round_trip() -> bool:
    """Return whether a polygon survives being written and read as WKB."""
    import shapely

    square = shapely.box(106.25, 28.5, 106.5, 28.75)
    try:
        return bool(shapely.from_wkb(shapely.to_wkb(square)).equals(square))
    except shapely.errors.ShapelyError:
        return False
