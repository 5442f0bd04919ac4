"""The dossier: a folder with every table of a run and its seal, from which all papers are made."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from ....layers.errors import DossierError
from ....layers.site_columns import site_columns
from ....layers.texts import Text
from ..table import Table
from ..tables import FOR_RERUN, TABLES
from .screening import Screening
from .seal import Seal
from .storing import write_table

FILE = "dossier.gpkg"
SEAL = "seal.json"
SETTINGS = "settings.json"
_RENAMED = re.compile(r"__\d+c$")


def write_dossier(screening: Screening, folder: Path | str) -> None:
    """Write a dossier; the folder bears its name only once it is whole.

    A dossier that stands there already is replaced.

    Raises
    ------
    DossierError
        The folder holds something else, or cannot be written.
    """
    final = Path(folder)
    refuse_foreign(final)
    part = final.with_name(f"{final.name}.part-{uuid4().hex[:8]}")
    try:
        with told(final):
            part.mkdir(parents=True)
            for table in (*TABLES, *FOR_RERUN):
                write_table(part / FILE, table.name, screening.read(table.name))
            write_table(part / FILE, "sites", screening.sites)
            (part / SEAL).write_text(screening.seal.to_json(), encoding="utf-8")
            settings = json.dumps(dict(screening.settings), ensure_ascii=False, indent=2)
            (part / SETTINGS).write_text(settings, encoding="utf-8")
            put_in_place(part, final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what goes wrong in writing a dossier into an error that says the next step."""
    try:
        yield
    except (OSError, RuntimeError, DataSourceError, DataLayerError, FieldError, FeatureError, sqlite3.Error) as error:
        raise DossierError(
            Text(f"无法写入卷宗 {folder}", f"The dossier {folder} cannot be written"),
            Text(str(error), str(error)),
            Text("请检查文件夹权限和磁盘空间，并关闭打开该卷宗的程序。",
                 "Check permissions and disk space, and close whatever has the dossier open."),
        ) from error  # fmt: skip


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything else than a dossier: it would be lost when the new one takes its place."""
    if not folder.exists():
        return
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else {folder.name}
    others = sorted(name for name in names if name not in (SEAL, SETTINGS) and not name.startswith(FILE))
    if not names or (not others and {FILE, SEAL, SETTINGS} <= names):
        return
    listed = "、".join(others[:5] or sorted(names)[:5])
    raise DossierError(
        Text(f"{folder} 已存在，且不只是卷宗：{listed}", f"{folder} exists and holds more than a dossier: {listed}"),
        remedy=Text("请选择空文件夹或新的文件夹。", "Choose an empty or a new folder."),
    )


def put_in_place(part: Path, final: Path) -> None:
    """Give a finished folder its final name, in the place of what stands there."""
    aside = final.with_name(f"{final.name}.old-{uuid4().hex[:8]}")
    if final.exists():
        final.rename(aside)
    part.rename(final)
    shutil.rmtree(aside, ignore_errors=True)


def open_dossier(folder: Path | str) -> Screening:
    """Open a dossier; its tables are read when asked for.

    Raises
    ------
    DossierError
        The folder holds no whole dossier.
    """
    path = Path(folder)
    if not all((path / name).is_file() for name in (FILE, SEAL, SETTINGS)):
        raise DossierError(
            Text(f"{path} 不是完整的筛查卷宗", f"{path} is no whole dossier"),
            Text(f"应包含 {FILE}、{SEAL} 和 {SETTINGS}。", f"It should hold {FILE}, {SEAL} and {SETTINGS}."),
            Text(
                "请选择 screenprojects 写出的 DOSSIER 文件夹。", "Choose the DOSSIER folder that screenprojects wrote."
            ),
        )
    try:
        settings = json.loads((path / SETTINGS).read_text(encoding="utf-8"))
        seal = Seal.from_json((path / SEAL).read_text(encoding="utf-8"))
        held = {str(name) for name, _ in pyogrio.list_layers(path / FILE)}
    except (ValueError, KeyError, TypeError, DataSourceError, DataLayerError) as error:
        raise damaged(path, Text(str(error), str(error))) from error
    lacking = sorted({"sites", *(table.name for table in (*TABLES, *FOR_RERUN))} - held)
    if lacking:
        listed = "、".join(lacking)
        cause = Text(
            f"缺少表：{listed}；可能由较早的版本写出。",
            f"Tables are missing: {', '.join(lacking)}. An older version may have written it.",
        )
        raise damaged(path, cause)
    return Screening(_reader(path / FILE), settings, seal)


def damaged(path: Path | str, cause: Text) -> DossierError:
    """Return the error of a dossier that is not whole."""
    return DossierError(
        Text(f"卷宗 {path} 不完整或已损坏", f"The dossier {path} is not whole, or damaged"),
        cause,
        Text("请重新运行筛查，或使用备份。", "Run the screening again, or use a backup."),
    )


def _reader(file: Path) -> Callable[[str], pd.DataFrame]:
    declared: Mapping[str, Table] = {table.name: table for table in (*TABLES, *FOR_RERUN)}

    def read(name: str) -> pd.DataFrame:
        frame: pd.DataFrame = pyogrio.read_dataframe(file, layer=name)
        table: pd.DataFrame = _sites(frame) if name == "sites" else _typed(declared[name], frame)
        return table

    return read


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    filled = frame.copy()
    for column in table.columns:
        if column.kind == "text":
            filled[column.name] = filled[column.name].fillna("").astype(object)
    typed = table.frame(filled)
    if table.geometry:
        typed = gpd.GeoDataFrame(typed, geometry=frame.geometry.to_numpy(), crs=frame.crs)
    return typed


def _sites(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the site columns their kinds back."""
    frame = frame.rename(columns={name: _RENAMED.sub("", name) for name in frame.columns})
    truth: dict[Any, Any] = {"true": True, "false": False}
    for column in site_columns():
        if column.name not in frame:
            continue
        values = frame[column.name]
        if column.kind == "flag":
            frame[column.name] = pd.Series([truth.get(v) for v in values], index=frame.index, dtype=object)
        elif column.kind == "date":
            days = [None if pd.isna(v) else date.fromisoformat(str(v)[:10]) for v in values]
            frame[column.name] = pd.Series(days, index=frame.index, dtype=object)
        elif column.kind == "quantity":
            frame[column.name] = pd.to_numeric(values)
        else:
            frame[column.name] = [
                None if missing else value for value, missing in zip(values, values.isna(), strict=True)
            ]
    return gpd.GeoDataFrame(frame)
