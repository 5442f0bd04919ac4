"""TOML files written by people: read, with every slip named by file, line and key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from .errors import EcoRedlineError, LayerSetError
from .texts import Text


def load_toml(path: Path, fail: type[EcoRedlineError] = LayerSetError) -> dict[str, object]:
    """Return the content of a TOML file in UTF-8 (a byte order mark is accepted).

    Parameters
    ----------
    path : Path
        The file.
    fail : type of EcoRedlineError
        What is raised when the file is absent, unreadable or no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise fail(
            Text(f"找不到文件：{path}", f"File not found: {path}"),
            remedy=Text("请核对路径。", "Check the path."),
        ) from None
    except UnicodeDecodeError as error:
        raise fail(
            Text(f"{path} 不是 UTF-8 编码", f"{path} is not in UTF-8"),
            Text(f"第 {error.start} 字节无法解码", f"byte {error.start} cannot be decoded"),
            Text("请用文本编辑器另存为 UTF-8。", "Save it as UTF-8 in a text editor."),
        ) from error
    except OSError as error:
        raise fail(
            Text(f"无法读取 {path}", f"Cannot read {path}"),
            Text(str(error), str(error)),
            Text("请核对该文件的类型和访问权限。", "Check what the path is and who may read it."),
        ) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise fail(
            Text(f"{path} 不是有效的 TOML 文件", f"{path} is not valid TOML"),
            Text(str(error), str(error)),
            Text("请改正所指的那一行。", "Correct the line that is named."),
        ) from error


def close_words(word: str, known: Iterable[str]) -> str:
    """Return the known words nearest to a mistyped one, or all of them when none is near."""
    everything = sorted(known)
    return ", ".join(difflib.get_close_matches(word, everything, n=3, cutoff=0.5) or everything)


def check_keys(
    table: Mapping[str, object], allowed: Iterable[str], where: str, fail: type[EcoRedlineError] = LayerSetError
) -> None:
    """Refuse a table with a key that is not allowed.

    Parameters
    ----------
    table : mapping
        The table as read.
    allowed : iterable of str
        The keys that have a meaning.
    where : str
        File and table, for the message.
    fail : type of EcoRedlineError
        What is raised.
    """
    allowed = tuple(allowed)
    for key in table:
        if key not in allowed:
            raise fail(
                Text(f"{where}：未知的键 {key!r}", f"{where}: unknown key {key!r}"),
                remedy=Text(
                    f"可用的键：{close_words(key, allowed)}", f"Keys with a meaning: {close_words(key, allowed)}"
                ),
            )


def wrong_value(
    where: str, key: str, value: object, wanted: Text, fail: type[EcoRedlineError] = LayerSetError
) -> EcoRedlineError:
    """Return the error for a key whose value has no meaning."""
    shown = "（空）" if value is None else repr(value)
    shown_en = "(missing)" if value is None else repr(value)
    return fail(
        Text(f"{where}：{key} 的值 {shown} 无效", f"{where}: {key} = {shown_en} has no meaning"),
        remedy=Text(f"应为：{wanted.zh}", f"Wanted: {wanted.en}"),
    )


def text_of(table: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
    """Return a text value; without a default it must be there and not empty."""
    value = table.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise wrong_value(where, key, value, Text("非空文本", "a text that is not empty"))
    return value.strip()


def texts_of(table: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    """Return a list of texts; an absent key is an empty list."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong_value(where, key, value, Text("文本列表", "a list of texts"))
    return tuple(value)


def table_of(table: Mapping[str, object], key: str, where: str) -> dict[str, object]:
    """Return a sub-table; an absent key is an empty one."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise wrong_value(where, key, value, Text('表，如 { code = "HXBM" }', 'a table such as { code = "HXBM" }'))
    return value


def tables_of(table: Mapping[str, object], key: str, where: str) -> list[dict[str, object]]:
    """Return an array of tables; an absent key is an empty one."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise wrong_value(where, key, value, Text(f"[[{key}]] 表", f"[[{key}]] tables"))
    return value


def flag_of(table: Mapping[str, object], key: str, where: str, default: bool) -> bool:
    """Return true or false."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise wrong_value(where, key, value, Text("true 或 false", "true or false"))
    return value
