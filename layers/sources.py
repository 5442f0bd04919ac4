"""What a layer set says: sources by role, absences, the access list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import SourceError
from .texts import Text

if TYPE_CHECKING:
    import geopandas as gpd

ASSUMED_ACCURACY_M = 10.0
_DATABASE = re.compile(r"^\s*(pg:|postgres(ql)?://|(\w+\s*=\s*\S+\s+)*(host|dbname)\s*=)", re.IGNORECASE)


@dataclass(frozen=True)
class LayerSource:
    """One source that plays a role.

    Attributes
    ----------
    role : str
        Role id.
    source : str
        Absolute path of a vector source; a name where `frame` is given.
    layer : str or None
        Layer or table, where the source has several.
    where : str
        Filter of column = literal terms joined by AND, or empty.
    vintage, valid_to : date or None
        The day the data stands for, and the day up to which it is valid.
    accuracy_m : float
        Positional accuracy in metres.
    authority : str
        ``statutory``, ``derived`` or ``indicative``.
    fields : mapping
        Role field to source column.
    values : mapping
        Role field to a value that holds for the whole layer.
    frame : GeoDataFrame or None
        Features in memory, used instead of a file.
    accuracy_assumed : bool
        Whether `accuracy_m` was not given.
    crs : str or None
        Coordinate system, for a source that does not say its own.
    encoding : str or None
        Encoding of texts, for a shapefile that does not say its own.
    spellings : mapping
        Role field to (spelling in this source to canonical value).
    """

    role: str
    source: str
    layer: str | None = None
    where: str = ""
    vintage: date | None = None
    valid_to: date | None = None
    accuracy_m: float = ASSUMED_ACCURACY_M
    authority: str = "derived"
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str | float] = field(default_factory=dict)
    frame: gpd.GeoDataFrame | None = field(default=None, compare=False, repr=False)
    accuracy_assumed: bool = False
    crs: str | None = None
    encoding: str | None = None
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """File and layer, for messages."""
        return f"{self.source}|{self.layer}" if self.layer else self.source


@dataclass(frozen=True)
class Absence:
    """A role without a source, and why."""

    role: str
    state: str
    by: str = ""
    basis: str = ""
    day: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class AccessList:
    """The table of access list items (准入清单) joined by unit code."""

    source: str
    layer: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerSet:
    """Which source plays which role."""

    name: str
    sources: tuple[LayerSource, ...] = ()
    absences: tuple[Absence, ...] = ()
    profile: str | None = None
    access_list: AccessList | None = None
    path: Path | None = None

    def of(self, role_id: str) -> tuple[LayerSource, ...]:
        """Return the sources of a role, in the order of the file."""
        return tuple(source for source in self.sources if source.role == role_id)

    def absence(self, role_id: str) -> Absence | None:
        """Return what is said about a role without a source, or None."""
        return next((absence for absence in self.absences if absence.role == role_id), None)


def refuse_database(source: str, where: str) -> None:
    """Refuse a connection string, which is not read yet.

    Raises
    ------
    SourceError
        The source is a database connection.
    """
    if _DATABASE.match(source):
        raise SourceError(
            Text(
                f"{where}：数据源是数据库连接，目前不能读取",
                f"{where}: the source is a database connection, not read yet",
            ),
            Text("本版本只读取矢量文件。", "This version reads vector files only."),
            Text(
                "请先导出为 GeoPackage 文件，再在 source 中写该文件。",
                "Export it to a GeoPackage and name that file in source.",
            ),
        )
