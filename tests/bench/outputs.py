"""What every tool gives, in one form, and how two of them are compared."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Excuse:
    """What a tool's way of measuring excuses: of distances metres and a share, of overlaps a share of the site."""

    metres: float
    ratio: float
    share: float = 1e-6
    note: str = ""


@dataclass
class Outputs:
    """Facts as arrays.

    Attributes
    ----------
    layer, site, feature : ndarray of int64
        Of each hit: place in `places.POLYGON_ROLES`, row of the site, row of the feature (-1: the whole layer).
    area_m2, length_m, share : ndarray of float64
    near_class, near_site : ndarray of int64
        Of each nearest bank: place in `places.RIVER_CLASSES`, row of the site.
    distance_m : ndarray of float64
    """

    layer: np.ndarray
    site: np.ndarray
    feature: np.ndarray
    area_m2: np.ndarray
    length_m: np.ndarray
    share: np.ndarray
    near_class: np.ndarray
    near_site: np.ndarray
    distance_m: np.ndarray

    def write(self, path: Path) -> None:
        """Write as NumPy archive."""
        np.savez(path, **vars(self))

    @classmethod
    def read(cls, path: Path) -> Outputs:
        """Read what `write` wrote."""
        with np.load(path) as archive:
            return cls(*(archive[field.name] for field in fields(cls)))


@dataclass(frozen=True)
class Comparison:
    """How far one tool's outputs are from another's.

    Attributes
    ----------
    hits, hits_ours : int
        What was compared: pairs of site and feature, or of site and layer where a tool tells no features.
    whole_layers : bool
        Whether the tool tells only the total of each layer: then ours are summed before they are compared, and
        features whose errors cancel out are not noticed.
    missing, extra : int
        Hits that only the other, or only this one, has.
    share : float
        Greatest difference of an overlap, as a share of the site.
    near_missing, near_extra : int
        Distances that only one has, beyond what its method excuses at the rim of the reach.
    distance_m : float
        Greatest difference of a distance.
    excess_m : float
        By how much a distance is further off than its method excuses; 0 if none is.
    """

    hits: int
    hits_ours: int
    whole_layers: bool
    distances: int
    missing: int
    extra: int
    share: float
    near_missing: int
    near_extra: int
    distance_m: float
    excess_m: float
    excused: Excuse

    @property
    def equal(self) -> bool:
        """Whether the outputs are the same for what the tool can."""
        counts = self.missing + self.extra + self.near_missing + self.near_extra
        return counts == 0 and self.share <= self.excused.share and self.excess_m <= 0


def compare(this: Outputs, other: Outputs, excuse: Excuse, reach_m: float) -> Comparison:
    """Compare a tool's outputs with ours.

    Parameters
    ----------
    this, other : Outputs
        The tool's and ours.
    excuse : Excuse
        What its way of measuring excuses.
    reach_m : float
        Up to where banks were looked for.
    """
    whole_layers = bool(len(this.feature)) and bool((this.feature < 0).all())
    ours, theirs = _hits(other, whole_layers), _hits(this, whole_layers)
    common = ours.keys() & theirs.keys()
    share = max((abs(ours[k] - theirs[k]) for k in common), default=0.0)
    near, nearby = _distances(other), _distances(this)
    both = near.keys() & nearby.keys()
    gaps = np.array([abs(near[k] - nearby[k]) for k in both])
    excused = np.array([excuse.metres + excuse.ratio * near[k] for k in both])

    def beyond_rim(found: dict[tuple[int, int], float], keys: set[tuple[int, int]]) -> int:
        return sum(found[k] < reach_m - excuse.metres - excuse.ratio * reach_m for k in keys)

    return Comparison(
        hits=len(theirs),
        hits_ours=len(ours),
        whole_layers=whole_layers,
        distances=len(nearby),
        missing=len(ours.keys() - theirs.keys()),
        extra=len(theirs.keys() - ours.keys()),
        share=share,
        near_missing=beyond_rim(near, near.keys() - nearby.keys()),
        near_extra=beyond_rim(nearby, nearby.keys() - near.keys()),
        distance_m=float(gaps.max(initial=0.0)),
        excess_m=float(np.maximum(gaps - excused, 0.0).max(initial=0.0)),
        excused=excuse,
    )


def _hits(outputs: Outputs, whole_layers: bool) -> dict[tuple[int, int, int], float]:
    """Return the share of each hit, summed over the features of a layer where a tool tells no more."""
    feature = np.full(len(outputs.feature), -1) if whole_layers else outputs.feature
    found: dict[tuple[int, int, int], float] = {}
    for key, share in zip(zip(outputs.layer, outputs.site, feature, strict=True), outputs.share, strict=True):
        found[key] = found.get(key, 0.0) + share
    return found


def _distances(outputs: Outputs) -> dict[tuple[int, int], float]:
    keys = zip(outputs.near_class.tolist(), outputs.near_site.tolist(), strict=True)
    return dict(zip(keys, outputs.distance_m.tolist(), strict=True))
