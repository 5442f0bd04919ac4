"""One source in memory as a whole, made ready where sites have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from ....layers.features import LayerData
from ....layers.progress import Progress
from ....layers.reading import read_layer
from ....layers.sources import LayerSource
from .layer import PreparedLayer, prepare
from .reach import Box, Reach
from .whereabouts import Sought

if TYPE_CHECKING:
    import pandas as pd

WHOLE_VERTICES = 300_000  # a layer up to this size is made ready at once, in some tenths of a second
MARGIN_DEG = 0.3
MOST_WINDOWS = 4


class Windows:
    """The features of a source, and the parts of it that are ready.

    A small layer is made ready as a whole. Of a large one it is a window about the sites,
    with a margin, so that a site can be moved; beyond it a further window is made, and the
    one that was longest out of use is given up. Facts and outcomes do not depend on the window.

    Parameters
    ----------
    data : LayerData
        All features.
    """

    def __init__(self, data: LayerData) -> None:
        self.data = data
        self._ready: list[tuple[Box | None, PreparedLayer]] = []

    @classmethod
    def read(cls, source: LayerSource, progress: Progress) -> Windows:
        """Read a source.

        Raises
        ------
        SourceError
            As `read_layer`.
        """
        return cls(read_layer(source, None, progress))

    @classmethod
    def of_whole(cls, layer: PreparedLayer) -> Windows:
        """Return the windows of a layer that is ready as a whole."""
        made = cls(layer.data)
        made._ready.append((None, layer))
        return made

    @property
    def attributes(self) -> pd.DataFrame:
        """The fields of all features."""
        return self.data.features.table()

    def ready(self, box: Box) -> PreparedLayer:
        """Return the layer made ready at least within a box."""
        for at, (window, layer) in enumerate(self._ready):
            if window is None or holds(window, box):
                self._ready.insert(0, self._ready.pop(at))
                return layer
        window = self._window(box)
        layer = prepare(self.data, window)
        self._ready = [(window, layer), *([] if window is None else self._ready[: MOST_WINDOWS - 1])]
        return layer

    def once(self, box: Box, sought: Sought | None = None) -> PreparedLayer:
        """Return the layer made ready within a box for sites that will not move: no margin, nothing is kept."""
        held = (layer for window, layer in self._ready if window is None or holds(window, box))
        return next(held, None) or prepare(self.data, box, sought)

    def _window(self, box: Box) -> Box | None:
        """Return the box to make ready, None for the whole layer."""
        vertices = shapely.get_num_coordinates(self.data.features.geometry)
        if vertices.sum() <= WHOLE_VERTICES:
            return None
        wide = widened(box)
        return wide if 2 * vertices[Reach.of(self.data).rows(wide)].sum() <= vertices.sum() else None


def widened(box: Box) -> Box:
    """Return a box with a margin about it."""
    west, south, east, north = box
    return west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG


def holds(window: Box, box: Box) -> bool:
    """Return whether a box lies in a window."""
    return window[0] <= box[0] and window[1] <= box[1] and window[2] >= box[2] and window[3] >= box[3]
