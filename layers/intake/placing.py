"""From the shapes of a reader to sites: which coordinate system, turned into longitude and latitude, checked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from ..columns import plain
from ..coordinates import TARGET, Bounds, accept, says_nothing
from ..errors import SitesError
from ..noticed import Noticed
from ..progress import Progress
from ..project_words import number_of
from ..quality import nothing_there
from ..site_columns import site_columns
from ..site_table import normalise
from ..texts import Text
from ..values import as_text
from . import checks, forensics
from .chosen import refuse_exchanged, refuse_unknown
from .collections_apart import split_collections
from .datum import Shift, mover
from .forensics import Candidate, Evidence, Expected
from .offsets import NOTE
from .shapes import LEFT_OUT, Shapes, notice, objects, wrong
from .systems import System, straight, system_of

_USER_SHIFT = "按用户提供的参数（{}）转换，成果精度由参数提供者负责"


@dataclass(frozen=True, eq=False)
class Placed:
    """Sites, or none where the coordinate system is not clear; what was noticed; the candidates."""

    sites: gpd.GeoDataFrame | None
    noticed: list[Noticed]
    candidates: list[Candidate]


@dataclass(frozen=True, eq=False)
class _Degrees:
    """Shapes whose coordinates are in a known system."""

    geometry: NDArray[np.object_]
    crs: object
    note: str = ""


def place(
    shapes: Shapes, crs: str | None, expected: Expected, shift: Shift | None, progress: Progress = Progress()
) -> Placed:
    """Return the sites of a dataset.

    Parameters
    ----------
    shapes : Shapes
        From a reader.
    crs : str or None
        What the user chose: anything PROJ knows, or a word of `systems`.
    expected : Expected
        Where sites should lie.
    shift : Shift or None
        The user's own shift of datum.

    Raises
    ------
    SitesError
        No site is left, no system fits, the choice contradicts the file, or `normalise` refuses.
    """
    shapes, rows = _without_nothing(split_collections(shapes))
    shapes = _with_ids(shapes)
    noticed = list(shapes.noticed)
    total = shapely.total_bounds(shapes.geometry)
    bounds = (float(total[0]), float(total[1]), float(total[2]), float(total[3]))
    own = None if _contradicts_standard(shapes, bounds) else shapes.crs
    known: _Degrees | None
    found: list[Candidate] = []
    if crs is not None:
        known = _chosen(shapes, own, crs, bounds, shift, noticed)
    elif not says_nothing(own):
        known, found = _own(shapes, own, bounds, expected, shift, noticed)
    else:
        known, found = _proposed(shapes, bounds, expected, noticed)
    if known is None:
        return Placed(None, noticed, found)
    return Placed(_sites(shapes, known, rows, expected, noticed, progress), noticed, found)


def _without_nothing(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Return the features that have geometry and where they stood; the others are listed."""
    geometry = shapes.geometry
    bad = nothing_there(geometry)
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    endless = np.zeros(len(geometry), dtype=bool)
    endless[owner[~np.isfinite(xy).all(axis=1)]] = True
    rows = []
    for row in np.flatnonzero(bad | endless).tolist():
        text = (
            Text("没有几何，未导入", "no geometry, left out")
            if bad[row]
            else Text("坐标不是有限数，未导入", "coordinates are not finite, left out")
        )
        rows.append(notice(row + 1, LEFT_OUT, text))
    kept = np.flatnonzero(~(bad | endless))
    if len(geometry) and not len(kept):
        text = Text("所有要素都没有几何", "no feature has geometry")
        raise wrong(shapes.where, text, Text("请补绘后重新导入。", "Draw them and import again."))
    if not len(geometry):
        lost = next((Text(each.zh, each.en) for each in shapes.noticed if each.problem == LEFT_OUT), Text("", ""))
        raise SitesError(
            Text(f"{shapes.where}：没有任何地块", f"{shapes.where}: there is no site"),
            lost,
            Text("请核对数据。", "Check the data."),
        )
    columns = {name: values[kept] for name, values in shapes.columns.items()}
    return replace(shapes, geometry=geometry[kept], columns=columns, noticed=(*shapes.noticed, *rows)), kept


def _with_ids(shapes: Shapes) -> Shapes:
    """Return the shapes with the parcel numbers of a TXT as ids, where every parcel has its own."""
    numbers = shapes.columns.get("parcel_no")
    if numbers is None:
        return shapes
    columns = {name: values for name, values in shapes.columns.items() if name != "parcel_no"}
    texts = as_text(numbers)
    if None not in texts and len(set(texts)) == len(texts):
        return replace(shapes, columns={"site_id": numbers, **columns})
    text = Text("地块编号缺少或重复，已按顺序编号", "parcel numbers are missing or repeated; sites are numbered")
    noticed = (*shapes.noticed, notice(0, "ids_numbered", text, "", "site_id"))
    return replace(shapes, columns={**columns, "parcel_no_as_read": numbers}, noticed=noticed)


