"""What a finding looks like on the map, as WKB in EPSG:4490: overlap, shortest line, ring of the limit, site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.errors import EcoRedlineError
from ...layers.geodesy.buffers import buffer
from ...layers.geodesy.joined import join
from ...layers.reading import read_layer
from ..engine import Screening

if TYPE_CHECKING:
    from ...layers.layerset import LayerSet

_DEGREES_PER_M = 1 / 90_000
_AROUND = 1.3  # of the limit, so that the ring bends around the site and does not fill the sky
_TOLERANCE_M = 0.5


@dataclass(frozen=True)
class FindingShapes:
    """WKB of each shape, None where the finding has none."""

    overlap: bytes | None
    line: bytes | None
    ring: bytes | None
    site: bytes | None


def finding_shapes(
    screening: Screening,
    layer_set: LayerSet | None,
    site_id: str,
    role: str,
    feature_id: str,
    limit_m: float,
    pair: tuple[float, float, float, float] | None,
) -> FindingShapes:
    """Return the shapes of one finding.

    Parameters
    ----------
    screening : Screening
    layer_set : LayerSet or None
        Without one there is no ring, and no overlap of an opened dossier.
    site_id, role, feature_id : str
        The finding.
    limit_m : float
        NaN where the clause names no distance.
    pair : tuple or None
        Longitude and latitude of the nearest points, on the site and on the feature.
    """
    sites = screening.sites
    own = sites.loc[sites["site_id"] == site_id, sites.geometry.name]
    site = own.iloc[0] if len(own) else None
    return FindingShapes(
        _wkb(_overlap(screening, site_id, role, feature_id)),
        _wkb(shapely.LineString([pair[:2], pair[2:]])) if pair and pair[:2] != pair[2:] else None,
        _wkb(_ring(layer_set, site, role, feature_id, limit_m)),
        _wkb(site),
    )


def _wkb(shape: shapely.Geometry | None) -> bytes | None:
    return None if shape is None or shape.is_empty else bytes(shapely.to_wkb(shape))


def _overlap(screening: Screening, site_id: str, role: str, feature_id: str) -> shapely.Geometry | None:
    if not feature_id or screening.geometry_of_overlap is None:
        return None
    return screening.overlap(site_id, role, feature_id)


def _ring(
    layer_set: LayerSet | None,
    site: shapely.Geometry | None,
    role: str,
    feature_id: str,
    limit_m: float,
) -> shapely.Geometry | None:
    if layer_set is None or site is None or not limit_m > 0 or not layer_set.of(role):
        return None
    around = shapely.box(*site.bounds).buffer(_AROUND * limit_m * _DEGREES_PER_M)
    reach = around.buffer(limit_m * _DEGREES_PER_M)
    try:
        frames = [read_layer(source, reach.bounds).frame for source in layer_set.of(role)]
    except EcoRedlineError:  # the source went away since: the finding itself stands
        return None
    features = pd.concat(frames, ignore_index=True)
    near = shapely.intersection(_alike(features, feature_id), reach)
    near = near[~shapely.is_empty(near)]
    if not len(near):
        return None
    outline = shapely.boundary(join(buffer(near, limit_m, _TOLERANCE_M)))
    return shapely.intersection(outline, around)


def _alike(features: pd.DataFrame, feature_id: str) -> NDArray[np.object_]:
    """Return the feature, and with it those of the same river and bank definition: one limit runs along them all."""
    own = features["feature_id"] == feature_id
    columns = [name for name in ("river", "bank_def") if name in features]
    if own.any() and columns and features.loc[own, "river"].notna().all():
        keys = features[columns].fillna("").agg("|".join, axis=1)
        own = keys.isin(set(keys[own]))
    return features.loc[own, "geometry"].to_numpy(dtype=object)
