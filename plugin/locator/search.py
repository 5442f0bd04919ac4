"""Sites and control units found by a piece of text, read through OGR without holding or changing a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...layers.errors import EcoRedlineError
from ...layers.layer_fields import find_fields
from ...layers.layerset import load
from ...layers.role import role
from ...layers.sources import LayerSet, LayerSource

MOST = 30
ASKED_EVERY = 500
UNIT_ROLES = ("control_unit", "element_zone")
VERDICTS = ("site_id", "name", "unit_codes", "verdict_zh")

Box = tuple[float, float, float, float]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Place:
    """One thing found.

    Attributes
    ----------
    kind : str
        ``site``, or the role id of a unit.
    title, detail : str
        Id and name; verdict, or class of unit.
    box : tuple
        West, south, east, north in `crs`.
    crs : str
        WKT.
    site_id : str
        Of a site; empty else.
    """

    kind: str
    title: str
    detail: str
    box: Box
    crs: str
    site_id: str = ""


def find_sites(dossier: Path, text: str, cancelled: Cancelled) -> Iterator[Place]:
    """Yield the sites of a dossier whose id, name or unit codes hold the text, at most `MOST`."""
    with _Opened(dossier / "dossier.gpkg", "verdicts") as opened:
        for feature in opened.holding(VERDICTS[:3], text, cancelled):
            site_id, name, _, verdict = (feature.GetFieldAsString(column) for column in VERDICTS)
            yield Place("site", _joined(site_id, name), verdict, _box(feature), opened.crs, site_id)


def find_units(layer_set: LayerSet | Path, text: str, cancelled: Cancelled) -> Iterator[Place]:
    """Yield the units of a layer set whose code or name holds the text, at most `MOST` of each source.

    What is wrong with a layer set or a source is told elsewhere; here it finds nothing.
    """
    try:
        sources = (layer_set if isinstance(layer_set, LayerSet) else load(layer_set)).sources
    except EcoRedlineError:
        return
    for source in sources:
        if source.role in UNIT_ROLES:
            yield from _units_of(source, text, cancelled)


def _units_of(source: LayerSource, text: str, cancelled: Cancelled) -> Iterator[Place]:
    names = role(source.role).layer_names
    with _Opened(Path(source.source), source.layer, names, source.encoding) as opened:
        try:
            found, _ = find_fields(source, role(source.role), opened.columns, source.label)
        except EcoRedlineError:
            return
        searched = [found[name] for name in ("code", "name") if name in found]
        for feature in opened.holding(searched, text, cancelled, source.where):
            title = _joined(*(feature.GetFieldAsString(column) for column in searched))
            detail = _word(source.role, feature.GetFieldAsString(found["class"])) if "class" in found else ""
            yield Place(source.role, title, detail, _box(feature), opened.crs or source.crs or "")


class _Opened:
    """A layer of a file, open for reading as long as the block lasts; empty where there is no such file or layer."""

    def __init__(self, path: Path, layer: str | None, names: Sequence[str] = (), encoding: str | None = None) -> None:
        self.path, self.name, self.names = path, layer, names
        self.options = [f"ENCODING={encoding}"] if encoding else []
        self.dataset: Any = None
        self.layer: Any = None

    def __enter__(self) -> _Opened:
        from osgeo import gdal

        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            flags = gdal.OF_VECTOR | gdal.OF_READONLY
            self.dataset = gdal.OpenEx(str(self.path), flags, open_options=self.options)
            self.layer = self._chosen()
        except RuntimeError:  # where another plugin has switched GDAL to exceptions
            self.layer = None
        finally:
            gdal.PopErrorHandler()
        return self

    def __exit__(self, *_: object) -> None:
        self.layer, self.dataset = None, None

    def _chosen(self) -> Any:
        if self.dataset is None or self.name:
            return self.dataset and self.dataset.GetLayerByName(self.name)
        layers = [self.dataset.GetLayer(i) for i in range(self.dataset.GetLayerCount())]
        known = [layer for layer in layers if layer.GetName() in self.names]
        fitting = known if len(known) == 1 else layers
        return fitting[0] if len(fitting) == 1 else None

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        if self.layer is None:
            return []
        definition = self.layer.GetLayerDefn()
        return [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]

    @property
    def crs(self) -> str:
        """WKT, or empty text."""
        system = self.layer.GetSpatialRef() if self.layer is not None else None
        return system.ExportToWkt() if system is not None else ""

    def holding(self, columns: Sequence[str], text: str, cancelled: Cancelled, where: str = "") -> Iterator[Any]:
        """Yield the features of which a column holds the text, without regard to case, at most `MOST`."""
        wanted = text.strip().casefold()
        if not wanted or not columns or self.layer is None:
            return
        terms = [f"({where})"] if where else []
        if self.dataset.GetDriver().ShortName == "GPKG" and not _has_other_case(wanted):
            terms.append(_likes(columns, wanted))
        self.layer.SetAttributeFilter(" AND ".join(terms) or None)
        self.layer.ResetReading()
        found = 0
        for number, feature in enumerate(self.layer):
            if number % ASKED_EVERY == 0 and cancelled():
                return
            if any(wanted in feature.GetFieldAsString(column).casefold() for column in columns):
                yield feature
                found += 1
                if found == MOST:
                    return


def _has_other_case(text: str) -> bool:
    """Return whether LIKE of SQLite, which minds the case of all but ASCII, might leave something out."""
    return any(not sign.isascii() and sign.lower() != sign.upper() for sign in text)


def _likes(columns: Sequence[str], wanted: str) -> str:
    escaped = wanted.replace("!", "!!").replace("%", "!%").replace("_", "!_").replace("'", "''")
    names = [column.replace('"', '""') for column in columns]
    return "(" + " OR ".join(f"\"{name}\" LIKE '%{escaped}%' ESCAPE '!'" for name in names) + ")"


def _word(role_id: str, spelling: str) -> str:
    """Return the Chinese word of a class of units, whatever its spelling in the source."""
    spec = role(role_id).fields["class"]
    return spec.word(spec.canonical(spelling) or spelling)


def _joined(*parts: str) -> str:
    return "　".join(dict.fromkeys(part for part in parts if part))


def _box(feature: Any) -> Box:
    geometry = feature.GetGeometryRef()
    if geometry is None or geometry.IsEmpty():
        return (float("nan"),) * 4
    west, east, south, north = geometry.GetEnvelope()
    return west, south, east, north
