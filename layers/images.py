"""Image sets: red and near infrared at two or more dates, named by a TOML file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from .declarations import check_keys, load_toml, table_of, tables_of, text_of, wrong_value
from .errors import SourceError
from .texts import Text

BandRef = str | Path | tuple[str | Path, int | str]
"""A raster file, or a file and one of its bands by number (from 1) or by name."""
ImageRef = tuple[date | str, BandRef, BandRef]

_TOP = ("name", "ndvi_soil", "ndvi_vegetation", "image")
_IMAGE = (
    "date", "red", "nir", "scale", "offset", "nodata", "note", "clouds", "sun_azimuth", "sun_elevation",
)  # fmt: skip
_BAND = ("path", "band")
_CLOUDS = ("path", "band", "values", "bits")


@dataclass(frozen=True)
class Band:
    """One band of a raster file, and how its numbers become reflectance.

    Attributes
    ----------
    path : str
    band : int, str or None
        Number from 1 or name; None where the file is to have one band only.
    scale, offset : float or None
        reflectance = scale · number + offset; None takes what the file says, else 1 and 0.
    nodata : float or None
        None takes what the file says.
    """

    path: str
    band: int | str | None = None
    scale: float | None = None
    offset: float | None = None
    nodata: float | None = None


@dataclass(frozen=True)
class Clouds:
    """A mask of clouds: the band, and the values or the bits (0 is the lowest) that mean cloud or its shadow."""

    source: Band
    values: tuple[int, ...] = ()
    bits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Image:
    """One date.

    Attributes
    ----------
    day : date
    red, nir : Band
    clouds : Clouds or None
    sun_azimuth, sun_elevation : float or None
        Degrees, azimuth clockwise from north, when the image was taken.
    note : str
    """

    day: date
    red: Band
    nir: Band
    clouds: Clouds | None = None
    sun_azimuth: float | None = None
    sun_elevation: float | None = None
    note: str = ""


@dataclass(frozen=True)
class ImageSet:
    """Images by date, and the NDVI of bare soil and of full vegetation where they are given."""

    images: tuple[Image, ...]
    name: str = ""
    ndvi_soil: float | None = None
    ndvi_vegetation: float | None = None


def load_images(path: str | Path) -> ImageSet:
    """Read an image set; paths in it are relative to the file.

    Raises
    ------
    SourceError
        Naming file, image and key.
    """
    path = Path(path)
    data = load_toml(path, SourceError)
    where = path.name
    check_keys(data, _TOP, where, SourceError)
    entries = tables_of(data, "image", where)
    if not entries:
        raise SourceError(
            Text(f"{where}：没有 [[image]]", f"{where}: no [[image]]"),
            remedy=Text("每个日期写一个 [[image]]：date、red、nir。", "Write an [[image]] per date: date, red, nir."),
        )
    images = [_image(entry, path.parent, f"{where} [[image]] {n}") for n, entry in enumerate(entries, start=1)]
    soil, vegetation = (_number(data, key, where) for key in ("ndvi_soil", "ndvi_vegetation"))
    if (soil is None) != (vegetation is None) or (
        soil is not None and vegetation is not None and not -1 < soil < vegetation <= 1
    ):
        raise wrong_value(
            where,
            "ndvi_soil, ndvi_vegetation",
            (soil, vegetation),
            Text("两者同时给出，且 -1 < 裸土 < 植被 ≤ 1", "both, and -1 < soil < vegetation ≤ 1"),
            SourceError,
        )
    return ImageSet(_by_date(images, where), text_of(data, "name", where, path.stem), soil, vegetation)


def image_set(images: str | Path | ImageSet | Sequence[ImageRef | Image]) -> ImageSet:
    """Return an image set from its file or from (date, red, nir) each.

    Raises
    ------
    SourceError
        A date or a band has no meaning, or a date comes twice.
    """
    if isinstance(images, ImageSet):
        return images
    if isinstance(images, str | Path):
        return load_images(images)
    made = []
    for entry in images:
        if isinstance(entry, Image):
            made.append(entry)
            continue
        day, red, nir = entry
        made.append(Image(_day(day, "images"), _band_of(red), _band_of(nir)))
    return ImageSet(_by_date(made, "images"))


def dates_of(images: str | Path | ImageSet | Sequence[ImageRef | Image]) -> ImageSet:
    """Return an image set with two dates or more.

    Raises
    ------
    SourceError
        There is one date only, or as of `image_set`.
    """
    found = image_set(images)
    if len(found.images) < 2:
        raise SourceError(
            Text("影像清单不足两个日期，无法比较", "The image set has fewer than two dates; nothing can be compared"),
            remedy=Text("请提供至少两个日期的影像。", "Give images of two dates or more."),
        )
    return found


def _by_date(images: Iterable[Image], where: str) -> tuple[Image, ...]:
    ordered = tuple(sorted(images, key=lambda image: image.day))
    for earlier, later in pairwise(ordered):
        if earlier.day == later.day:
            raise SourceError(
                Text(f"{where}：日期 {later.day} 出现两次", f"{where}: {later.day} comes twice"),
                remedy=Text("同一日期只保留一景，或先镶嵌。", "Keep one image per date, or mosaic them first."),
            )
    return ordered


def _image(table: Mapping[str, object], base: Path, where: str) -> Image:
    check_keys(table, _IMAGE, where, SourceError)
    scale, offset = _number(table, "scale", where), _number(table, "offset", where)
    if scale is not None and scale <= 0:
        raise wrong_value(where, "scale", scale, Text("大于 0 的数", "a number above 0"), SourceError)
    nodata = _number(table, "nodata", where)
    red, nir = (_band(table, key, base, where, scale, offset, nodata) for key in ("red", "nir"))
    azimuth, elevation = _number(table, "sun_azimuth", where), _number(table, "sun_elevation", where)
    if (azimuth is None) != (elevation is None) or (elevation is not None and not 0 < elevation <= 90):
        raise wrong_value(
            where,
            "sun_azimuth, sun_elevation",
            (azimuth, elevation),
            Text("两者同时给出，高度角 0–90°", "both, the elevation 0 to 90°"),
            SourceError,
        )
    day = _day(table.get("date"), where)
    return Image(day, red, nir, _clouds(table, base, where), azimuth, elevation, text_of(table, "note", where, ""))


def _clouds(table: Mapping[str, object], base: Path, where: str) -> Clouds | None:
    if "clouds" not in table:
        return None
    entry, where = table_of(table, "clouds", where), f"{where} clouds"
    check_keys(entry, _CLOUDS, where, SourceError)
    values, bits = (_whole_numbers(entry, key, where) for key in ("values", "bits"))
    if bool(values) == bool(bits):
        raise wrong_value(
            where,
            "values | bits",
            None,
            Text("云值列表 values 或位号列表 bits 之一", "a list of values or of bits, one of the two"),
            SourceError,
        )
    named = {key: entry[key] for key in _BAND if key in entry}
    return Clouds(_band({"clouds": named}, "clouds", base, where, 1.0, 0.0, None), values, bits)


def _whole_numbers(table: Mapping[str, object], key: str, where: str) -> tuple[int, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(type(item) is int and item >= 0 for item in value):
        raise wrong_value(where, key, value, Text("非负整数列表", "a list of whole numbers, 0 or more"), SourceError)
    return tuple(value)


def _band(
    table: Mapping[str, object],
    key: str,
    base: Path,
    where: str,
    scale: float | None,
    offset: float | None,
    nodata: float | None,
) -> Band:
    value = table.get(key)
    entry = {"path": value} if isinstance(value, str) else table_of(table, key, where)
    check_keys(entry, _BAND, f"{where} {key}", SourceError)
    name = text_of(entry, "path", f"{where} {key}")
    path = name if name.startswith("/vsi") else str((base / Path(name).expanduser()).resolve())
    return Band(path, _band_number(entry.get("band"), f"{where} {key}"), scale, offset, nodata)


def _band_number(value: object, where: str) -> int | str | None:
    if value is None or (type(value) is int and value >= 1) or (isinstance(value, str) and value.strip()):
        return value  # type: ignore[return-value]
    raise wrong_value(
        where, "band", value, Text("波段号（从 1 起）或波段名", "a band number from 1, or its name"), SourceError
    )


def _band_of(reference: BandRef) -> Band:
    if isinstance(reference, tuple):
        path, band = reference
        return Band(str(path), _band_number(band, str(path)))
    return Band(str(reference))


def _day(value: object, where: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise wrong_value(where, "date", value, Text("日期，如 2024-07-01", "a date such as 2024-07-01"), SourceError)


def _number(table: Mapping[str, object], key: str, where: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong_value(where, key, value, Text("数字", "a number"), SourceError)
    return float(value)