def _contradicts_standard(shapes: Shapes, bounds: Bounds) -> bool:
    """Return whether a format prescribes degrees and the coordinates are none, so that nothing is known."""
    west, south, east, north = bounds
    return shapes.standard and not (west >= -180 and east <= 180 and south >= -90 and north <= 90)


def _chosen(
    shapes: Shapes, own: str | None, word: str, bounds: Bounds, shift: Shift | None, noticed: list[Noticed]
) -> _Degrees:
    """Return the shapes in the system that the user chose."""
    system = system_of(word)
    declared = None if shapes.standard else own
    refuse_unknown(word, system, shapes.where)
    if says_nothing(declared):
        refuse_exchanged(word, system, bounds, shapes.where)
    if system is None:
        crs = _old_or_accepted(declared, word, bounds, shapes.where, shift)
        return _moved(shapes, System(word), crs, shift, noticed)
    if not says_nothing(declared) and (not pyproj.CRS.from_user_input(declared).is_geographic or system.projected):
        raise wrong(
            shapes.where,
            Text(f"所选 {word} 与数据自带的坐标系不一致", f"{word} is not the CRS of the data"),
            Text("请不选坐标系，或先改正数据的坐标系。", "Choose no CRS, or correct the CRS of the data."),
        )
    if system.crs == TARGET and not system.shifted:
        return _straightened(shapes, system, TARGET, noticed)
    if not system.shifted:
        x, y = ((bounds[1], bounds[3]), (bounds[0], bounds[2])) if system.swapped else (bounds[::2], bounds[1::2])
        crs = _old_or_accepted(None, system.crs, (x[0], y[0], x[1], y[1]), shapes.where, shift)
        return _moved(shapes, system, crs, shift, noticed)
    text = Text(f"已由 {system.crs} 反算：{NOTE}", f"turned back from {system.crs}; it may not serve as a border")
    noticed.append(notice(0, "shifted_back", text, system.crs, "coordinate_note"))
    return replace(_straightened(shapes, system, TARGET, noticed), note=NOTE)


def _old_or_accepted(own: object, declared: object, bounds: Bounds, where: str, shift: Shift | None) -> pyproj.CRS:
    """Return the system, Xian 1980 and Beijing 1954 only where the user brings his own shift."""
    said = declared if says_nothing(own) else own
    if shift is not None and said is not None:
        try:
            parsed = pyproj.CRS.from_user_input(said)
        except pyproj.exceptions.CRSError:
            parsed = None
        if parsed is not None and _is_old(parsed):
            return parsed
    return accept(own, declared, bounds, where, SitesError)


def _is_old(crs: pyproj.CRS) -> bool:
    datum = crs.geodetic_crs.datum.name.lower() if crs.geodetic_crs and crs.geodetic_crs.datum else ""
    return datum.startswith(("xian 1980", "beijing 1954"))


def _moved(shapes: Shapes, system: System, crs: pyproj.CRS, shift: Shift | None, noticed: list[Noticed]) -> _Degrees:
    if not _is_old(crs) or shift is None:
        return _straightened(shapes, system, crs, noticed)
    move = mover(shift, system, crs, shapes.where)
    fine = shapely.segmentize(shapes.geometry, 200.0) if crs.is_projected else shapes.geometry
    order = replace(system, datum="cgcs2000")
    moved = shapely.transform(fine, lambda xy: move(straight(xy, order)))
    note = _USER_SHIFT.format(shift.name)
    text = Text(note, f"shifted by the user's own parameters ({shift.name}), who answers for them")
    noticed.append(notice(0, "datum_shifted", text, crs.name, "coordinate_note"))
    return _Degrees(moved, TARGET, note)


def _straightened(shapes: Shapes, system: System, crs: object, noticed: list[Noticed]) -> _Degrees:
    if not (system.swapped or system.packed or system.shifted):
        return _Degrees(shapes.geometry, crs)
    geometry = shapely.transform(shapes.geometry, lambda xy: straight(xy, system))
    if system.swapped or system.packed:
        noticed.append(
            notice(0, "rewritten", Text(f"按“{system.text.zh}”读取", f"read as {system.text.en}"), system.word)
        )
    return _Degrees(geometry, crs)


