"""A layer of a layer set, read into what the engine lays over sites.

What reads files is imported when the first one is read: prepared layers need none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .features import LayerData
from .progress import Progress
from .sources import LayerSet, LayerSource

if TYPE_CHECKING:
    import pandas as pd

    from .coordinates import Bounds

__all__ = ["LayerData", "read_access_list", "read_layer"]


def read_layer(source: LayerSource, bbox: Bounds | None = None, progress: Progress | None = None) -> LayerData:
    """Return the features of a source.

    Parameters
    ----------
    source : LayerSource
        From a layer set; its `frame`, where there is one, stands for the file.
    bbox : tuple of float, optional
        West, south, east, north in EPSG:4490. Every feature that touches it is returned, and some
        near it may be. Ids, checks of being empty and of fields do not depend on it.
    progress : Progress, optional
        Steps, and the question whether to stop.

    Raises
    ------
    SourceError
        The file cannot be read, has no CRS or one that cannot be used, holds no feature, another
        kind of geometry, coordinates that are not numbers, no column for a required field, or a
        spelling that has no meaning.
    """
    from .layer_reading import read

    return read(source, bbox, progress or Progress())


def read_access_list(layer_set: LayerSet, units: pd.DataFrame) -> pd.DataFrame:
    """Return the access list of a layer set; parameters and errors as `access_list.read_access_list`."""
    from . import access_list

    return access_list.read_access_list(layer_set, units)
