"""Distance and overlap of one geometry to the features of a role, for labels and layouts: the engine's own facts."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from ...layers.errors import LayerSetError
from ...layers.layerset import load
from ...layers.progress import Progress
from ...layers.role import role
from ...layers.site_table import normalise
from ...layers.sources import LayerSet
from ...layers.texts import Text
from .facts.layer_facts import LayerFacts, layer_facts
from .facts.site_arrays import SiteArrays, site_arrays
from .facts.united import united
from .prepared.stamps import Stamp, stamp_of, stamp_of_path
from .prepared.windows import Windows
from .screen import REACH_DEG

REACH_M = 10_000.0  # the greatest distance that any rule asks for


@dataclass(frozen=True)
class Measured:
    """How one geometry lies to the features of a role.

    Attributes
    ----------
    distance_m : float or None
        Geodesic metres to the nearest feature, 0 where they meet; from the bank where the feature is a centre line
        with its half width. None where no feature lies within `REACH_M`.
    overlap_m2, length_m : float
        Ellipsoidal area or length inside any feature, nothing counted twice.
    feature_id, feature_name : str
        The nearest feature, of those that are met the one with the greatest overlap; empty where there is none.
    """

    distance_m: float | None = None
    overlap_m2: float = 0.0
    length_m: float = 0.0
    feature_id: str = ""
    feature_name: str = ""


class Measuring:
    """The layers of one layer set, each role read when it is first asked for and again once its files have changed.

    Parameters
    ----------
    layer_set : LayerSet or path
        Which source plays which role; a file is read again once it has changed.

    Raises
    ------
    EcoRedlineError
        The layer set is wrong.
    """

    def __init__(self, layer_set: LayerSet | Path | str) -> None:
        self._file = None if isinstance(layer_set, LayerSet) else Path(layer_set)
        self._lock = threading.RLock()
        self._declared = self._stamp()
        self._layer_set = layer_set if isinstance(layer_set, LayerSet) else load(layer_set)
        self._held: dict[str, tuple[list[Stamp | None], tuple[Windows, ...]]] = {}

    def measure(self, sites: gpd.GeoDataFrame, role_id: str) -> Measured:
        """Measure the first geometry of a frame; thread-safe.

        Parameters
        ----------
        sites : GeoDataFrame
            Any CRS on CGCS2000 or WGS 84; ``footprint_m`` makes a point the disc that the engine judges.

        Raises
        ------
        LayerSetError
            There is no such role, or the layer set has no source for it and does not say that there is none.
        SourceError, SitesError
            A layer, or the geometry, cannot be read.
        """
        arrays = site_arrays(normalise(sites.iloc[:1], "geometry"))
        west, south, east, north = shapely.total_bounds(arrays.geometry)
        box = west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG
        with self._lock:
            layers = [windows.ready(box) for windows in self.sources(role_id)]
        facts = [layer_facts(arrays, layer, REACH_M) for layer in layers]
        return _measured(arrays, facts) if facts else Measured()

    def sources(self, role_id: str) -> tuple[Windows, ...]:
        """Return the sources of a role as they are on the disk now; the same tuple as long as nothing changes."""
        with self._lock:
            declared = self._stamp()
            if self._file is not None and declared != self._declared:
                self._layer_set, self._declared, self._held = load(self._file), declared, {}
            sources = self._layer_set.of(role(role_id).id)
            if not sources and not _said_to_be_absent(self._layer_set, role_id):
                raise _without_source(self._layer_set.name, role_id)
            stamps = [stamp_of(source) for source in sources]
            held = self._held.get(role_id)
            if held is None or held[0] != stamps:
                held = stamps, tuple(Windows.read(source, Progress()) for source in sources)
                self._held[role_id] = held
            return held[1]

    def _stamp(self) -> Stamp | None:
        return None if self._file is None else stamp_of_path(str(self._file))


def _said_to_be_absent(layer_set: LayerSet, role_id: str) -> bool:
    absence = layer_set.absence(role_id)
    if absence is None or absence.state != "absent_confirmed":
        return False
    return absence.valid_to is None or date.today() <= absence.valid_to


def _without_source(layer_set: str, role_id: str) -> LayerSetError:
    name = role(role_id).name
    return LayerSetError(
        Text(f"图层配置“{layer_set}”：没有{name.zh}（{role_id}）", f"{layer_set} has no {name.en} ({role_id})"),
        Text("图层未取得，距离和重叠未知。", "The layer is not held: distance and overlap are unknown."),
        Text("请在图层配置中写明该图层。", "Name the layer in the layer set."),
    )


def _measured(sites: SiteArrays, layers: list[LayerFacts]) -> Measured:
    found = [(layer, row) for layer in layers for row in range(len(layer.facts))]
    if not found:
        return Measured()

    def order(pair: tuple[LayerFacts, int]) -> tuple[float, float, float]:
        layer, row = pair
        facts = layer.facts
        return float(facts.distance_m[row]), -float(facts.overlap_m2[row]), -float(facts.length_m[row])

    layer, row = min(found, key=order)
    feature = layer.layer.data.frame.iloc[int(layer.facts.feature[row])]
    site, area, length, _ = united(layers)
    met = len(site) > 0
    return Measured(
        float(layer.facts.distance_m[row]),
        float(area[0]) if met else 0.0,
        float(length[0]) if met else 0.0,
        str(feature["feature_id"]),
        _name(feature.to_dict()),
    )


def _name(feature: Mapping[str, object]) -> str:
    return next((str(feature[key]) for key in ("name", "river") if feature.get(key)), "")


def frame_of(
    geometry: shapely.Geometry, crs: str | None, attributes: Mapping[str, object] | None = None
) -> gpd.GeoDataFrame:
    """Return one geometry as a frame of sites.

    Parameters
    ----------
    crs : str
        Anything that pyproj understands.
    attributes : mapping, optional
        Attributes of the site by column; ``footprint_m`` and ``area_m2`` make a point a disc.
    """
    data = {str(name): [value] for name, value in (attributes or {}).items()}
    return gpd.GeoDataFrame(data, geometry=[geometry], crs=crs)
