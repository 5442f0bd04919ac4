"""The table of sites: columns recognised and typed, ids unique, geometry fit for judging."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import is_

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .columns import match_columns
from .coordinates import TARGET, accept, added_vertices, to_lonlat
from .digests import SIZE, canonical_wkb, feature_digests
from .errors import SitesError
from .noticed import Noticed
from .progress import Progress
from .project_words import date_of, flag_of_word, industry_of, measures, measures_of, nature_of, number_of
from .quality import Repaired, check_finite, check_kinds, named, nothing_there, pieces, repair
from .site_columns import SiteColumn, site_columns
from .texts import Text
from .unread import UNREAD, unread_before, unread_words
from .values import as_text

DIAGNOSIS_COLUMNS = ("row", "site_id", "column", "value", "problem", "zh", "en")


class Attached(tuple[object, ...]):
    """A tuple beside a frame that pandas, which copies `attrs` deeply at every step, passes on as it is."""

    def __deepcopy__(self, memo: dict[int, object]) -> Attached:
        """Return itself: nothing in it changes."""
        return self


def diagnosis_frame(noticed: Sequence[Noticed]) -> pd.DataFrame:
    """Return what was noticed as a table."""
    return pd.DataFrame(noticed, columns=list(DIAGNOSIS_COLUMNS))


_READERS: dict[str, Callable[[str], object]] = {
    "nature": nature_of,
    "industry": industry_of,
    "measures": measures_of,
    "flag": flag_of_word,
    "date": date_of,
    "quantity": number_of,
}
_UNKNOWN = {
    "nature": Text("建设性质的写法未知，按未填处理", "unknown word for the nature of the project, taken as not given"),
    "industry": Text("行业代码不在 GB/T 4754-2017 中，按未填处理", "no code of GB/T 4754-2017, taken as not given"),
    "measures": Text(
        "修复措施应为" + "、".join(measures()) + "，按未填处理",
        "measures are " + "、".join(measures()) + "; taken as not given",
    ),
    "flag": Text("应为 是/否，按未填处理", "neither yes nor no, taken as not given"),
    "date": Text("不是日期，按未填处理", "no date, taken as not given"),
    "quantity": Text("不是不小于 0 的数字，按未填处理", "no number of 0 or more, taken as not given"),
}


def normalise(frame: gpd.GeoDataFrame, name: str, progress: Progress = Progress()) -> gpd.GeoDataFrame:
    """Return sites as the engine takes them. The one place where site columns are matched by alias.

    Parameters
    ----------
    frame : GeoDataFrame
        Points, lines or polygons with a CRS; any columns. Not changed.
    name : str
        Where they come from, for messages.
    progress : Progress, optional
        Told, and asked whether to stop, at every 20,000 sites or half a million vertices.

    Returns
    -------
    GeoDataFrame
        RangeIndex, EPSG:4490, x = longitude, 2-D, valid. ``site_id`` first, then every column of
        `site_columns` (text, dates and flags None where not given, quantities NaN), then ``unread`` (what was
        written in them and could not be read, None elsewhere), then the columns
        that have no meaning here, then ``geometry``. ``attrs["digests"]``: one SHA-256 of the WKB as
        read per row, as a tuple of bytes in the order of these rows; ``attrs["diagnosis"]``: a tuple of `Noticed`;
        ``attrs["added"]``: per row the vertices put on long edges for measuring, or None; ``attrs["as_came"]``: per
        row whether its geometry was neither moved nor repaired.

    Raises
    ------
    SitesError
        There is no site or no CRS; two columns match one field; ids are empty or repeated;
        geometry is missing, a collection, or has coordinates that are not numbers. Rows are named.
    """
    if not len(frame):
        raise SitesError(
            Text(f"{name}：没有任何地块", f"{name}: there is no site"), remedy=Text("请核对数据。", "Check the data.")
        )
    geometry_name = frame.geometry.name
    columns = [str(column) for column in frame.columns if column != geometry_name]
    found = find_columns(columns, name)
    ids = site_ids(frame, found.get("site_id"), name)
    rows = np.array([f"{row} ({id_})" for row, id_ in enumerate(ids, 1)], dtype=object)
    noticed: list[Noticed] = []
    geoms, digests, added, as_came = _geometry(frame, rows, ids, name, noticed, progress)
    data: dict[str, object] = {"site_id": ids}
    for column in site_columns():
        if column.name != "site_id":
            values = frame[found[column.name]].to_numpy() if column.name in found else None
            data[column.name] = _typed(column, values, ids, noticed)
    noticed += unread_before(frame, ids, data, _UNKNOWN, noticed)
    data[UNREAD] = unread_words(noticed, len(ids))
    taken = {*found.values(), UNREAD}
    for column_name in columns:
        if column_name not in taken and column_name != "geometry":
            data[column_name] = frame[column_name].to_numpy()
    sites = gpd.GeoDataFrame(data, geometry=geoms, crs=TARGET)
    sites.attrs = {
        "digests": Attached(digests),
        "diagnosis": Attached(sorted(noticed)),
        "added": Attached(added),
        "as_came": Attached(as_came),
    }
    return sites


def find_columns(columns: Sequence[str], name: str) -> dict[str, str]:
    """Return the column of each site column that a table has, by name or alias."""
    return match_columns(
        {column.name: (*column.aliases, column.text.zh) for column in site_columns()},
        columns,
        name,
        SitesError,
        lambda field, column: Text(
            f"请只保留一列作为 {field}，例如删去或改名 {column!r} 以外的列。",
            f"Leave one column for {field}: remove or rename those other than {column!r}.",
        ),
    )


def site_ids(frame: pd.DataFrame, column: str | None, name: str) -> NDArray[np.object_]:
    """Return the id of each row, unique and filled; row numbers from 1 where there is no column of ids."""
    if column is None:
        return np.array([str(row) for row in range(1, len(frame) + 1)], dtype=object)
    ids = np.array(as_text(frame[column].to_numpy()), dtype=object)
    empty = [row for row, id_ in enumerate(ids, 1) if id_ is None]
    if empty:
        raise SitesError(
            Text(f"{name}：第 {named(empty)} 行的 {column} 为空", f"{name}: {column} is empty in rows {named(empty)}"),
            remedy=Text(
                "请为每个地块填写编号，或删去该列（将按行号编号）。",
                "Fill it in, or remove the column (rows are then numbered).",
            ),
        )
    repeated = pd.Series(ids).duplicated(keep=False).to_numpy()
    if repeated.any():
        shown = named([f"{row} ({ids[row - 1]})" for row in np.flatnonzero(repeated) + 1])
        raise SitesError(
            Text(f"{name}：site_id 重复，第 {shown} 行", f"{name}: site_id is repeated in rows {shown}"),
            Text(
                "每个地块的编号必须唯一；同一项目的多个地块用 project_id 关联。",
                "Ids are unique; plots of one project share a project_id.",
            ),
            Text("请修改重复的编号。", "Change the ids that repeat."),
        )
    return ids


def _geometry(
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.object_],
    ids: NDArray[np.object_],
    name: str,
    noticed: list[Noticed],
    progress: Progress,
) -> tuple[NDArray[np.object_], list[bytes], list[NDArray[np.float64] | None], list[bool]]:
    """Return geometry fit for judging, the digests of what came, the vertices put on long edges, and what stayed."""
    came: NDArray[np.object_] = np.asarray(frame.geometry.array, dtype=object)
    chunks = pieces(came)
    for part in chunks:
        _check(came[part], rows[part], name)
    bounds = shapely.total_bounds(came)
    crs = accept(frame.crs, None, (bounds[0], bounds[1], bounds[2], bounds[3]), name, SitesError)
    out = np.empty(len(came), dtype=object)
    digests: list[bytes] = []
    added: list[NDArray[np.float64] | None] = []
    as_came: list[bool] = []
    for part in chunks:
        progress.step(part.start / len(came), Text("核对几何", "Checking geometry"))
        flat = shapely.force_2d(came[part])
        numbers = np.arange(part.start + 1, part.start + len(flat) + 1).astype(object)
        repaired = repair(to_lonlat(flat, crs), numbers)
        _refuse_lost(repaired, rows[part], name)
        for row, problem, problem_zh, before, after in repaired.repairs.itertuples(index=False):
            change = f"{before:.2f} → {after:.2f} m²"
            noticed.append(
                Noticed(int(row), str(ids[int(row) - 1]), "geometry", change, "repaired", problem_zh, problem)
            )
        out[part] = repaired.geoms
        as_came += map(is_, repaired.geoms.tolist(), flat.tolist())
        joined = feature_digests(canonical_wkb(flat)).tobytes()
        digests += [joined[at : at + SIZE] for at in range(0, len(joined), SIZE)]
        added += added_vertices(flat, crs)
    return out, digests, added, as_came


def _check(came: NDArray[np.object_], rows: NDArray[np.object_], name: str) -> None:
    """Refuse geometry that is missing, not finite, or a collection; rows are named."""
    missing = np.flatnonzero(nothing_there(came))
    if len(missing):
        shown = named(rows[missing])
        raise SitesError(
            Text(f"{name}：第 {shown} 行没有几何", f"{name}: no geometry in rows {shown}"),
            remedy=Text("请补绘或删去这些地块。", "Draw or remove these sites."),
        )
    check_finite(came, rows, name, SitesError)
    check_kinds(came, ("point", "line", "polygon"), rows, name, SitesError)


def _refuse_lost(repaired: Repaired, rows: NDArray[np.object_], name: str) -> None:
    lost = np.flatnonzero(~repaired.kept)
    if len(lost):
        shown = named(rows[lost])
        raise SitesError(
            Text(
                f"{name}：第 {shown} 行的几何无面积或长度", f"{name}: geometry without area or length in rows {shown}"
            ),
            Text("；".join(repaired.repairs["problem_zh"].head()), "; ".join(repaired.repairs["problem"].head())),
            Text("请改正或删去这些地块。", "Correct or remove these sites."),
        )


def _typed(
    column: SiteColumn, values: NDArray[np.generic] | None, ids: NDArray[np.object_], noticed: list[Noticed]
) -> NDArray[np.generic]:
    """Return a column in its type; what cannot be read is noticed and left out."""
    quantity = column.kind == "quantity"
    out = np.full(len(ids), math.nan) if quantity else np.full(len(ids), None, dtype=object)
    if values is None:
        return out
    texts = as_text(values)
    read = _READERS.get(column.kind)
    if read is None:
        out[:] = texts
        return out
    known: dict[str | None, object] = {text: read(text) for text in set(texts) if text is not None}
    nothing = math.nan if quantity else None
    unread = {text for text, value in known.items() if value is None or value != value}  # noqa: PLR0124 - NaN
    known |= dict.fromkeys(unread, nothing)
    out = np.fromiter((known.get(text, nothing) for text in texts), out.dtype, len(texts))
    for i in (i for i, text in enumerate(texts) if text in unread) if unread else ():
        words, text = _UNKNOWN[column.kind], str(texts[i])
        noticed.append(Noticed(i + 1, str(ids[i]), column.name, text, f"unknown_{column.kind}", words.zh, words.en))
    return out
