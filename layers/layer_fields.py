"""Which column of a source is which field of its role."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .columns import find_column, match_columns
from .declarations import wrong_value
from .errors import LayerSetError, SourceError
from .role import FieldSpec, Role
from .sources import LayerSource
from .texts import Text


def find_fields(
    source: LayerSource, layer_role: Role, columns: Sequence[str], where: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the column of each role field, and those of them that were guessed by alias.

    Raises
    ------
    SourceError
        A column named in the layer set is not there, several columns match one field, or a
        required field has neither column nor constant value.
    """
    there = ", ".join(columns)
    named = {}
    for name, column in source.fields.items():
        hit = find_column(column, columns)
        if hit is None:
            raise SourceError(
                Text(f"{where}：没有列 {column!r}（字段 {name}）", f"{where}: no column {column!r} (field {name})"),
                Text(f"现有的列：{there}", f"Columns there are: {there}"),
                Text("请改正图层配置中的 fields。", "Correct fields in the layer set."),
            )
        named[name] = hit
    open_fields = {
        name: spec.aliases
        for name, spec in layer_role.fields.items()
        if name not in named and name not in source.values
    }
    guessed = match_columns(
        open_fields,
        [column for column in columns if column not in named.values()],
        where,
        SourceError,
        lambda name, column: Text(
            f'请在图层配置中写明 fields = {{ {name} = "{column}" }}。',
            f'Say in the layer set: fields = {{ {name} = "{column}" }}.',
        ),
    )
    found = {**named, **guessed}
    for name, spec in layer_role.fields.items():
        if spec.required and name not in found and name not in source.values:
            raise _missing(spec, layer_role, there, where)
    return {name: found[name] for name in layer_role.fields if name in found}, guessed


def _missing(spec: FieldSpec, layer_role: Role, there: str, where: str) -> SourceError:
    example = spec.options[0] if spec.options else "…"
    return SourceError(
        Text(
            f"{where}：缺少 {layer_role.name.zh} 必需的字段 {spec.name}",
            f"{where}: {layer_role.id} needs the field {spec.name}",
        ),
        Text(f"现有的列：{there}", f"Columns there are: {there}"),
        Text(
            f'请在图层配置中写 fields = {{ {spec.name} = "列名" }}；'
            f'整层同值时写 values = {{ {spec.name} = "{example}" }}。',
            f'Say fields = {{ {spec.name} = "column" }} in the layer set, or values = {{ {spec.name} = "{example}" }} '
            "where it is the same for all features.",
        ),
    )


def canonical_constant(
    spec: FieldSpec, value: object, where: str, extra: Mapping[str, str] | None = None
) -> str | float:
    """Return a value that holds for a whole layer as the engine knows it.

    Raises
    ------
    LayerSetError
        The value has no meaning for the field.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if spec.kind == "number":
        if not number or not math.isfinite(float(str(value))):
            raise wrong_value(where, spec.name, value, Text("数字", "a number"))
        return float(str(value))
    text = spec.canonical(str(value).strip(), extra) if number or isinstance(value, str) else None
    if not text:
        options = ", ".join(spec.options) or "…"
        raise wrong_value(where, spec.name, value, Text(f"文本，可用：{options}", f"a text, one of: {options}"))
    return text


def constants_of(source: LayerSource, layer_role: Role) -> dict[str, str | float]:
    """Return the values that hold for the whole layer, as the engine knows them.

    Raises
    ------
    LayerSetError
        A field is none of the role, or a value has no meaning for it.
    """
    found: dict[str, str | float] = {}
    for name, value in source.values.items():
        if name not in layer_role.fields:
            raise LayerSetError(
                Text(
                    f"{source.label}：角色 {source.role} 没有字段 {name}",
                    f"{source.label}: role {source.role} has no field {name}",
                ),
                remedy=Text("可用：" + ", ".join(layer_role.fields), "There are: " + ", ".join(layer_role.fields)),
            )
        extra = source.spellings.get(name)
        found[name] = canonical_constant(layer_role.fields[name], value, source.label, extra)
    return found