def _own(
    shapes: Shapes, own: object, bounds: Bounds, expected: Expected, shift: Shift | None, noticed: list[Noticed]
) -> tuple[_Degrees | None, list[Candidate]]:
    """Return the shapes in the system of the file, unless a reference shows that they are shifted."""
    crs = _old_or_accepted(own, None, bounds, shapes.where, shift)
    if crs.is_geographic and not _is_old(crs):
        suspected = forensics.shift_suspected(shapes.geometry, expected)
        if suspected is not None:
            text = Text(
                f"按 {suspected.crs} 反算后与参考图层重合，疑为偏移坐标，请选择",
                f"it lies on the reference once {suspected.crs} is undone: choose",
            )
            noticed.append(notice(0, "suspected_shift", text, suspected.crs))
            return None, forensics.candidates(Evidence(shapes.geometry, shapes.header, _declared(shapes)), expected)
        if shapes.standard:
            text = Text(
                "该格式规定为 WGS84；若在网络地图上绘制，可能是 GCJ-02（偏约 500 米）或 BD-09（偏约 1.1 公里），请核对",
                "WGS 84 by the standard; drawn on a web map it may be GCJ-02 (500 m off) or BD-09 (1.1 km): check",
            )
            noticed.append(notice(0, "standard_crs", text, str(own)))
    return _moved(shapes, System(str(own)), crs, shift, noticed), []


def _proposed(
    shapes: Shapes, bounds: Bounds, expected: Expected, noticed: list[Noticed]
) -> tuple[_Degrees | None, list[Candidate]]:
    """Return the shapes in the system that evidence makes clear, else the candidates."""
    found = forensics.candidates(Evidence(shapes.geometry, shapes.header, _declared(shapes)), expected)
    if not found:
        shown = ", ".join(f"{value:.8g}" for value in bounds)
        raise wrong(
            shapes.where,
            Text(f"坐标范围 {shown} 不像任何常用坐标系", f"the coordinates ({shown}) fit no system in common use"),
            Text(
                "请核对坐标与单位；若为独立坐标系，请由提供方转换为 CGCS2000。",
                "Check coordinates and units; have a local system converted to CGCS2000 by its owner.",
            ),
        )
    best = forensics.clear(found)
    if best is None or best.system.shifted:
        listed = "；".join(f"{one.system.word}（{one.system.text.zh}，{one.score:.0%}）" for one in found[:5])
        english = "; ".join(f"{one.system.word} ({one.system.text.en}, {one.score:.0%})" for one in found[:5])
        text = Text(f"坐标系不能确定，请从候选中选择：{listed}", f"the CRS is not clear, choose one of: {english}")
        noticed.append(notice(0, "no_crs", text, "", ""))
        return None, found
    told = "；".join(reason.zh for reason in best.reasons)
    english = "; ".join(reason.en for reason in best.reasons)
    text = Text(f"坐标系判定为 {best.system.text.zh}：{told}", f"the CRS is {best.system.text.en}: {english}")
    noticed.append(notice(0, "crs_found", text, best.system.word, ""))
    crs = TARGET if best.system.crs == TARGET else accept(None, best.system.crs, _ordered(bounds, best.system),
                                                          shapes.where, SitesError)  # fmt: skip
    return _straightened(shapes, best.system, crs, noticed), found


def _ordered(bounds: Bounds, system: System) -> Bounds:
    west, south, east, north = bounds
    return (south, west, north, east) if system.swapped else bounds


def _declared(shapes: Shapes) -> NDArray[np.float64] | None:
    """Return the declared areas of a dataset, where a column holds them."""
    column = next(column for column in site_columns() if column.name == "area_m2")
    names = {plain(word) for word in (column.name, column.text.zh, *column.aliases)}
    found = next((values for name, values in shapes.columns.items() if plain(name) in names), None)
    if found is None:
        return None
    return np.array([np.nan if text is None else number_of(text) for text in as_text(found)])


def _sites(
    shapes: Shapes,
    known: _Degrees,
    rows: NDArray[np.intp],
    expected: Expected,
    noticed: list[Noticed],
    progress: Progress,
) -> gpd.GeoDataFrame:
    columns = dict(shapes.columns)
    if known.note:
        here = next((name for name in columns if name in _note_names()), "coordinate_note")
        before = as_text(columns[here]) if here in columns else [None] * len(known.geometry)
        columns[here] = objects(
            [known.note if not text or text == known.note else f"{text}；{known.note}" for text in before]
        )
    frame = gpd.GeoDataFrame(columns, geometry=known.geometry, crs=known.crs)
    sites = normalise(frame, shapes.where, progress.part(0.0, 0.7))
    projected = bool(frame.crs.is_projected)
    found = [
        *sites.attrs["diagnosis"],
        *checks.check(sites, known.geometry, projected, expected, progress.part(0.7, 1.0)),
    ]
    noticed += [each._replace(row=int(rows[each.row - 1]) + 1) if each.row else each for each in found]
    return sites


def _note_names() -> set[str]:
    column = next(column for column in site_columns() if column.name == "coordinate_note")
    return {column.name, column.text.zh, *column.aliases}
