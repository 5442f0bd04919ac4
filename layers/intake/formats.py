"""What kind of file an upload is, told by its content first and its ending second, and its datasets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..errors import SitesError
from ..progress import Progress
from ..texts import Text
from . import archive, boundary_txt, csv_table, dxf, geojson, kml, ogr, wkt, xlsx_table
from .plain_text import decode
from .shapes import Entry, Shapes, notice, wrong

FORMATS = ("auto", "vector", "kml", "geojson", "dxf", "txt", "csv", "xlsx", "zip")
MOST_TEXT = 512 * 1024**2
_BEGINNING = 1 << 20
_ZIP = b"PK\x03\x04"
_SQLITE = b"SQLite format 3\0"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_APART = (".tab", ".mif", ".gml", ".fgb", ".sqlite", ".dgn", ".gpx", ".gdb", ".db")
_BY_SUFFIX = {
    **dict.fromkeys((".gpkg", ".shp"), "vector"),
    **dict.fromkeys((".json", ".geojson"), "geojson"),
    **dict.fromkeys((".kml", ".ovkml"), "kml"),
    **dict.fromkeys((".kmz", ".zip"), "zip"),
    **dict.fromkeys(_APART, "apart"),
    ".dxf": "dxf",
    ".xlsx": "xlsx",
}
_TEXTUAL = (".csv", ".txt", ".tsv", ".wkt", ".asc", ".dat", ".xyz", "")
_SIDECARS = (".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".xml", ".qmd", ".qml")
_KNOWN = "shp, gpkg, gdb, geojson, kml, kmz, ovkml, dxf, csv, xlsx, txt, zip"
_REMEDIES = {
    ".dwg": Text("请在 CAD 中另存为 DXF。", "Save it as DXF in CAD."),
    ".ovobj": Text("请在奥维中导出为 .ovkml 或 .kml。", "Export it as .ovkml or .kml."),
    ".xls": Text("请用 Excel 另存为 .xlsx 或 CSV。", "Save it as .xlsx or CSV with Excel."),
    ".vrt": Text("请导入它所指的文件。", "Import the files it points to."),
    ".rar": Text("请解压后导入其中的文件，或改用 zip。", "Unpack it, or pack it as zip."),
    ".7z": Text("请解压后导入其中的文件，或改用 zip。", "Unpack it, or pack it as zip."),
    ".pdf": Text("请索取坐标文件；PDF 中的坐标可复制后粘贴。", "Ask for the coordinates, or copy and paste them."),
}


def entries(
    path: Path, label: str, folder: Path, encoding: str | None, progress: Progress = Progress(), form: str = "auto"
) -> list[Entry]:
    """Return the datasets of an upload.

    Parameters
    ----------
    path : Path
        The file or folder.
    label : str
        What messages call it.
    folder : Path
        Private folder to unpack archives into; what was listed can be loaded as long as it is there.
    encoding : str, optional
        Encoding of its texts.
    form : str
        One of `FORMATS`; ``auto`` tells it by the content.

    Raises
    ------
    SitesError
        The file is absent, of an unknown kind, or damaged.
    """
    return _entries(path, label, folder, encoding, progress, form, 0)


def _entries(
    path: Path, label: str, folder: Path, encoding: str | None, progress: Progress, form: str, depth: int
) -> list[Entry]:
    if not path.exists():
        raise wrong(
            label,
            Text("找不到数据文件", "Data file not found"),
            Text("请核对路径。", "Check the path."),
        )
    kind = _kind(path, label) if form == "auto" else form
    if kind == "zip":
        return _archive(path, label, folder, encoding, progress, depth)
    binary: dict[str, Callable[[], list[Entry]]] = {
        "vector": lambda: ogr.entries(path, str(path), label, encoding, progress),
        "apart": lambda: ogr.entries_apart(path, label, progress),
        "dxf": lambda: dxf.entries(path, label, progress),
        "xlsx": lambda: xlsx_table.entries(path, label, progress),
    }
    return binary[kind]() if kind in binary else [_text(path, label, kind, encoding, progress)]


def _text(path: Path, label: str, kind: str, encoding: str | None, progress: Progress) -> Entry:
    """Return the one dataset of a text file."""
    if path.stat().st_size > MOST_TEXT:
        limit = f"{MOST_TEXT // 1024**2} MB"
        text = Text(f"文本文件超过 {limit}", f"a text of more than {limit}")
        raise wrong(label, text, Text("请转换为 GeoPackage 后导入。", "Convert it to GeoPackage and import that."))
    data = path.read_bytes()
    if kind == "kml":
        return _one(path.stem, kml.parse(data, label, progress))
    content, name = decode(data, label, encoding)
    return _one(path.stem, _with_encoding(_TEXTS[kind](content, label, progress), name))


_TEXTS: dict[str, Callable[[str, str, Progress], Shapes]] = {
    "geojson": geojson.parse,
    "txt": boundary_txt.parse,
    "wkt": wkt.parse,
    "csv": csv_table.parse,
}


def parse_text(text: str, label: str, progress: Progress = Progress()) -> Shapes:
    """Return what a pasted text holds: GeoJSON, KML, WKT, 界址点 TXT, or a table of coordinates."""
    kind = _text_kind(text)
    if kind == "kml":
        return kml.parse(text.encode("utf-8", "replace"), label, progress)
    return _TEXTS[kind](text, label, progress)


def _text_kind(text: str) -> str:
    head = text.lstrip("\ufeff \t\r\n")[:200]
    if head.startswith("{"):
        return "geojson"
    if head.startswith("<"):
        return "kml"
    if wkt.looks_like(head):
        return "wkt"
    return "txt" if boundary_txt.looks_like(text) else "csv"


def _one(name: str, shapes: Shapes) -> Entry:
    kinds = dict.fromkeys(shape.geom_type for shape in shapes.geometry if shape is not None)
    return Entry(name, ", ".join(kinds) or "-", len(shapes.geometry), lambda _: shapes)


def _with_encoding(shapes: Shapes, name: str) -> Shapes:
    if name in ("utf-8", "utf-16", "utf-32"):
        return shapes
    text = Text("未注明编码，经试读确定", "no encoding is named; found by trial")
    return replace(shapes, noticed=(notice(0, "encoding", text, name, ""), *shapes.noticed))


def _kind(path: Path, label: str) -> str:
    """Return the reader of a file."""
    suffix = path.suffix.lower()
    if suffix in _REMEDIES:
        raise wrong(label, Text(f"不能读取 {suffix} 格式", f"{suffix} files cannot be read"), _REMEDIES[suffix])
    if suffix == ".gdb" and path.is_dir():
        return "apart"
    head = _head(path, label)
    if head.startswith(_ZIP):
        return "xlsx" if suffix in (".xlsx", ".xlsm") else "zip"
    if head.startswith(_SQLITE):
        return "vector"
    if suffix in _TEXTUAL:
        return _text_kind(decode(_beginning(path), label)[0])
    kind = _BY_SUFFIX.get(suffix)
    if kind == "geojson" and path.stat().st_size > geojson.MOST_BYTES:
        return "apart"
    if kind is not None:
        return kind
    if suffix in _SIDECARS:
        text = Text(f"{suffix} 只是 Shapefile 的一部分", f"{suffix} is only a part of a shapefile")
        raise wrong(label, text, Text("请选择同名的 .shp 文件。", "Choose the .shp of the same name."))
    raise wrong(
        label,
        Text(f"不认识的文件类型 {suffix}", f"unknown kind of file: {suffix}"),
        Text(f"可导入：{_KNOWN}。", f"What can be imported: {_KNOWN}."),
    )


def _head(path: Path, label: str) -> bytes:
    """Return the first bytes of a file, or refuse what holds nothing that could be read."""
    if path.is_dir():
        raise wrong(
            label,
            Text("这是文件夹", "this is a folder"),
            Text("请选择其中的文件，或打包为 zip。", "Choose a file in it, or pack it as zip."),
        )
    with path.open("rb") as stream:
        head = stream.read(16)
    if not head:
        raise wrong(label, Text("文件是空的", "the file is empty"), Text("请重新取得该文件。", "Get it again."))
    if head.startswith(_OLD_EXCEL):
        raise wrong(label, Text("是旧版 Office 文件", "this is an old Office file"), _REMEDIES[".xls"])
    return head


def _beginning(path: Path) -> bytes:
    """Return the beginning of a text, cut at the end of a line so that no character is halved."""
    with path.open("rb") as stream:
        data = stream.read(_BEGINNING)
    if len(data) < _BEGINNING:
        return data
    cut = data.rfind(b"\n") + 1
    wide = data[:2] == b"\xff\xfe" or data[1:cut:2].count(0) > cut // 8
    return data[: (cut + 1 if wide else cut) or _BEGINNING]


def _archive(path: Path, label: str, folder: Path, encoding: str | None, progress: Progress, depth: int) -> list[Entry]:
    """Return the datasets of all files in an archive, those of archives in it included."""
    if depth >= archive.DEEPEST:
        raise wrong(label, Text("压缩包嵌套过深", "archives are nested too deeply"))
    place = folder / f"unpacked-{depth}-{len(list(folder.iterdir()))}"
    place.mkdir()
    files = archive.apart(archive.unpack(path, place, label, progress))
    found: list[Entry] = []
    problems = []
    databases = sorted({parent for f in files for parent in f.parents if parent.suffix.lower() == ".gdb"})
    inside = [f for f in files if not any(base in f.parents for base in databases)]
    for file in [*databases, *inside]:
        name = file.relative_to(place).as_posix()
        if file.suffix.lower() in _SIDECARS or (file.suffix.lower() not in _OPENED and not file.is_dir()):
            continue
        try:
            inner = _entries(file, f"{label}/{name}", folder, encoding, progress, "auto", depth + 1)
        except SitesError as error:
            problems.append(error)
            continue
        single = len(inner) == 1
        found += [replace(one, name=name if single else f"{name}/{one.name}") for one in inner]
    if not found:
        if problems:
            raise problems[0]
        listed = ", ".join(f.relative_to(place).as_posix() for f in files[:10])
        raise wrong(
            label,
            Text("压缩包中没有可导入的文件", "the archive holds nothing that can be imported"),
            Text(f"请打包 {_KNOWN} 之一；Shapefile 须含 .shp。", f"Pack one of {_KNOWN}; a shapefile needs its .shp."),
            Text(listed, listed),
        )
    return [_with_problems(one, problems) for one in found]


_OPENED = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".ovkml", ".dxf", ".csv", ".xlsx", ".txt", ".zip", ".gdb",
    ".tab", ".mif", ".gml", ".fgb", ".sqlite", ".wkt", ".tsv",
)  # fmt: skip


def _with_problems(entry: Entry, problems: list[SitesError]) -> Entry:
    """Return the entry with a row for each file beside it that could not be opened."""
    if not problems:
        return entry
    rows = tuple(notice(0, "not_opened", problem.message, "", "") for problem in problems)

    def load(progress: Progress) -> Shapes:
        shapes = entry.load(progress)
        return replace(shapes, noticed=(*rows, *shapes.noticed))

    return replace(entry, load=load)
