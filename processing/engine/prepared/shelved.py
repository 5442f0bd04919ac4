"""One prepared layer in a file: written whole, made ready again only near the sites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ....layers.features import Features, LayerData
from ....layers.geodesy.boxes import boxes
from ....layers.role import role
from ....layers.sources import LayerSource
from ....layers.texts import Text
from .array_file import DamagedError, PreparedFile, Rows, write
from .layer import PreparedLayer
from .reach import Box, Reach
from .whereabouts import Sought
from .whole import Whole
from .windows import Windows, holds, widened

if TYPE_CHECKING:
    import pandas as pd

Objects = NDArray[np.object_]
Indices = NDArray[np.int64]

BLOCK = 1_000  # features
MOST_FEATURES = 500  # a layer with no more features is made ready as a whole


def put(path: Path, layer: PreparedLayer) -> None:
    """Write a layer that was made ready as a whole.

    Raises
    ------
    OSError
    """
    data, columns = layer.data, layer.data.features.columns
    texts = [name for name, values in columns.items() if values.dtype != np.float64]
    own = np.array([shape is one for shape, one in zip(layer.surface, layer.geometry, strict=True)], dtype=bool)
    water = layer.surface.copy()
    water[own] = None
    order = np.argsort(layer.piece_feature, kind="stable")
    reach = Reach.of(data)
    about = {
        "columns": list(columns),
        "texts": texts,
        "guessed": data.guessed,
        "repairs": [list(row) for row in data.repaired],
        "notes": [[note.zh, note.en] for note in data.notes],
        "n_features": layer.whole.n_features,
        "schemes": sorted(layer.whole.schemes),
        "centre_lines": layer.whole.centre_lines,
    }
    arrays: dict[str, Any] = {
        "digests": data.digests,
        "bounds": reach.bounds,
        "together": reach.together,
        "own_surface": own.astype("|u1"),
        "geometry": Rows(shapely.to_wkb(layer.geometry).tolist()),
        "water": Rows(shapely.to_wkb(water).tolist()),
        "pieces": Rows(_pieces(layer.pieces[order], layer.piece_feature[order], len(data))),
    }
    for name, values in columns.items():
        arrays[f"field.{name}"] = (
            Rows([None if value is None else str(value).encode() for value in values.tolist()])
            if name in texts
            else values.astype("<f8")
        )
    write(path, about, arrays)


def _pieces(pieces: Objects, feature: Indices, n_features: int) -> list[bytes | None]:
    """Return the pieces of each feature as one collection, None where it has none."""
    collected = np.full(n_features, None, dtype=object)
    if len(pieces):
        shapely.multipolygons(pieces, indices=feature, out=collected)
    wkb: list[bytes | None] = shapely.to_wkb(collected).tolist()
    return wkb


class ShelvedLayer:
    """A prepared layer in a file.

    Parameters
    ----------
    source : LayerSource
        What it was made of.
    path : Path
    again : callable
        Makes the file anew from the source, where it turns out to be damaged.

    Raises
    ------
    DamagedError, OSError
        The file is damaged, of another version, or not there.
    """

    def __init__(self, source: LayerSource, path: Path, again: Callable[[], Windows]) -> None:
        self._source, self._again = source, again
        self._file = PreparedFile(path)
        self._replaced: Windows | None = None
        self._reach = Reach(self._file.array("bounds"), self._file.array("together"))
        self._held: tuple[Box | None, PreparedLayer] | None = None
        about = self._file.about
        self._whole = Whole(int(about["n_features"]), frozenset(about["schemes"]), bool(about["centre_lines"]))

    @property
    def attributes(self) -> pd.DataFrame:
        """The fields of all features."""
        if self._replaced is None:
            try:
                return Features(np.empty(0, dtype=object), self._fields(np.arange(self._whole.n_features))).table()
            except DamagedError:
                self._replaced = self._again()
        return self._replaced.attributes

    def ready(self, box: Box) -> PreparedLayer:
        """Return the layer made ready at least within a box."""
        if self._replaced is None:
            try:
                return self._ready(box)
            except DamagedError:
                self._replaced = self._again()
        return self._replaced.ready(box)

    def once(self, box: Box, sought: Sought | None = None) -> PreparedLayer:
        """Return the layer made ready within a box for sites that will not move: no margin, nothing is kept."""
        if self._replaced is None:
            try:
                return self._made(self._reach.rows(box), sought)
            except DamagedError:
                self._replaced = self._again()
        return self._replaced.once(box, sought)

    def _ready(self, box: Box) -> PreparedLayer:
        if self._held is None or not (self._held[0] is None or holds(self._held[0], box)):
            n = self._whole.n_features
            window = None if n <= MOST_FEATURES else widened(box)
            rows = np.arange(n) if window is None else self._reach.rows(window)
            window = None if 2 * len(rows) > n else window
            self._held = window, self._made(np.arange(n) if window is None else rows)
        return self._held[1]

    def _made(self, rows: Indices, sought: Sought | None = None) -> PreparedLayer:
        about = self._file.about
        geometry = self._shapes("geometry", rows)
        surface = self._shapes("water", rows)
        own = self._file.array("own_surface")[rows] == 1
        surface[own] = geometry[own]
        pieces, feature = self._pieces(rows, surface, sought)
        data = LayerData(
            self._source,
            role(self._source.role),
            Features(geometry, self._fields(rows)),
            np.array(self._file.array("digests")[rows]),
            dict(about["guessed"]),
            tuple((fid, en, zh, before, after) for fid, en, zh, before, after in about["repairs"]),
            tuple(Text(zh, en) for zh, en in about["notes"]),
        )
        return PreparedLayer(data, self._whole, surface, pieces, feature, sought)

    def _pieces(self, rows: Indices, surface: Objects, sought: Sought | None) -> tuple[Objects, Indices]:
        """Return the pieces of features, and the place of each one's feature among them."""
        some = np.arange(len(rows)) if sought is None else np.flatnonzero(sought.where.near(boxes(surface)))
        pieces, feature = shapely.get_parts(self._shapes("pieces", rows[some]), return_index=True)
        wanted = np.full(len(pieces), True) if sought is None else sought.where.near(boxes(pieces))
        return pieces[wanted], some[feature[wanted]]

    def _shapes(self, name: str, rows: Indices) -> Objects:
        out = np.full(len(rows), None, dtype=object)
        for start in range(0, len(rows), BLOCK):  # the bytes of all would take as much memory again as the shapes
            part = self._file.rows(name, rows[start : start + BLOCK])
            out[start : start + BLOCK] = shapely.from_wkb(np.array(part, dtype=object))
        return out

    def _fields(self, rows: Indices) -> dict[str, NDArray[Any]]:
        texts = set(self._file.about["texts"])
        return {name: self._field(name, name in texts, rows) for name in self._file.about["columns"]}

    def _field(self, name: str, is_text: bool, rows: Indices) -> NDArray[Any]:
        if not is_text:
            return np.array(self._file.array(f"field.{name}")[rows])
        values = self._file.rows(f"field.{name}", rows)
        return np.array([None if value is None else value.decode() for value in values], dtype=object)
