"""Layer sets: which source plays which role, and which roles have none."""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .conditions import parse_where
from .declarations import check_keys, load_toml, table_of, tables_of, text_of, wrong_value
from .errors import LayerSetError
from .layer_fields import canonical_constant
from .role import FieldSpec, Role, role
from .sources import ASSUMED_ACCURACY_M, Absence, AccessList, LayerSet, LayerSource, refuse_database
from .texts import Text

__all__ = ["Absence", "AccessList", "LayerSet", "LayerSource", "load"]

AUTHORITIES = ("statutory", "derived", "indicative")
ABSENCE_STATES = ("absent_confirmed", "not_held")
ACCESS_LIST_FIELDS = ("unit_code", "item_id", "level", "dimension", "requirement", "industry", "nature", "verdict")
_TOP = ("name", "profile", "layer", "absent", "access_list")
_LAYER = (
    "role", "source", "layer", "where", "vintage", "valid_to", "accuracy_m", "authority", "fields", "values",
    "spellings", "crs", "encoding",
)  # fmt: skip
_ABSENT = ("role", "state", "by", "basis", "date", "valid_to")


def _date(table: Mapping[str, object], key: str, where: str) -> date | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    elif type(value) is date:
        return value
    raise wrong_value(where, key, value, Text("日期，如 2024-03-19", "a date such as 2024-03-19"))


def _a_year_after(day: date) -> date:
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


def _path(value: str, base: Path) -> str:
    """Return a source path made absolute; GDAL's virtual paths stay as they are."""
    return value if value.startswith("/vsi") else str((base / Path(value).expanduser()).resolve())


def _accuracy(table: Mapping[str, object], where: str) -> tuple[float, bool]:
    value = table.get("accuracy_m")
    if value is None:
        return ASSUMED_ACCURACY_M, True
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise wrong_value(where, "accuracy_m", value, Text("不小于 0 的米数", "metres, 0 or more"))
    return float(value), False


def _spec(layer_role: Role, name: str, where: str) -> FieldSpec:
    check_keys({name: None}, layer_role.fields, where)
    return layer_role.fields[name]


def _mappings(
    table: Mapping[str, object], layer_role: Role, where: str
) -> tuple[dict[str, str], dict[str, str | float], dict[str, Mapping[str, str]]]:
    """Return fields, values and spellings of a ``[[layer]]``."""
    fields = table_of(table, "fields", where)
    values = table_of(table, "values", where)
    spellings: dict[str, Mapping[str, str]] = {}
    for name in table_of(table, "spellings", where):
        spec = _spec(layer_role, name, f"{where} spellings")
        words = table_of(table_of(table, "spellings", where), name, where)
        for spelling, value in words.items():
            if not isinstance(value, str) or (spec.options and value not in spec.options):
                options = ", ".join(spec.options)
                raise wrong_value(f"{where} spellings.{name}", spelling, value, Text(options, options))
        spellings[name] = {k: str(v) for k, v in words.items()}
    for name, column in fields.items():
        _spec(layer_role, name, f"{where} fields")
        if not isinstance(column, str) or not column.strip():
            raise wrong_value(f"{where} fields", name, column, Text("列名", "the name of a column"))
        if name in values:
            raise LayerSetError(
                Text(
                    f"{where}：{name} 同时写在 fields 和 values 中", f"{where}: {name} stands in both fields and values"
                ),
                remedy=Text("只保留一处。", "Leave one of them."),
            )
    constants = {
        name: canonical_constant(_spec(layer_role, name, f"{where} values"), value, f"{where} values")
        for name, value in values.items()
    }
    return {name: str(column) for name, column in fields.items()}, constants, spellings


def _layer(table: Mapping[str, object], base: Path, where: str) -> LayerSource:
    check_keys(table, _LAYER, where)
    layer_role = role(text_of(table, "role", where))
    where = f"{where} ({layer_role.id})"
    source = text_of(table, "source", where)
    refuse_database(source, where)
    authority = text_of(table, "authority", where, "derived")
    if authority not in AUTHORITIES:
        raise wrong_value(where, "authority", authority, Text(" | ".join(AUTHORITIES), " | ".join(AUTHORITIES)))
    accuracy, assumed = _accuracy(table, where)
    vintage, valid_to = _date(table, "vintage", where), _date(table, "valid_to", where)
    if vintage and valid_to and valid_to < vintage:
        raise wrong_value(where, "valid_to", str(valid_to), Text(f"不早于 {vintage}", f"{vintage} or later"))
    filter_ = text_of(table, "where", where, "")
    parse_where(filter_, where)
    fields, values, spellings = _mappings(table, layer_role, where)
    return LayerSource(
        layer_role.id,
        _path(source, base),
        text_of(table, "layer", where, "") or None,
        filter_,
        vintage,
        valid_to,
        accuracy,
        authority,
        fields,
        values,
        accuracy_assumed=assumed,
        crs=text_of(table, "crs", where, "") or None,
        encoding=text_of(table, "encoding", where, "") or None,
        spellings=spellings,
    )


