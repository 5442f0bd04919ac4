"""The access list (生态环境准入清单) of control units: from a table, or from the units' own columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pandas as pd

from .columns import find_column, match_columns
from .declarations import load_toml, table_of, text_of, texts_of
from .errors import SourceError
from .feature_reading import read_features
from .layerset import ACCESS_LIST_FIELDS
from .project_words import industry_of, nature_of, verdict_of_word
from .quality import named
from .sources import AccessList, LayerSet
from .texts import Text
from .values import as_text
from .vector import open_layer
from .vendored import open_vendor

FILE = Path(__file__).parent / "access_list.toml"
ALL_UNITS = "*"
DEFAULT_VERDICT = "prohibited"
_Columns = dict[str, list[str | None]]


def read_access_list(layer_set: LayerSet, unit_frame: pd.DataFrame) -> pd.DataFrame:
    """Return the items of the access list.

    Parameters
    ----------
    layer_set : LayerSet
        Its ``[access_list]``, where there is one, is read.
    unit_frame : DataFrame
        Control units as `read_layer` gives them; used where the layer set names no table.

    Returns
    -------
    DataFrame
        ``unit_code, item_id, level, dimension, requirement, industry, nature, verdict``, all text.
        unit_code ``*`` stands for all units. industry (``C25;C26``) and nature (``新建;扩建``) are
        what can be computed; both empty: a person has to judge. `attrs["digest"]` is the SHA-256
        over the rows, in hexadecimal.

    Raises
    ------
    SourceError
        The table cannot be read, has no unit code or requirement, repeats an item, or a row has an
        industry, nature or verdict without meaning.
    """
    listed = layer_set.access_list
    items = _from_units(unit_frame) if listed is None else _from_table(listed)
    text = "\n".join("\t".join(row) for row in items.itertuples(index=False))
    items.attrs["digest"] = sha256(text.encode()).hexdigest()
    return items


def _from_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one item per unit and filled dimension; the texts carry no predicate."""
    dimensions = table_of(load_toml(FILE), "dimensions", str(FILE))
    rows = []
    for field in dimensions:
        entry = table_of(dimensions, field, str(FILE))
        id_, name = text_of(entry, "id", str(FILE)), text_of(entry, "zh", str(FILE))
        if field not in frame:
            continue
        filled = frame.loc[frame[field].notna(), ["code", field]]
        rows += [
            (code, f"{code}-{id_}", "单元", name, requirement, "", "", DEFAULT_VERDICT)
            for code, requirement in filled.itertuples(index=False)
            if code is not None
        ]
    return pd.DataFrame(rows, columns=list(ACCESS_LIST_FIELDS), dtype=object)


def _from_table(listed: AccessList) -> pd.DataFrame:
    where, columns = _read_columns(listed)
    found = _find(listed, list(columns), where)
    n = len(next(iter(columns.values()), []))
    raw = {name: columns[found[name]] if name in found else [None] * n for name in ACCESS_LIST_FIELDS}
    used = [i for i in range(n) if any(values[i] for values in raw.values())]
    data = {name: [values[i] or "" for i in used] for name, values in raw.items()}
    rows = [i + 2 for i in used]
    for name in ("unit_code", "requirement"):
        _refuse([rows[i] for i, value in enumerate(data[name]) if not value], name, "（空）", where)
    data["industry"] = _meant(data["industry"], industry_of, rows, "industry", where)
    data["nature"] = _meant(data["nature"], nature_of, rows, "nature", where)
    data["verdict"] = _meant(data["verdict"], verdict_of_word, rows, "verdict", where, DEFAULT_VERDICT)
    data["item_id"] = [value or f"行{row}" for value, row in zip(data["item_id"], rows, strict=True)]
    items = pd.DataFrame(data, dtype=object)
    double = items.duplicated(["unit_code", "item_id"], keep=False)
    _refuse([rows[i] for i in double.to_numpy().nonzero()[0]], "unit_code + item_id", "（重复）", where)
    return items


def _refuse(rows: Sequence[int], name: str, value: str, where: str) -> None:
    if rows:
        raise SourceError(
            Text(
                f"{where}：准入清单第 {named(rows)} 行的 {name} {value} 无效",
                f"{where}: access list rows {named(rows)}: {name} {value} has no meaning",
            ),
            remedy=Text("请改正这些行。", "Correct these rows."),
        )


