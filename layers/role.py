"""What a layer means: the roles, declared one per TOML file in roles/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .columns import plain
from .declarations import check_keys, close_words, flag_of, load_toml, table_of, text_of, texts_of, wrong_value
from .errors import LayerSetError
from .texts import Text

FOLDER = Path(__file__).parent / "roles"
GEOMETRIES = ("point", "line", "polygon")
KINDS = ("text", "number")
_ROLE_KEYS = (
    "id", "geometry", "cover", "exclusive", "controlled", "restriction", "nearest_by", "reach_m",
    "layer_names", "name", "fields",
)  # fmt: skip
_FIELD_KEYS = ("aliases", "required", "kind", "values", "from", "derived", "form")


@dataclass(frozen=True)
class FieldSpec:
    """One field of a role.

    Attributes
    ----------
    name : str
        Its name in the engine.
    aliases : tuple of str
        Column names of sources by which it is recognised; its own name always is.
    required : bool
        Whether a layer without it is refused.
    values : mapping
        Spelling in sources to canonical value. Where given, no other value is accepted.
    kind : str
        ``text`` or ``number``.
    origin : str
        The field whose spelling tells this one where the layer has no column for it, or empty.
    derived : mapping
        Spelling of `origin` to the value of this field.
    form : str
        Regular expression that every value should match, or empty; its named groups tell other fields.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text"
    origin: str = ""
    derived: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    def canonical(self, spelling: str, extra: Mapping[str, str] | None = None) -> str | None:
        """Return the canonical value of a spelling, or None where it has no meaning here."""
        if not self.values:
            return (extra or {}).get(spelling, spelling)
        words = {plain(k): v for k, v in {**self.values, **(extra or {})}.items()}
        words.update({plain(value): value for value in self.values.values()})
        return words.get(plain(spelling))

    @property
    def title(self) -> str:
        """The Chinese name: that by which a column is recognised, else the name in the engine."""
        return next((alias for alias in self.aliases if not alias.isascii()), self.name)

    def word(self, value: str) -> str:
        """Return the Chinese spelling of a canonical value, else the value itself."""
        return next((text for text, known in self.values.items() if known == value and not text.isascii()), value)

    @property
    def options(self) -> tuple[str, ...]:
        """The canonical values, in order; empty where any text is accepted."""
        return tuple(dict.fromkeys(self.values.values()))


@dataclass(frozen=True)
class Role:
    """What a layer means and what is expected of its features.

    Attributes
    ----------
    id : str
        The id used by layer sets, rules and outputs.
    name : Text
        The name for people.
    geometry : tuple of str
        Kinds of geometry accepted: ``point``, ``line``, ``polygon``.
    cover : bool
        Whether the layer must cover the district without a gap.
    exclusive : bool
        Whether features may not overlap each other.
    controlled : bool
        Whether data of this role is handled as controlled.
    restriction : bool
        Whether the role restricts projects, and so belongs to a check profile that names no optional roles.
    nearest_by : tuple of str
        Fields by which a site's nearest feature is kept per distinct combination.
    reach_m : float
        Up to which distance the nearest feature is told even where no rule asks so far.
    layer_names : tuple of str
        Names by which a layer of a source is recognised.
    fields : mapping of str to FieldSpec
        Fields in role order, the order of digests.
    """

    id: str
    name: Text
    geometry: tuple[str, ...]
    cover: bool
    exclusive: bool
    controlled: bool
    restriction: bool
    nearest_by: tuple[str, ...]
    reach_m: float
    layer_names: tuple[str, ...]
    fields: Mapping[str, FieldSpec]


def _field(name: str, table: Mapping[str, object], where: str) -> FieldSpec:
    check_keys(table, _FIELD_KEYS, where)
    kind = text_of(table, "kind", where, "text")
    if kind not in KINDS:
        raise wrong_value(where, "kind", kind, Text(" | ".join(KINDS), " | ".join(KINDS)))
    values = {str(k): str(v) for k, v in table_of(table, "values", where).items()}
    derived = {str(k): str(v) for k, v in table_of(table, "derived", where).items()}
    return FieldSpec(
        name,
        texts_of(table, "aliases", where),
        flag_of(table, "required", where, False),
        values,
        kind,
        text_of(table, "from", where, ""),
        derived,
        text_of(table, "form", where, ""),
    )


def _check_aliases(fields: Mapping[str, FieldSpec], where: str) -> None:
    owner: dict[str, str] = {}
    for spec in fields.values():
        for alias in {plain(word) for word in (spec.name, *spec.aliases)}:
            if owner.setdefault(alias, spec.name) != spec.name:
                raise LayerSetError(
                    Text(
                        f"{where}：别名 {alias!r} 同时属于 {owner[alias]} 和 {spec.name}",
                        f"{where}: alias {alias!r} belongs to both {owner[alias]} and {spec.name}",
                    ),
                    remedy=Text("每个别名只能属于一个字段。", "Leave it to one field."),
                )


def _reach(table: Mapping[str, object], where: str) -> float:
    value = table.get("reach_m", 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
        raise wrong_value(where, "reach_m", value, Text("0 至 100000 的米数", "metres from 0 to 100000"))
    return float(value)


def load_role(path: Path) -> Role:
    """Return the role that a TOML file declares.

    Raises
    ------
    LayerSetError
        The file is no role, or its name differs from the id inside.
    """
    where = str(path)
    table = load_toml(path)
    check_keys(table, _ROLE_KEYS, where)
    id_ = text_of(table, "id", where)
    if id_ != path.stem:
        raise wrong_value(where, "id", id_, Text(f"与文件名一致：{path.stem}", f"the name of the file: {path.stem}"))
    geometry = texts_of(table, "geometry", where)
    if not geometry or not set(geometry) <= set(GEOMETRIES):
        raise wrong_value(where, "geometry", list(geometry), Text("、".join(GEOMETRIES), ", ".join(GEOMETRIES)))
    fields = {
        name: _field(name, table_of(table_of(table, "fields", where), name, where), f"{where} [fields.{name}]")
        for name in table_of(table, "fields", where)
    }
    _check_aliases(fields, where)
    nearest_by = texts_of(table, "nearest_by", where)
    needed = {*nearest_by, *(spec.origin for spec in fields.values() if spec.origin)}
    if not needed <= set(fields):
        raise wrong_value(
            where, "nearest_by/from", sorted(needed), Text("本角色的字段名", "names of fields of this role")
        )
    names = table_of(table, "name", where)
    return Role(
        id_,
        Text(text_of(names, "zh", where), text_of(names, "en", where)),
        geometry,
        flag_of(table, "cover", where, False),
        flag_of(table, "exclusive", where, False),
        flag_of(table, "controlled", where, False),
        flag_of(table, "restriction", where, True),
        nearest_by,
        _reach(table, where),
        texts_of(table, "layer_names", where),
        fields,
    )


@cache
def _shipped() -> dict[str, Role]:
    return {path.stem: load_role(path) for path in sorted(FOLDER.glob("*.toml"))}


def roles() -> dict[str, Role]:
    """Return every role by its id, sorted by id."""
    return dict(_shipped())


def role(id_: str) -> Role:
    """Return the role of that id.

    Raises
    ------
    LayerSetError
        There is none; the message names the ids nearest to it.
    """
    known = _shipped()
    if id_ not in known:
        near = close_words(id_, known)
        raise LayerSetError(
            Text(f"未知的图层角色 {id_!r}", f"Unknown role {id_!r}"),
            remedy=Text(f"是否应为：{near}", f"Perhaps: {near}"),
        )
    return known[id_]
