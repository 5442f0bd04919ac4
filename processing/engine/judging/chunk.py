"""A chunk of sites with everything that its rules are judged from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ..facts.layer_facts import LayerFacts, layer_facts
from ..facts.site_arrays import SiteArrays, site_arrays
from ..facts.united import united
from .basis import Basis
from .predicates import Attributes
from .scope import Places

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

KINDS = np.array(["point", "line", "polygon"])


@dataclass(frozen=True)
class Chunk:
    """Sites, their facts on every layer, their attributes and where they lie."""

    basis: Basis
    frame: gpd.GeoDataFrame
    ids: NDArray[np.object_]
    sites: SiteArrays
    layers: tuple[LayerFacts, ...]
    attributes: Attributes
    places: Places

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, role_id: str) -> list[int]:
        """Return the positions of the layers of a role."""
        return self._positions.get(role_id, [])

    def united(self, role_id: str) -> tuple[Indices, Floats, Floats, Floats]:
        """Return `united.united` of the layers of a role, worked out once."""
        if role_id not in self._united:
            self._united[role_id] = united([self.layers[i] for i in self.positions(role_id)])
        return self._united[role_id]

    @cached_property
    def _united(self) -> dict[str, tuple[Indices, Floats, Floats, Floats]]:
        return {}

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = {}
        for i, layer in enumerate(self.layers):
            positions.setdefault(layer.layer.data.role.id, []).append(i)
        return positions


def make_chunk(frame: gpd.GeoDataFrame, basis: Basis) -> Chunk:
    """Make the spatial pass of every layer over some sites.

    Parameters
    ----------
    frame : GeoDataFrame
        Sites as `layers.sites.normalise` gives them.
    """
    sites = site_arrays(frame)
    layers = tuple(layer_facts(sites, layer, basis.asked_m(layer.data.role.id)) for layer in basis.layers)
    drawn = shapely.get_dimensions(np.asarray(frame.geometry.array, dtype=object))

    def of(role_id: str) -> list[LayerFacts]:
        return [layer for layer in layers if layer.layer.data.role.id == role_id]

    return Chunk(
        basis,
        frame,
        frame["site_id"].to_numpy(dtype=object),
        sites,
        layers,
        Attributes(frame, KINDS[drawn]),
        Places(of("district"), of("basin"), len(frame)),
    )