def _meant(
    values: Sequence[str], meaning: object, rows: Sequence[int], name: str, where: str, default: str = ""
) -> list[str]:
    out = []
    for value, row in zip(values, rows, strict=True):
        word = meaning(value) if value and callable(meaning) else default
        if word is None:
            _refuse([row], name, repr(value), where)
        out.append(str(word))
    return out


def _find(listed: AccessList, columns: Sequence[str], where: str) -> Mapping[str, str]:
    aliases = table_of(load_toml(FILE), "columns", str(FILE))
    there = ", ".join(columns)
    named_columns = {}
    for name, column in listed.fields.items():
        hit = find_column(column, columns)
        if hit is None:
            raise SourceError(
                Text(f"{where}：没有列 {column!r}（字段 {name}）", f"{where}: no column {column!r} (field {name})"),
                Text(f"现有的列：{there}", f"Columns there are: {there}"),
                Text("请改正 [access_list] 的 fields。", "Correct fields of [access_list]."),
            )
        named_columns[name] = hit
    found = match_columns(
        {name: texts_of(aliases, name, str(FILE)) for name in ACCESS_LIST_FIELDS if name not in named_columns},
        [column for column in columns if column not in named_columns.values()],
        where,
        SourceError,
        lambda name, column: Text(
            f'请在 [access_list] 中写明 fields = {{ {name} = "{column}" }}。',
            f'Say in [access_list]: fields = {{ {name} = "{column}" }}.',
        ),
    )
    found.update(named_columns)
    for name in ("unit_code", "requirement"):
        if name not in found:
            raise SourceError(
                Text(f"{where}：准入清单缺少 {name} 列", f"{where}: the access list has no column for {name}"),
                Text(f"现有的列：{there}", f"Columns there are: {there}"),
                Text(
                    f'请在 [access_list] 中写 fields = {{ {name} = "列名" }}。',
                    f'Say fields = {{ {name} = "column" }} in [access_list].',
                ),
            )
    return found


def _read_columns(listed: AccessList) -> tuple[str, _Columns]:
    path = Path(listed.source)
    if path.suffix.lower() in (".csv", ".txt"):
        return listed.source, _csv_columns(path)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return listed.source, _excel_columns(path, listed.layer)
    opened = open_layer(listed.source, listed.layer, SourceError, texts_of(load_toml(FILE), "layer_names", str(FILE)))
    raw = read_features(opened, list(opened.columns), SourceError, geometry=False)
    return opened.where, {name: as_text(values) for name, values in raw.columns.items()}


def _absent(path: Path, error: Exception) -> SourceError:
    return SourceError(
        Text(f"准入清单 {path} 无法读取", f"The access list {path} cannot be read"),
        Text(str(error), str(error)),
        Text("请核对 [access_list] 的 source 和 layer。", "Check source and layer of [access_list]."),
    )


def _csv_columns(path: Path) -> _Columns:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _absent(path, error) from error
    for codec in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(codec)
            break
        except UnicodeDecodeError as error:
            failed = error
    else:
        raise _absent(path, failed) from failed
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return _as_columns([[cell.strip() or None for cell in row] for row in rows], path)


def _excel_columns(path: Path, sheet: str | None) -> _Columns:
    open_vendor()
    import openpyxl  # only where a workbook is read: it takes 0.2 s to import

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            page = book[sheet] if sheet else book.worksheets[0]
            rows = [[*row] for row in page.iter_rows(values_only=True)]
        finally:
            book.close()
    except Exception as error:  # openpyxl lets KeyError, BadZipFile and others of zip and XML through
        raise _absent(path, error) from error
    head = [[None if cell is None else str(cell).strip() or None for cell in row] for row in rows[:1]]
    columns = pd.DataFrame(rows[1:], dtype=object)
    body = [as_text(columns[name].to_numpy()) for name in columns]
    return _as_columns([*head, *map(list, zip(*body, strict=True))], path)


def _as_columns(rows: list[list[str | None]], path: Path) -> _Columns:
    """Return a table by its headings; columns without a heading are left out."""
    if not rows:
        raise _absent(path, ValueError("没有表头 / no headings"))
    columns: _Columns = {}
    for at, heading in enumerate(rows[0]):
        if heading is None:
            continue
        if heading in columns:
            raise _absent(path, ValueError(f"列名重复 / heading repeated: {heading}"))
        columns[heading] = [row[at] if at < len(row) else None for row in rows[1:]]
    return columns
