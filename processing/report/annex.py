"""The maps that papers carry as 附图: PNG files named <site>-<template>.png."""

from __future__ import annotations

import json
import struct
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...layers.errors import DossierError
from ...layers.texts import Text

_CATALOGUE = Path(__file__).resolve().parents[2] / "styles" / "maps" / "catalogue.toml"
_PNG = b"\x89PNG\r\n\x1a\n"
_CHECK = "map_check.json"  # of maps/results.py, which needs QGIS
UNCHECKED = "（来源未核）"


@dataclass(frozen=True)
class Annex:
    """One map: file, title, size in pixels, place among the templates of the catalogue, whether of this dossier."""

    path: Path
    title: str
    size: tuple[int, int]
    place: int = 0
    checked: bool = False

    @property
    def told(self) -> str:
        """The title, and whether nothing says from which dossier the map was drawn."""
        return self.title + ("" if self.checked else UNCHECKED)


def find_maps(folder: Path, stems: dict[str, str], seal: str) -> dict[str, list[Annex]]:
    """Return the maps of each site, in the order of the catalogue.

    Parameters
    ----------
    folder : Path
        Where the PNG files lie.
    stems : dict
        File name per site.
    seal : str
        Number of the dossier; a map that ``map_check.json`` does not list stays, as one of unknown origin.

    Raises
    ------
    DossierError
        If the folder is absent or holds maps of another dossier, or a file is no PNG.
    """
    if not folder.is_dir():
        raise DossierError(
            Text(f"找不到附图文件夹 {folder}", f"The folder of maps {folder} does not exist"),
            remedy=Text(
                "请先运行“导出附图”（PNG 格式），或不指定附图。",
                "Run exportmaps with PNG first, or leave the maps out.",
            ),
        )
    listed = _of_this_dossier(folder / _CHECK, seal)
    found: dict[str, list[Annex]] = {}
    titles = _titles()
    order = list(titles)
    names = {stem: site_id for site_id, stem in stems.items()}
    for path in sorted(folder.glob("*.png")):
        # the longest name wins: "a-b-location" is of site "a-b", where there is one, not of "a"
        cuts = [place for place, letter in enumerate(path.stem) if letter == "-"]
        site_id = next((names[path.stem[:cut]] for cut in reversed(cuts) if path.stem[:cut] in names), None)
        if site_id is not None:
            template = path.stem[len(stems[site_id]) + 1 :]
            place = order.index(template) if template in titles else len(order)
            annex = Annex(path, titles.get(template, template), _size(path), place, path.name in listed)
            found.setdefault(site_id, []).append(annex)
    return {site_id: sorted(maps, key=lambda annex: annex.place) for site_id, maps in found.items()}


def _of_this_dossier(path: Path, seal: str) -> set[str]:
    """Return the files that the table of the map check lists; none where there is no such table or it is broken."""
    try:
        check = json.loads(path.read_text("utf-8"))
        of, listed = str(check["seal"]), {str(page["file"]) for page in check["pages"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    if of != seal:
        raise DossierError(
            Text(
                f"附图文件夹 {path.parent} 中是另一份卷宗的附图（{of}），本卷宗为 {seal}",
                f"The maps in {path.parent} are of another dossier ({of}); this one is {seal}",
            ),
            Text("附图与文书的数值须出自同一卷宗。", "Maps and papers must rest on the same dossier."),
            Text(
                "请用本卷宗重新运行“导出附图”，或不指定附图。",
                "Run exportmaps on this dossier again, or leave the maps out.",
            ),
        )
    return listed


@cache
def _titles() -> dict[str, str]:
    with _CATALOGUE.open("rb") as file:
        return {entry["id"]: entry["title"]["zh"] for entry in tomllib.load(file)["template"]}


def _size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    if len(head) < 24 or not head.startswith(_PNG):  # signature, length, IHDR, width, height
        raise DossierError(
            Text(f"{path} 不是有效的 PNG 图片", f"{path} is not a valid PNG"),
            remedy=Text("请重新导出该附图。", "Export that map again."),
        )
    width, height = struct.unpack(">II", head[16:24])
    return width, height
