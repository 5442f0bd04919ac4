"""Field values of a layer: texts, numbers and canonical words out of the columns as read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import SourceError
from .quality import named
from .role import FieldSpec, Role
from .sources import LayerSource
from .texts import Text


@dataclass(frozen=True)
class Filled:
    """Field values of a layer.

    Attributes
    ----------
    frame : DataFrame
        Every field of the role; text or None, numbers as float.
    as_read : dict
        Used fields in role order, as texts before any spelling was made canonical: what digests cover.
    notes : tuple of Text
        What was derived, and how many values are missing.
    """

    frame: pd.DataFrame
    as_read: dict[str, Sequence[str | None]]
    notes: tuple[Text, ...]


def _one_text(value: object) -> str | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip() or None


def as_text(column: NDArray[np.generic]) -> list[str | None]:
    """Return a column as stripped texts; None where it is empty. 1.0 reads ``1``."""
    values = column.tolist()
    if set(map(type, values)) <= {str, type(None)}:
        return [value.strip() or None if value else None for value in values]
    known: dict[object, str | None] = {}
    out = []
    for value in values:
        if value not in known:
            known[value] = _one_text(value)
        out.append(known[value])
    return out


def _number(text: str | None) -> float:
    if text is None:
        return math.nan
    value = float(text.replace(",", ""))
    if not math.isfinite(value) or value < 0:
        raise ValueError(text)
    return value


def _wrong(spec: FieldSpec, bad: dict[str, list[object]], where: str) -> SourceError:
    spelling = next(iter(bad))
    listed = named([repr(word) for word in bad])
    fids = named(bad[spelling])
    wanted = ", ".join(dict.fromkeys((*spec.values, *spec.options))) if spec.values else "0, 12.5 …"
    example = spec.options[0] if spec.options else "…"
    return SourceError(
        Text(
            f"{where}：字段 {spec.name} 的值 {listed} 无法理解，要素：{fids}",
            f"{where}: {spec.name} = {listed} has no meaning, features: {fids}",
        ),
        Text(f"可用：{wanted}", f"Known: {wanted}"),
        Text(
            f'请改正数据，或在图层配置中写 spellings = {{ {spec.name} = {{ "{spelling}" = "{example}" }} }}。',
            f'Correct the data, or say spellings = {{ {spec.name} = {{ "{spelling}" = "{example}" }} }} there.',
        )
        if spec.values
        else Text("请改正数据。", "Correct the data."),
    )


def _canonical(
    spec: FieldSpec, texts: Sequence[str | None], extra: Mapping[str, str] | None, fids: NDArray[np.object_], where: str
) -> list[object]:
    """Return canonical words or numbers; refuse what has no meaning, naming the features."""
    known: dict[str, object] = {}
    bad: dict[str, list[object]] = {}
    for i, text in enumerate(texts):
        if text is None or text in known:
            continue
        if text in bad:
            bad[text].append(fids[i])
            continue
        word: object
        if spec.kind == "number":
            try:
                word = _number(text)
            except ValueError:
                word = None
        else:
            word = spec.canonical(text, extra)
        if word is None:
            bad[text] = [fids[i]]
        else:
            known[text] = word
    if bad:
        raise _wrong(spec, bad, where)
    nothing = math.nan if spec.kind == "number" else None
    return [nothing if text is None else known[text] for text in texts]


def _derive(
    layer_role: Role, spec: FieldSpec, texts: Sequence[object], as_read: Mapping[str, Sequence[str | None]]
) -> tuple[list[object], dict[str, str]]:
    """Return a field with its empty values filled from another field, and what was taken for what.

    Another field tells it by its spelling (old and new zones of a reserve), or by its form (the class in a unit code).
    """
    words: dict[str, str] = {}
    tellers = [(name, as_read[name]) for name in layer_role.fields if name in as_read]
    out = list(texts)
    for name, origin in tellers:
        form = layer_role.fields[name].form
        by_form = re.compile(form) if f"(?P<{spec.name}>" in form else None
        if name != spec.origin and by_form is None:
            continue
        for i, text in enumerate(origin):
            if out[i] is not None or text is None:
                continue
            word = spec.derived.get(text) if name == spec.origin else None
            found = by_form.fullmatch(text) if by_form else None
            if found:
                word = spec.canonical(found[spec.name])
            if word is not None:
                out[i] = word
                words[text] = word
    return out, words


def _notes_on(spec: FieldSpec, texts: Sequence[object], words: Mapping[str, str], read: bool, where: str) -> list[Text]:
    notes = []
    if words:
        in_chinese = named([f"{text} → {spec.word(word)}" for text, word in words.items()])
        listed = named([f"{text} → {word}" for text, word in words.items()])
        notes.append(
            Text(
                f"{where}：{spec.title}未填处由其他字段推得：{in_chinese}",
                f"{where}: {spec.name}, where empty, follows from another field: {listed}",
            )
        )
    missing = sum(text is None for text in texts)
    if read and missing and (spec.required or spec.values):
        notes.append(
            Text(f"{where}：{missing} 个要素未填{spec.title}", f"{where}: {missing} features leave {spec.name} empty")
        )
    return notes


def fill_fields(
    source: LayerSource,
    layer_role: Role,
    columns: Mapping[str, NDArray[np.generic]],
    found: Mapping[str, str],
    constants: Mapping[str, str | float],
    fids: NDArray[np.object_],
    where: str,
) -> Filled:
    """Return every field of a role.

    Parameters
    ----------
    source : LayerSource
        For its spellings.
    layer_role : Role
        The role.
    columns : mapping of str to ndarray
        Columns as read.
    found : mapping of str to str
        Role field to column.
    constants : mapping of str to str or float
        Values that hold for the whole layer.
    fids : ndarray of str
        Names of the features, for messages.
    where : str
        File and layer, for messages.

    Raises
    ------
    SourceError
        A value of a field with fixed words has no meaning, or a number is none.
    """
    n = len(fids)
    as_read: dict[str, Sequence[str | None]] = {}
    data: dict[str, list[object]] = {}
    for name, spec in layer_role.fields.items():
        if name in constants:
            as_read[name] = [str(constants[name])] * n
            data[name] = [constants[name]] * n
        elif name in found:
            as_read[name] = as_text(columns[found[name]])
            data[name] = _canonical(spec, as_read[name], source.spellings.get(name), fids, where)
        else:
            data[name] = [math.nan if spec.kind == "number" else None] * n
    notes = []
    frame = pd.DataFrame(index=pd.RangeIndex(n))
    for name, spec in layer_role.fields.items():
        if spec.kind == "number":
            frame[name] = np.array(data[name], dtype=float)
            continue
        texts, words = _derive(layer_role, spec, data[name], as_read)
        frame[name] = np.array(texts, dtype=object)
        notes += _notes_on(spec, texts, words, name in found, where)
    return Filled(frame, as_read, tuple(notes))