def _absence(table: Mapping[str, object], where: str) -> Absence:
    check_keys(table, _ABSENT, where)
    id_ = role(text_of(table, "role", where)).id
    where = f"{where} ({id_})"
    state = text_of(table, "state", where)
    if state not in ABSENCE_STATES:
        raise wrong_value(where, "state", state, Text(" | ".join(ABSENCE_STATES), " | ".join(ABSENCE_STATES)))
    day, valid_to = _date(table, "date", where), _date(table, "valid_to", where)
    if state == "not_held":
        return Absence(id_, state, text_of(table, "by", where, ""), text_of(table, "basis", where, ""), day, valid_to)
    by, basis = text_of(table, "by", where), text_of(table, "basis", where)
    if day is None:
        raise wrong_value(where, "date", None, Text("确认的日期", "the day it was confirmed"))
    limit = _a_year_after(day)
    valid_to = valid_to or limit
    if not day <= valid_to <= limit:
        raise wrong_value(
            where,
            "valid_to",
            str(valid_to),
            Text(
                f"{day} 至 {limit}（确认的有效期不超过一年）",
                f"{day} to {limit} (a confirmation holds one year at most)",
            ),
        )
    return Absence(id_, state, by, basis, day, valid_to)


def _access_list(table: Mapping[str, object], base: Path, where: str) -> AccessList:
    check_keys(table, ("source", "layer", "fields"), where)
    source = text_of(table, "source", where)
    refuse_database(source, where)
    fields = table_of(table, "fields", where)
    check_keys(fields, ACCESS_LIST_FIELDS, f"{where} fields")
    return AccessList(
        _path(source, base),
        text_of(table, "layer", where, "") or None,
        {name: text_of(fields, name, f"{where} fields") for name in fields},
    )


def _check_roles(sources: tuple[LayerSource, ...], absences: tuple[Absence, ...], where: str) -> None:
    seen: set[tuple[object, ...]] = set()
    for source in sources:
        key = (source.role, source.source, source.layer, source.where)
        if key in seen:
            raise LayerSetError(
                Text(
                    f"{where}：{source.role} 的同一数据源写了两次",
                    f"{where}: the same source stands twice for {source.role}",
                ),
                Text(source.label, source.label),
                Text("请删去一处。", "Remove one of them."),
            )
        seen.add(key)
    said: set[str] = set()
    for absence in absences:
        if absence.role in said or any(source.role == absence.role for source in sources):
            raise LayerSetError(
                Text(
                    f"{where}：{absence.role} 的 [[absent]] 与其他声明矛盾",
                    f"{where}: [[absent]] of {absence.role} contradicts another entry",
                ),
                Text(
                    "一个角色或者有数据源，或者只声明一次没有。", "A role has a source, or is said once to have none."
                ),
                Text("请删去多余的一处。", "Remove what does not hold."),
            )
        said.add(absence.role)


def load(path: Path | str) -> LayerSet:
    """Return the layer set that a TOML file declares.

    Parameters
    ----------
    path : Path or str
        The file; the paths inside are relative to it.

    Raises
    ------
    LayerSetError
        The file is absent or no TOML, a key or role is unknown, a value has no
        meaning; the message names file, table, key and remedy.
    SourceError
        A source is a database connection.
    """
    file = Path(path).expanduser().resolve()
    where, base = str(file), file.parent
    table = load_toml(file)
    check_keys(table, _TOP, where)
    sources = tuple(
        _layer(entry, base, f"{where} [[layer]] {n}") for n, entry in enumerate(tables_of(table, "layer", where), 1)
    )
    absences = tuple(
        _absence(entry, f"{where} [[absent]] {n}") for n, entry in enumerate(tables_of(table, "absent", where), 1)
    )
    if not sources:
        raise LayerSetError(
            Text(f"{where}：没有任何 [[layer]]", f"{where}: there is no [[layer]]"),
            remedy=Text("至少写明一个图层的 role 和 source。", "Name role and source of at least one layer."),
        )
    _check_roles(sources, absences, where)
    profile = text_of(table, "profile", where, "") or None
    if profile and profile.endswith(".toml"):
        profile = _path(profile, base)
    listed = table_of(table, "access_list", where)
    return LayerSet(
        text_of(table, "name", where, file.stem),
        sources,
        absences,
        profile,
        _access_list(listed, base, f"{where} [access_list]") if "access_list" in table else None,
        file,
    )
