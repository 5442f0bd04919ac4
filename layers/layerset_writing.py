"""A layer set as a TOML file that `layerset.load` reads back as the same."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from .errors import LayerSetError
from .files import whole_file
from .sources import Absence, LayerSet, LayerSource
from .texts import Text


def write(layer_set: LayerSet, path: Path | str) -> Path:
    """Write a layer set; the file bears its name only when it is whole.

    Parameters
    ----------
    layer_set : LayerSet
        Its sources are files; paths are written relative to the file where they lie below it or beside it.
    path : path-like
        Ends in .toml.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    LayerSetError
        A source is held in memory only, which no file can name.
    DossierError
        The file cannot be written.
    """
    target = Path(path).expanduser().resolve()
    text = text_of(layer_set, target.parent)
    with whole_file(target) as part:
        part.write_text(text, encoding="utf-8")
    return target


def text_of(layer_set: LayerSet, base: Path | None = None) -> str:
    """Return a layer set as TOML; without a base folder all its paths are absolute.

    Raises
    ------
    LayerSetError
        A source is held in memory only.
    """
    held = [source.role for source in layer_set.sources if source.frame is not None]
    if held:
        listed = "、".join(held)
        raise LayerSetError(
            Text(f"图层只在内存中，不能写入图层配置：{listed}", f"Layers held in memory cannot be written: {listed}"),
            remedy=Text("请先导出为 GeoPackage。", "Export them to a GeoPackage first."),
        )
    return "\n".join(_lines(layer_set, base)) + "\n"


def _lines(layer_set: LayerSet, base: Path | None) -> Iterator[str]:
    yield f"name = {_word(layer_set.name)}"
    if layer_set.profile:
        profile = layer_set.profile
        yield f"profile = {_word(_beside(profile, base) if profile.endswith('.toml') else profile)}"
    if layer_set.access_list is not None:
        listed = layer_set.access_list
        yield from ("", "[access_list]", f"source = {_word(_beside(listed.source, base))}")
        yield from _given("layer", listed.layer)
        yield from _table("fields", listed.fields)
    for source in layer_set.sources:
        yield from _layer(source, base)
    for absence in layer_set.absences:
        yield from _absent(absence)


def _layer(source: LayerSource, base: Path | None) -> Iterator[str]:
    yield from ("", "[[layer]]", f"role = {_word(source.role)}", f"source = {_word(_beside(source.source, base))}")
    yield from _given("layer", source.layer)
    yield from _given("where", source.where)
    yield from _day("vintage", source.vintage)
    yield from _day("valid_to", source.valid_to)
    if not source.accuracy_assumed:
        yield f"accuracy_m = {float(source.accuracy_m)!r}"
    yield f"authority = {_word(source.authority)}"
    yield from _table("fields", source.fields)
    yield from _table("values", source.values)
    yield from _given("crs", source.crs)
    yield from _given("encoding", source.encoding)
    spelt = {name: words for name, words in source.spellings.items() if words}
    if spelt:
        inner = ", ".join(f"{_key(name)} = {_inline(words)}" for name, words in spelt.items())
        yield f"spellings = {{ {inner} }}"


def _absent(absence: Absence) -> Iterator[str]:
    yield from ("", "[[absent]]", f"role = {_word(absence.role)}", f"state = {_word(absence.state)}")
    yield from _given("by", absence.by)
    yield from _given("basis", absence.basis)
    yield from _day("date", absence.day)
    yield from _day("valid_to", absence.valid_to)


def _beside(source: str, base: Path | None) -> str:
    """Return a path relative to the file where that is short, so that a folder can be moved as a whole."""
    if base is None or source.startswith("/vsi"):
        return source
    try:
        relative = Path(os.path.relpath(source, base))
    except ValueError:  # another drive
        return source
    return relative.as_posix() if relative.parts[:2] != ("..", "..") else Path(source).as_posix()


def _given(name: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"{name} = {_word(value)}"


def _day(name: str, value: date | None) -> Iterator[str]:
    if value is not None:
        yield f"{name} = {value.isoformat()}"


def _table(name: str, values: Mapping[str, str | float]) -> Iterator[str]:
    if values:
        yield f"{name} = {_inline(values)}"


def _inline(values: Mapping[str, str | float]) -> str:
    return "{ " + ", ".join(f"{_key(name)} = {_value(value)}" for name, value in values.items()) + " }"


def _value(value: str | float) -> str:
    return _word(value) if isinstance(value, str) else repr(float(value))


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _word(name)


def _word(text: str) -> str:
    """Return a TOML basic string."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    out = "".join(escapes.get(char, char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}") for char in text)
    return f'"{out}"'
