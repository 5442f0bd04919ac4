"""The tables of a dossier against those of its re-run, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ....layers.texts import Text
from ..table import Column, Table
from ..tables import (
    DAYS,
    FACTS,
    FINDINGS,
    GAPS,
    LAYERS,
    OUTCOMES,
    ROLES,
    RULES,
    UNIT_ITEMS,
    UNITS,
    VERDICTS,
)
from .differences import Difference, Subject

# The columns by which a row is known again; rows that share them are told apart by their order.
KEYS: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    table.name: (table, key)
    for table, key in (
        (VERDICTS, ("site_id",)),
        (FINDINGS, ("site_id", "rule_id", "role", "feature_id", "bank_def")),
        (FACTS, ("site_id", "role", "layer", "feature_id")),
        (UNITS, ("site_id", "unit_code")),
        (ROLES, ("site_id", "role")),
        (DAYS, ("site_id", "basis", "day")),
        (OUTCOMES, ("site_id",)),
        (LAYERS, ("role", "layer")),
        (GAPS, ("cause", "roles", "rule_ids")),
        (RULES, ("rule_id",)),
        (UNIT_ITEMS, ("unit_code", "item_id", "dimension")),
    )
}
# A figure may differ by this much in its unit: 1 mm on the ground, also as an angle of 1 mm at the Earth's surface.
ABSOLUTE = {"m": 1e-3, "m²": 1e-3, "°": 1e-8}
BEARING_DEG = 0.01  # a millimetre at either end turns a short line more than the figures show
RELATIVE = 1e-9
LISTED = 200


def compare_tables(kept: pd.DataFrame, made: pd.DataFrame, name: str) -> Iterator[Difference]:
    """Yield what differs between a table of the dossier and that of its re-run.

    Parameters
    ----------
    kept, made : DataFrame
        As declared in `tables`.
    name : str
        Of the table; one of `KEYS`.

    Yields
    ------
    Difference
        A row that is missing or added, or a cell that differs beyond 1 mm, 1e-3 m² or 1e-9 of itself; at most
        `LISTED`, the rest as one count.
    """
    table, key = KEYS[name]
    one, other = _keyed(kept, key), _keyed(made, key)
    differing = list(_rows(one, other, table))
    both = one.index.intersection(other.index, sort=False)
    one, other = one.loc[both], other.loc[both]
    for column in table.columns:
        if column.name not in key and not _read_apart(name, column):
            differing += _cells(one, other, table, column)
    if table.geometry:
        differing += _shapes(one, other, table)
    yield from differing[:LISTED]
    if len(differing) > LISTED:
        more = len(differing) - LISTED
        yield Difference(Subject.RESULT, str(table.title), Text("另有差异", "more differences"), more, "")


def _read_apart(name: str, column: Column) -> bool:
    """Return whether a column is judged by `inputs`: what went in, not what came out."""
    return name == OUTCOMES.name and column.name != "codes"


def _keyed(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    ordered = pd.DataFrame(frame).sort_values([*key], kind="stable")
    number = ordered.groupby([*key], sort=False).cumcount()
    return ordered.set_index(pd.MultiIndex.from_arrays([*(ordered[name] for name in key), number]))


def _rows(one: pd.DataFrame, other: pd.DataFrame, table: Table) -> Iterator[Difference]:
    there, gone = Text("有", "there"), Text("无", "not there")
    for index in one.index.difference(other.index):
        yield Difference(Subject.RESULT, _item(table, index), Text("整行", "row"), there, gone)
    for index in other.index.difference(one.index):
        yield Difference(Subject.RESULT, _item(table, index), Text("整行", "row"), gone, there)


def _cells(one: pd.DataFrame, other: pd.DataFrame, table: Table, column: Column) -> Iterator[Difference]:
    kept, made = one[column.name].to_numpy(), other[column.name].to_numpy()
    differ = _far(kept, made, column) if column.kind == "float" else kept.astype(str) != made.astype(str)
    for at in np.flatnonzero(differ):
        yield Difference(Subject.RESULT, _item(table, one.index[at]), column.heading, kept[at], made[at])


def _far(kept: NDArray[np.float64], made: NDArray[np.float64], column: Column) -> NDArray[np.bool_]:
    least = BEARING_DEG if column.name == "bearing_deg" else ABSOLUTE.get(column.unit, 0.0)
    room = np.maximum(least, RELATIVE * np.abs(made))
    both = np.isnan(kept) & np.isnan(made)
    with np.errstate(invalid="ignore"):
        return np.asarray(~both & ~(np.abs(kept - made) <= room))


def _shapes(one: pd.DataFrame, other: pd.DataFrame, table: Table) -> Iterator[Difference]:
    kept, made = (np.asarray(gpd.GeoSeries(frame["geometry"]).array, dtype=object) for frame in (one, other))
    for at in np.flatnonzero(~shapely.equals_exact(kept, made, tolerance=ABSOLUTE["°"])):
        heading = Text("图形", "shape")
        yield Difference(Subject.RESULT, _item(table, one.index[at]), heading, kept[at].wkt, made[at].wkt)


def _item(table: Table, index: tuple[object, ...]) -> str:
    """Return the table's title with the key of a row; the order among equal keys only beyond the first."""
    *key, number = index
    named = " / ".join(str(part) for part in key if part != "")
    again = f" ({int(str(number)) + 1})" if number else ""
    return f"{table.title}: {named}{again}"


def compare_figures(
    sealed: Mapping[str, Mapping[str, float]], now: Mapping[str, Mapping[str, float]]
) -> Iterator[Difference]:
    """Yield the totals per rule in seal.json that differ: a millimetre or 1e-3 m² per finding, or 1e-9 of the total."""
    for rule_id in sorted({*sealed, *now}):
        was, is_ = sealed.get(rule_id, {}), now.get(rule_id, {})
        for name in sorted({*was, *is_}):
            one, other = was.get(name, 0.0), is_.get(name, 0.0)
            room = 0.0 if name == "n" else max(1e-3 * max(is_.get("n", 1.0), 1.0), RELATIVE * abs(other))
            if not abs(one - other) <= room:
                yield Difference(Subject.RESULT, f"seal.json: {rule_id}", name, one, other)
