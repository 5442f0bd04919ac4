"""Features of a layer as arrays; a frame is made of them only where one is asked for.

Importing pandas and geopandas takes longer than finding the facts of a site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .role import Role
from .sources import LayerSource
from .texts import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

REPAIR_COLUMNS = ("fid", "problem", "problem_zh", "area_before_m2", "area_after_m2")
Repair = tuple[str, str, str, float, float]


@dataclass(frozen=True, eq=False)
class Features:
    """Geometries and columns of n features.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        Valid, 2-D, not empty, EPSG:4490 with x = longitude.
    columns : mapping of str to ndarray
        Texts or None as objects, numbers as float.
    """

    geometry: NDArray[np.object_]
    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.geometry)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Features:
        """Return the features at those rows."""
        return Features(self.geometry[rows], {name: values[rows] for name, values in self.columns.items()})

    def with_columns(self, **columns: NDArray[Any]) -> Features:
        """Return the same features with columns added or replaced."""
        return Features(self.geometry, {**self.columns, **columns})

    def filled(self, name: str) -> NDArray[np.bool_]:
        """Return which features have a value in a column; none where there is no such column."""
        if name not in self.columns:
            return np.zeros(len(self), dtype=bool)
        return filled(self.columns[name])

    def keys(self, names: tuple[str, ...]) -> list[tuple[object, ...]]:
        """Return the values of those columns that are there, one tuple a feature, None where a value is missing."""
        columns = []
        for name in names:
            if name in self.columns:
                values = self.columns[name].astype(object)
                values[~self.filled(name)] = None
                columns.append(values.tolist())
        return list(zip(*columns, strict=True)) if columns else [()] * len(self)

    def table(self) -> pd.DataFrame:
        """Return the columns as a frame without geometry."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns))

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """The features as a frame with a RangeIndex."""
        import geopandas as gpd

        from .coordinates import TARGET

        return gpd.GeoDataFrame(dict(self.columns), geometry=self.geometry, crs=TARGET)


def filled(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which values are neither None nor NaN."""
    if values.dtype.kind == "f":
        return np.asarray(~np.isnan(values))
    return np.array(
        [value is not None and not (isinstance(value, float) and isnan(value)) for value in values.tolist()], bool
    )


@dataclass(frozen=True, eq=False)
class LayerData:
    """Features of one source, ready to be judged against.

    Attributes
    ----------
    source : LayerSource
        What was asked for.
    role : Role
        The role it plays.
    features : Features
        Columns ``fid``, ``feature_id`` and every field of the role.
    digests : ndarray of uint8, shape (n, 32)
        Per feature: SHA-256 of the WKB as read and the used fields in role order.
    guessed : dict of str to str
        Role field to column where it was found by alias; ``layer`` where the layer was.
    repaired : tuple
        What was changed or dropped, as rows of `REPAIR_COLUMNS`.
    notes : tuple of Text
        What a person should know about the data.
    """

    source: LayerSource
    role: Role
    features: Features
    digests: NDArray[np.uint8]
    guessed: dict[str, str]
    repaired: tuple[Repair, ...]
    notes: tuple[Text, ...] = ()

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: NDArray[np.int64]) -> LayerData:
        """Return the features at those rows."""
        return replace(self, features=self.features.take(rows), digests=self.digests[rows])

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The features as a frame; made when it is first asked for."""
        return self.features.frame

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """What was changed or dropped, as a frame with `REPAIR_COLUMNS`."""
        import pandas as pd

        made = pd.DataFrame(list(self.repaired), columns=list(REPAIR_COLUMNS))
        return made.astype(dict.fromkeys(REPAIR_COLUMNS[3:], np.float64))
