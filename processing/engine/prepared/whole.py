"""What is told of all features of a source, and of those that a run rests on."""

from __future__ import annotations

from dataclasses import dataclass

from ....layers.features import LayerData
from .water import BANK_LINE, is_centre_line


@dataclass(frozen=True)
class Whole:
    """What is told of all features of a source, whichever of them are made ready.

    Attributes
    ----------
    n_features : int
    schemes : frozenset of str
        The zone schemes that its features name.
    centre_lines : bool
        Whether all of them are centre lines of rivers.
    """

    n_features: int
    schemes: frozenset[str]
    centre_lines: bool

    @classmethod
    def of(cls, data: LayerData) -> Whole:
        """Return what all features of a source tell."""
        features = data.features
        named = features.filled("scheme")
        schemes = frozenset(features.columns["scheme"][named].tolist()) if named.any() else frozenset()
        return cls(len(features), schemes, data.role.id == BANK_LINE and bool(is_centre_line(features).all()))


@dataclass(frozen=True)
class Used:
    """The features of a layer that a run rests on: how many, and the hash over their digests."""

    n_features: int
    digest: str
