"""Weights of the restoration priority, read from a TOML file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ....layers.declarations import check_keys, load_toml, tables_of, text_of, wrong_value
from ....layers.errors import SourceError
from ....layers.texts import Text

SHIPPED = Path(__file__).with_name("weights.toml")
When = Literal["", "latest", "whole"]
_TOP = ("name", "draws", "spread", "seed", "top", "least_covered", "criterion")
_CRITERION = ("id", "title", "title_en", "indicator", "date", "weight", "low", "high")


@dataclass(frozen=True)
class Criterion:
    """One part of the score.

    Attributes
    ----------
    id : str
    title : Text
    indicator : str
        Of the table of indicators.
    when : {"", "latest", "whole"}
    weight : float
    low, high : float
        Values that score 0 and 1.
    """

    id: str
    title: Text
    indicator: str
    when: When
    weight: float
    low: float
    high: float


@dataclass(frozen=True)
class Weights:
    """All criteria, how the weights are varied, and the share of an area that a value must stand on to count."""

    name: str
    criteria: tuple[Criterion, ...]
    draws: int = 2000
    spread: float = 0.5
    seed: int = 2026
    top: int = 10
    least_covered: float = 0.5


def load_weights(path: str | Path | None = None) -> Weights:
    """Read weights; without a path those shipped.

    Raises
    ------
    SourceError
        Naming file, criterion and key.
    """
    path = SHIPPED if path is None else Path(path)
    data, where = load_toml(path, SourceError), path.name
    check_keys(data, _TOP, where, SourceError)
    entries = tables_of(data, "criterion", where)
    criteria = tuple(_criterion(entry, f"{where} [[criterion]] {n}") for n, entry in enumerate(entries, start=1))
    ids = [criterion.id for criterion in criteria]
    if not criteria or len(set(ids)) < len(ids) or not sum(criterion.weight for criterion in criteria) > 0:
        wanted = Text(
            "至少一个 [[criterion]]，id 不重复，权重之和大于 0", "a [[criterion]] or more, ids unlike, weights above 0"
        )
        raise wrong_value(where, "criterion", ids, wanted, SourceError)
    return Weights(
        text_of(data, "name", where, path.stem),
        criteria,
        int(_number(data, "draws", where, 1, 100_000, 2000)),
        _number(data, "spread", where, 0.0, 1.0, 0.5),
        int(_number(data, "seed", where, 0, 2**63 - 1, 2026)),
        int(_number(data, "top", where, 1, 10_000, 10)),
        _number(data, "least_covered", where, 0.0, 1.0, 0.5),
    )


def _criterion(table: Mapping[str, object], where: str) -> Criterion:
    check_keys(table, _CRITERION, where, SourceError)
    id_ = text_of(table, "id", where)
    where = f"{where} ({id_})"
    title = text_of(table, "title", where, id_)
    when = text_of(table, "date", where, "")
    if when not in ("", "latest", "whole"):
        raise wrong_value(where, "date", when, Text('"" | latest | whole', '"" | latest | whole'), SourceError)
    low, high = (_number(table, key, where, -1e12, 1e12) for key in ("low", "high"))
    if low == high:
        raise wrong_value(where, "high", high, Text("与 low 不同的数", "a number unlike low"), SourceError)
    return Criterion(
        id_,
        Text(title, text_of(table, "title_en", where, title)),
        text_of(table, "indicator", where),
        when,  # type: ignore[arg-type]
        _number(table, "weight", where, 0.0, 1e6),
        low,
        high,
    )


def _number(
    table: Mapping[str, object], key: str, where: str, least: float, most: float, default: float | None = None
) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong_value(where, key, value, Text("数字", "a number"), SourceError)
    if not least <= value <= most:
        raise wrong_value(where, key, value, Text(f"{least:g} 至 {most:g}", f"{least:g} to {most:g}"), SourceError)
    return float(value)
