"""The catalogue of maps as read from its file, with every slip named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ...layers.declarations import check_keys, load_toml, wrong_value
from ...layers.role import roles
from ...layers.texts import Text
from .catalogue import FINDINGS, Extent, Ring, Sheet, Template
from .errors import MapError

BLOCKS = ("subject", "verdict", "inset", "relation", "legend", "corners")
RULES = ("about", "district")
_SHEET = ("id", "file", "title")
_TEMPLATE = (
    "id", "title", "subject", "order", "rest", "omit", "outlines", "about", "extent", "lines", "rings", "blocks",
)  # fmt: skip
_EXTENT = ("rule", "reach_m", "most", "context_m", "smallest_scale")
_RING = ("role", "where", "distances_m", "name")


def read_catalogue(path: Path) -> tuple[dict[str, Sheet], dict[str, Template]]:
    """Return the sheets and templates of a catalogue, by id.

    Raises
    ------
    MapError
        A key or value has no meaning, a file is missing, or an id is used twice.
    """
    content = load_toml(path, MapError)
    check_keys(content, ("sheet", "template"), path.name, MapError)
    sheets = [_sheet(row, f"{path.name} sheet {n}", path.parent) for n, row in _rows(content, "sheet", path)]
    templates = [_template(row, f"{path.name} template {n}") for n, row in _rows(content, "template", path)]
    return _by_id(sheets, path), _by_id(templates, path)


def _rows(content: Mapping[str, Any], key: str, path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = content.get(key)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise wrong_value(path.name, key, rows, Text(f"至少一个 [[{key}]]", f"at least one [[{key}]]"), MapError)
    return enumerate(rows, 1)


def _by_id(entries: list[Any], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.id in found:
            raise wrong_value(path.name, "id", entry.id, Text("不重复的编号", "an id used once"), MapError)
        found[entry.id] = entry
    return found


def _sheet(row: dict[str, Any], where: str, folder: Path) -> Sheet:
    check_keys(row, _SHEET, where, MapError)
    path = folder / _text(row, "file", where)
    if not path.is_file():
        raise wrong_value(where, "file", path.name, Text("styles/maps/ 中的文件", "a file in styles/maps/"), MapError)
    return Sheet(_id(row, where), path, _title(row, where))


def _template(row: dict[str, Any], where: str) -> Template:
    check_keys(row, _TEMPLATE, where, MapError)
    blocks = _texts(row, "blocks", where)
    if set(blocks) - set(BLOCKS):
        raise wrong_value(where, "blocks", blocks, Text("、".join(BLOCKS), ", ".join(BLOCKS)), MapError)
    rings = row.get("rings", [])
    return Template(
        id=_id(row, where),
        title=_title(row, where),
        subject=_text(row, "subject", where),
        order=_role_ids(row, "order", where),
        rest=bool(_of(row, "rest", where, False, bool)),
        omit=_role_ids(row, "omit", where),
        outlines=_role_ids(row, "outlines", where),
        about=_role_ids(row, "about", where),
        extent=_extent(row.get("extent", {}), where),
        lines=int(_of(row, "lines", where, 0, int)),
        rings=() if rings == FINDINGS else tuple(_ring(ring, where) for ring in rings),
        finding_rings=rings == FINDINGS,
        blocks=blocks,
    )


def _extent(row: dict[str, Any], where: str) -> Extent:
    check_keys(row, _EXTENT, f"{where} extent", MapError)
    extent = Extent(**row)
    if extent.rule not in RULES:
        raise wrong_value(where, "extent.rule", extent.rule, Text("、".join(RULES), ", ".join(RULES)), MapError)
    if not (extent.reach_m > 0 and extent.most > 0 and extent.context_m >= 0 and extent.smallest_scale > 0):
        raise wrong_value(where, "extent", row, Text("正数", "positive numbers"), MapError)
    return extent


def _ring(row: dict[str, Any], where: str) -> Ring:
    check_keys(row, _RING, f"{where} rings", MapError)
    role_id, distances = str(row.get("role", "")), row.get("distances_m", [])
    if role_id and role_id not in roles():
        raise wrong_value(where, "rings.role", role_id, Text("图层角色", "a role"), MapError)
    if not distances or not all(isinstance(d, (int, float)) and 0 < d <= 20_000 for d in distances):
        raise wrong_value(where, "rings.distances_m", distances, Text("0 至 20000 米", "0 to 20,000 m"), MapError)
    conditions = {str(name): tuple(map(str, values)) for name, values in row.get("where", {}).items()}
    return Ring(role_id, tuple(map(float, distances)), conditions, str(row.get("name", "")))


def _role_ids(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    names = _texts(row, key, where)
    unknown = [name for name in names if name.split(":")[0] not in roles()]
    if unknown:
        raise wrong_value(where, key, unknown[0], Text("图层角色", "a role"), MapError)
    return names


def _texts(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _of(row, key, where, [], list)
    if not all(isinstance(value, str) for value in values):
        raise wrong_value(where, key, values, Text("文本列表", "a list of texts"), MapError)
    return tuple(values)


def _text(row: dict[str, Any], key: str, where: str) -> str:
    value = str(_of(row, key, where, "", str))
    if not value:
        raise wrong_value(where, key, None, Text("文本", "a text"), MapError)
    return value


def _id(row: dict[str, Any], where: str) -> str:
    value = _text(row, "id", where)
    if not (value.isascii() and value.replace("_", "").isalnum()):
        raise wrong_value(where, "id", value, Text("字母、数字、下划线", "letters, digits, underscores"), MapError)
    return value


def _title(row: dict[str, Any], where: str) -> Text:
    title = _of(row, "title", where, {}, dict)
    return Text(_text(title, "zh", f"{where} title"), _text(title, "en", f"{where} title"))


def _of(row: Mapping[str, Any], key: str, where: str, default: Any, kind: Callable[..., Any]) -> Any:
    value = row.get(key, default)
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise wrong_value(where, key, value, Text("另一种值", f"a {kind.__name__}"), MapError)
    return value
