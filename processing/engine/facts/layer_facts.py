"""The facts of one layer for one chunk of sites, with what rules ask of them beyond the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ..prepared.layer import PreparedLayer
from ..prepared.water import BANK_LINE
from ..truth import Truth
from ..words import Relation
from . import banks
from .apart import features_apart
from .depth import point_depths
from .facts import Facts, find_facts
from .inscribed import polygon_depths
from .overlap import CODE, Overlaps
from .site_arrays import POINT, POLYGON, SiteArrays

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAST_OVERLAP_M2 = 1.0
LEAST_OVERLAP_M = 1.0


@dataclass
class LayerFacts:
    """Facts of one layer and what follows from its accuracy and authority.

    Attributes
    ----------
    band_m : ndarray, shape (n_sites,)
        Accuracy of layer and site together; a statutory layer has none of its own.
    """

    layer: PreparedLayer
    sites: SiteArrays
    facts: Facts
    met: Overlaps | None
    band_m: Floats
    _depth: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._depth = np.full(len(self.facts), np.nan)

    @property
    def known_depths(self) -> Floats:
        """Depth per fact where it was asked for, else NaN."""
        return self._depth

    @property
    def indicative(self) -> NDArray[np.bool_]:
        """Which features can only hint."""
        return self.layer.traits.indicative

    @property
    def miss_m(self) -> Floats:
        """See `Traits`."""
        return self.layer.traits.miss_m

    @property
    def water_m(self) -> Floats:
        """See `Traits`."""
        return self.layer.traits.water_m

    @property
    def only_hints(self) -> bool:
        """Whether all features of the layer, near or not, can only hint."""
        return self.layer.data.source.authority == "indicative" or self.layer.whole.centre_lines

    @cached_property
    def slight(self) -> NDArray[np.bool_]:
        """Which facts are overlaps too small to be more than two borders drawn twice."""
        facts, dimension = self.facts, self.sites.dimension[self.facts.site]
        small = np.where(dimension == POLYGON, facts.overlap_m2 < LEAST_OVERLAP_M2, facts.length_m < LEAST_OVERLAP_M)
        return np.asarray(small & facts.met & (facts.relation != CODE[Relation.INSIDE]) & (dimension != POINT))

    @cached_property
    def apart(self) -> NDArray[np.bool_]:
        """At which sites that meet several features these surely do not overlap one another."""
        return (
            np.zeros(len(self.sites), dtype=bool)
            if self.met is None
            else features_apart(self.met, self.sites, self.layer)
        )

    def depths(self, rows: Indices) -> Floats:
        """Return the depth of the overlaps at those fact rows, m, NaN where lines cross; computed once, when asked."""
        todo = np.unique(rows[np.isnan(self._depth[rows]) & (self.facts.overlap[rows] >= 0)])
        if len(todo) and self.met is not None:
            shape = self.met.geometry(self.facts.overlap[todo], self.sites)
            areal = self.sites.dimension[self.facts.site[todo]] == POLYGON
            inside = areal & (self.facts.relation[todo] == CODE[Relation.INSIDE])
            self._depth[todo[inside]] = self.sites.depths(self.facts.site[todo[inside]])
            self._depth[todo[areal & ~inside]] = polygon_depths(shape[areal & ~inside])
            self._depth[todo[~areal]] = point_depths(shape[~areal], self.facts.feature[todo[~areal]], self.layer)
        return self._depth[rows]

    def truth(self, wanted: Mapping[str, tuple[str, ...]]) -> Truth:
        """Return per feature whether it is of the kind a rule speaks of; unknown where its field is not filled."""
        return self.layer.traits.of_kind(wanted)


def layer_facts(sites: SiteArrays, layer: PreparedLayer, asked_m: float) -> LayerFacts:
    """Make the one spatial pass over a layer.

    Parameters
    ----------
    asked_m : float
        The greatest distance that a rule, or the role, asks of the layer; the band is added.
    """
    source, traits = layer.data.source, layer.traits
    own = 0.0 if source.authority == "statutory" else source.accuracy_m
    band = own + sites.accuracy_m
    more = float(band.max(initial=0.0)) + float(traits.wide_m.max(initial=0.0))
    layer = layer.ready_for(shapely.bounds(sites.geometry).reshape(-1, 4), asked_m + more)
    facts, met = find_facts(sites, layer, asked_m, more)
    # Each by its own reach: neither other sites of the chunk nor other features made ready add to the facts of a site.
    facts = facts.take(facts.distance_m <= asked_m + band[facts.site] + traits.wide_m[facts.feature])
    if len(facts) and layer.data.role.id == BANK_LINE:
        facts = banks.from_centre_line(facts, traits.half_width_m)
    return LayerFacts(layer, sites, facts, met, band)
