"""What changes when a source changes: size, time and place of every file that belongs to it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ....layers.sources import LayerSource

if TYPE_CHECKING:
    import geopandas as gpd

Stamp = tuple[tuple[str, int, int, int, int], ...]

ALONE = (".gpkg", ".sqlite", ".db")  # one file, with a journal beside it at most
JOURNALS = ("-wal", "-journal")  # not -shm, which readers write
_VIRTUAL = re.compile(r"^/vsi[a-z0-9_]+/")


def stamp_of(source: LayerSource) -> Stamp | None:
    """Return the stamp of a source, None where nothing on disk tells whether it changed."""
    return stamp_of_path(source.source) if source.frame is None else _of_frame(source.frame)


def stamp_of_path(source: str) -> Stamp | None:
    """Return the stamp of a file with its companions, of a folder, or of the archive that holds a virtual path.

    A companion is a journal that is not empty (SQLite) or a file of the same name but
    for its last part (shapefiles).
    """
    path = _on_disk(source)
    if path is None:
        return None
    return tuple(sorted(_stat(entry) for entry in _files(path)))


def stamp_of_folder(folder: Path, suffix: str) -> Stamp:
    """Return the stamp of the files in a folder that end so."""
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        return tuple(sorted(_stat(Path(entry.path)) for entry in entries if entry.name.endswith(suffix)))


def _on_disk(source: str) -> Path | None:
    inner = source
    while _VIRTUAL.match(inner):
        inner = _VIRTUAL.sub("", inner).strip("{")
    path = Path(inner.replace("}", ""))
    if inner == source:
        return path
    return next((place for place in (path, *path.parents) if place.is_file()), None)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
        return
    if path.suffix.lower() in ALONE:
        yield path
        for ending in JOURNALS:
            journal = path.with_name(path.name + ending)
            if journal.exists() and journal.stat().st_size:
                yield journal
        return
    stem = f"{path.stem}."
    if path.parent.is_dir():
        with os.scandir(path.parent) as entries:
            yield from (Path(entry.path) for entry in entries if entry.name.startswith(stem) and entry.is_file())


def _stat(path: Path) -> tuple[str, int, int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), -1, 0, 0, 0
    return str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _of_frame(frame: gpd.GeoDataFrame) -> Stamp:
    """Return a stamp over shapes and values: a frame in memory may be changed in place."""
    import pandas as pd

    shapes = b"".join(w or b"" for w in shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object)))
    columns = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(str)
    values = pd.util.hash_pandas_object(columns, index=True).to_numpy().tobytes()
    names = "\x1f".join(map(str, frame.columns)).encode()
    digest = hashlib.sha256(shapes + values + names + str(frame.crs).encode()).hexdigest()
    return ((digest, len(frame), 0, 0, 0),)
