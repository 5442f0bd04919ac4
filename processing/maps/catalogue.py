"""The map templates that are shipped, from styles/maps/catalogue.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...layers.texts import Text
from .errors import MapError

STYLES = Path(__file__).resolve().parents[2] / "styles"
FOLDER = STYLES / "maps"


@dataclass(frozen=True)
class Template:
    """One map template.

    Attributes
    ----------
    id : str
        The id used in parameters and file names.
    path : Path
        The layout (.qpt).
    title : Text
        Its name in lists.
    subject : str
        What the page is about; follows the name of the project in the title.
    order : tuple of str
        Role ids from the bottom of the map to its top; other roles are drawn above the first of them.
    omit : tuple of str
        Role ids that are not drawn.
    outlines : tuple of str
        Role ids of which only the outline is drawn: not seen where it lies outside the frame.
    """

    id: str
    path: Path
    title: Text
    subject: str
    order: tuple[str, ...]
    omit: tuple[str, ...]
    outlines: tuple[str, ...]

    def rank(self, role_id: str) -> tuple[int, str]:
        """Return the sorting key of a role, bottom first."""
        place = self.order.index(role_id) if role_id in self.order else 1
        return place, role_id


@cache
def templates() -> dict[str, Template]:
    """Return the templates shipped, by id."""
    with (FOLDER / "catalogue.toml").open("rb") as file:
        rows = tomllib.load(file)["template"]
    return {
        row["id"]: Template(
            row["id"],
            FOLDER / row["file"],
            Text(row["title"]["zh"], row["title"]["en"]),
            row["subject"],
            tuple(row["order"]),
            tuple(row["omit"]),
            tuple(row["outlines"]),
        )
        for row in rows
    }


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
