"""What a finding looks like on the map, as WKB in EPSG:4490: overlap, shortest line, ring of the limit, site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from ...layers.errors import EcoRedlineError
from ..engine import Screening
from ..maps.evidence import Evidence, limit_rings
from ..maps.layers_for_map import LayerStore

if TYPE_CHECKING:
    from ...layers.layerset import LayerSet

_DEGREES_PER_M = 1 / 90_000
_AROUND = 1.3  # of the limit, so that the ring bends around the site and does not fill the sky


@dataclass(frozen=True)
class FindingShapes:
    """WKB of each shape, None where the finding has none."""

    overlap: bytes | None
    line: bytes | None
    ring: bytes | None
    site: bytes | None


@dataclass(frozen=True)
class _Around:
    """The ground on which a ring is drawn."""

    polygon: shapely.Polygon


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
        _wkb(_ring(screening, layer_set, site_id, site, role, feature_id, limit_m)),
        _wkb(site),
    )


def _wkb(shape: shapely.Geometry | None) -> bytes | None:
    return None if shape is None or shape.is_empty else bytes(shapely.to_wkb(shape))


def _overlap(screening: Screening, site_id: str, role: str, feature_id: str) -> shapely.Geometry | None:
    if not feature_id or screening.geometry_of_overlap is None:
        return None
    return screening.overlap(site_id, role, feature_id)


def _ring(
    screening: Screening,
    layer_set: LayerSet | None,
    site_id: str,
    site: shapely.Geometry | None,
    role: str,
    feature_id: str,
    limit_m: float,
) -> shapely.Geometry | None:
    if layer_set is None or site is None or not limit_m > 0 or not layer_set.of(role):
        return None
    findings = screening.findings
    rows = findings[(findings["site_id"] == site_id) & (findings["role"] == role)]
    rows = rows[(rows["feature_id"] == feature_id) & (rows["limit_m"] == limit_m)]
    around = _Around(shapely.box(*site.bounds).buffer(_AROUND * limit_m * _DEGREES_PER_M))
    try:
        rings: gpd.GeoDataFrame = limit_rings(
            Evidence(site, rows, screening.facts), LayerStore(layer_set), around, False
        )
    except EcoRedlineError:  # the source went away since: the finding itself stands
        return None
    return shapely.union_all(rings.geometry.to_numpy()) if len(rings) else None
