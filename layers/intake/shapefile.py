"""Shapefiles that lost a companion or are damaged; sound ones are read by `ogr`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .. import children
from ..encoding import codec as codec_of
from ..encoding import detect, said_by
from ..errors import MissingLibraryError, SitesError
from ..progress import Progress
from ..texts import Text
from .isolated import Found, read_apart
from .shapes import LEFT_OUT, Shapes, notice, objects, wrong

_HEADER = 100
_CODE = 9994
_REMEDY = Text(
    "请向提供方索取完整的 .shp、.shx、.dbf、.prj 文件，或另存为 GeoPackage。",
    "Ask for the whole .shp, .shx, .dbf and .prj, or have it saved as GeoPackage.",
)


def companion(path: Path, suffix: str) -> Path | None:
    """Return the file beside a shapefile with another ending, in small or capital letters."""
    return next((f for s in (suffix, suffix.upper()) if (f := path.with_suffix(s)).is_file()), None)


def trouble(path: Path) -> str:
    """Return what is wrong with the bookkeeping of a shapefile, empty where it is sound.

    Every record of the .shx must lie inside the .shp, and the .dbf must hold as many rows.
    """
    size = path.stat().st_size
    shx, dbf = companion(path, ".shx"), companion(path, ".dbf")
    if shx is None:
        return ".shx"
    head = np.fromfile(path, dtype=">i4", count=_HEADER // 4)
    index = np.fromfile(shx, dtype=">i4")
    if len(head) < _HEADER // 4 or head[0] != _CODE or len(index) < _HEADER // 4 or index[0] != _CODE:
        return ".shp"
    offset, words = index[_HEADER // 4 :: 2].astype(np.int64), index[_HEADER // 4 + 1 :: 2].astype(np.int64)
    if len(offset) != len(words) or (offset * 2 + 8 + words * 2 > size).any() or (offset * 2 < _HEADER).any():
        return ".shx"
    if int(head[6]) * 2 != size or (words < 2).any():
        return ".shp"
    return "" if dbf is not None and _holds_rows(dbf, len(offset)) else ".dbf"


def _holds_rows(dbf: Path, count: int) -> bool:
    with dbf.open("rb") as stream:
        said = stream.read(32)
    if len(said) < 32:
        return False
    rows, start, width = (int.from_bytes(said[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    return rows == count and dbf.stat().st_size >= start + rows * width


def read_damaged(path: Path, where: str, encoding: str | None, progress: Progress = Progress()) -> Shapes:
    """Return what can be read of a shapefile whose parts do not fit together, feature by feature in a child.

    Raises
    ------
    MissingLibraryError
        fiona is not there.
    SitesError
        Nothing can be read.
    """
    import importlib.util

    if importlib.util.find_spec("fiona") is None:
        raise MissingLibraryError(
            Text(
                f"{where}：文件有缺损，逐个读取要素需要 Python 包 fiona",
                f"{where}: the file is damaged; reading it feature by feature needs the Python package fiona",
            ),
            remedy=_REMEDY,
        )
    with children.workplace() as folder:
        for suffix in (".shp", ".shx", ".dbf"):  # the index is rebuilt on a copy
            part = companion(path, suffix)
            if part is not None:
                shutil.copyfile(part, folder / f"copy{suffix}")
        part_wrong = trouble(path)
        if part_wrong == ".shx":
            (folder / "copy.shx").unlink(missing_ok=True)
        options = {"part": part_wrong}
        found = read_apart("shapefile:piecemeal", folder / "copy.shp", where, options, progress)
    noticed = list(found.noticed)
    if not len(found.geometry):
        first = Text(noticed[0].zh, noticed[0].en) if noticed else Text("没有要素", "there is no feature")
        raise wrong(where, Text("没有一个要素可读", "no feature can be read"), _REMEDY, first)
    columns, said = _decoded(found, path, where, encoding)
    text = Text("文件有缺损，已逐个读取要素", "the file is damaged and was read feature by feature")
    noticed.insert(0, notice(0, "damaged", text, trouble(path), ""))
    if said:
        noticed.insert(
            1, notice(0, "encoding", Text("未注明编码，经试读确定", "no encoding is named; found by trial"), said, "")
        )
    prj = companion(path, ".prj")
    crs = prj.read_text(encoding="utf-8", errors="replace").strip() if prj is not None else None
    return Shapes(where, found.geometry, columns, crs or None, noticed=tuple(noticed))


def _decoded(found: Found, path: Path, where: str, encoding: str | None) -> tuple[dict[str, NDArray[np.generic]], str]:
    """Return columns with their texts decoded, and the encoding where it was found by trying."""
    texts = [v for values in found.columns.values() for v in values if isinstance(v, str)] + list(found.columns)
    named = codec_of(encoding) if encoding else said_by(path)
    odd = any(not text.isascii() for text in texts)
    name = named or (detect(texts, where, SitesError) if odd else "utf-8")

    def read(value: Any) -> Any:
        return value.encode("iso-8859-1").decode(name, "replace") if isinstance(value, str) else value

    columns: dict[str, NDArray[np.generic]] = {
        read(key): objects([read(value) for value in values]) for key, values in found.columns.items()
    }
    return columns, "" if named or not odd else name


def piecemeal(path: Path, options: dict[str, Any]) -> Found:
    """Return the features that can be read, one by one; runs in the child."""
    import fiona
    from shapely.geometry import shape

    shapes, rows, noticed = [], [], []
    try:
        with fiona.Env(SHAPE_RESTORE_SHX="YES"), fiona.open(path, encoding="iso-8859-1") as source:
            for number in range(len(source)):
                try:
                    feature = source[number]
                    geometry = None if feature.geometry is None else shapely.force_2d(shape(feature.geometry))
                except Exception as error:  # whatever one record throws, the next may be sound
                    text = Text(
                        f"第 {number + 1} 个要素无法读取，未导入", f"feature {number + 1} cannot be read, left out"
                    )
                    noticed.append(notice(0, LEFT_OUT, text, str(error)[:120]))
                    continue
                shapes.append(geometry)
                rows.append({str(key): value for key, value in feature.properties.items()})
    except (OSError, ValueError, RuntimeError, fiona.errors.FionaError) as error:
        raise wrong(
            options["where"],
            Text(f"{options['part']} 已损坏，无法打开", f"its {options['part']} is damaged: it cannot be opened"),
            _REMEDY,
        ) from error
    names = dict.fromkeys(name for row in rows for name in row)
    return Found(objects(shapes), {name: [row.get(name) for row in rows] for name in names}, None, noticed)
