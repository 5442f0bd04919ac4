"""What can be drawn: the sheets (empty pages) and the templates (what a map shows), from styles/maps/catalogue.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...layers.texts import Text
from .errors import MapError

STYLES = Path(__file__).resolve().parents[2] / "styles"
FOLDER = STYLES / "maps"
FINDINGS = "findings"


@dataclass(frozen=True)
class Sheet:
    """An empty page: its layout (.qpt) and its name in lists."""

    id: str
    path: Path
    title: Text


@dataclass(frozen=True)
class Extent:
    """How much ground a map shows.

    Attributes
    ----------
    rule : str
        ``about`` (the site and what the map is about) or ``district``.
    reach_m : float
        What is farther from the site is not sought; the nearest feature always is.
    most : int
        How many features are sought.
    context_m : float
        Ground around the site; 0: by its size.
    smallest_scale : int
        Denominator beyond which a district is not shown whole.
    """

    rule: str = "about"
    reach_m: float = 3000.0
    most: int = 1
    context_m: float = 0.0
    smallest_scale: int = 200_000


@dataclass(frozen=True)
class Ring:
    """Distances drawn around the features of a role that meet a condition, or around the site (no role), metres."""

    role: str
    distances_m: tuple[float, ...]
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class Template:
    """What one map shows.

    Attributes
    ----------
    id : str
        The id used in parameters and file names.
    title : Text
        Its name in lists.
    subject : str
        What the page is about; follows the name of the project in the title.
    order : tuple of str
        Role ids from the bottom of the map to its top, ``role:kind`` for one kind of geometry.
    rest : bool
        Whether roles not named are drawn too, above the first of the order.
    omit : tuple of str
        Role ids that are not drawn even so.
    outlines : tuple of str
        Role ids of which only the outline is drawn: not seen where it lies outside the frame.
    about : tuple of str
        Role ids that the map is about; none: those of the findings.
    extent : Extent
    lines : int
        How many shortest lines are drawn.
    rings : tuple of Ring
    finding_rings : bool
        Whether the distances of the clauses found are drawn.
    blocks : tuple of str
        What stands beside the map, in order; see `catalogue_reading.BLOCKS`.
    """

    id: str
    title: Text
    subject: str
    order: tuple[str, ...]
    rest: bool = False
    omit: tuple[str, ...] = ()
    outlines: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    extent: Extent = Extent()
    lines: int = 0
    rings: tuple[Ring, ...] = ()
    finding_rings: bool = False
    blocks: tuple[str, ...] = ()

    def shows(self, role_id: str) -> bool:
        """Tell whether features of a role are drawn."""
        named = any(role_id == name.split(":")[0] for name in self.order)
        return role_id not in self.omit and (named or self.rest)

    def rank(self, role_id: str) -> tuple[int, str]:
        """Return the sorting key of a role, bottom first."""
        place = self.order.index(role_id) if role_id in self.order else 1
        return place, role_id


@cache
def sheets() -> dict[str, Sheet]:
    """Return the sheets, by id."""
    from .catalogue_reading import read_catalogue

    return read_catalogue(FOLDER / "catalogue.toml")[0]


@cache
def templates() -> dict[str, Template]:
    """Return the templates, by id."""
    from .catalogue_reading import read_catalogue

    return read_catalogue(FOLDER / "catalogue.toml")[1]


def template(id_: str) -> Template:
    """Return a template.

    Raises
    ------
    MapError
        There is no template of that id.
    """
    known = templates()
    if id_ not in known:
        raise MapError(
            Text(f"没有名为“{id_}”的地图模板", f"there is no map template {id_!r}"),
            remedy=Text(f"可用模板：{'、'.join(known)}。", f"Templates: {', '.join(known)}."),
        )
    return known[id_]


def sheet(id_: str) -> Sheet:
    """Return a sheet.

    Raises
    ------
    MapError
        There is no sheet of that id.
    """
    known = sheets()
    if id_ not in known:
        raise MapError(
            Text(f"没有名为“{id_}”的图幅", f"there is no sheet {id_!r}"),
            remedy=Text(f"可用图幅：{'、'.join(known)}。", f"Sheets: {', '.join(known)}."),
        )
    return known[id_]
