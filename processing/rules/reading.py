"""A pack file as bytes: its size, its digest, its TOML, its depth."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from ...layers.texts import Text
from .refusal import Where, refusal

LARGEST_FILE = 1_000_000
LARGEST_CASES = 4_000_000
DEEPEST = 8


def read_pack_file(path: Path, largest: int = LARGEST_FILE) -> tuple[dict[str, object], str]:
    """Return the TOML of a pack file and the digest of its text.

    Parameters
    ----------
    path : Path
        The file, UTF-8, tables and arrays nested at most `DEEPEST` deep inside a rule or case.
    largest : int
        Bytes that it may have.

    Returns
    -------
    tuple of dict and str
        The parsed TOML, and the SHA-256 of the bytes with line ends as LF (so that a checkout
        on Windows keeps the seal).

    Raises
    ------
    RulePackError
        For a file that is missing, unreadable, too large, too deep, not UTF-8 or not TOML.
    """
    where = Where(path)
    try:
        if path.stat().st_size > largest:
            raise refusal(
                where,
                Text(f"文件超过 {largest} 字节", f"the file has more than {largest} bytes"),
                Text("拆成几个规则包。", "Split it into several packs."),
            )
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise refusal(
            where,
            Text(f"无法读取：{reason}", f"cannot be read: {reason}"),
            Text("检查路径和读取权限。", "Check the path and the right to read it."),
        ) from error
    digest = hashlib.sha256(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).hexdigest()
    return _parse(content, where), digest


def _parse(content: bytes, where: Where) -> dict[str, object]:
    too_deep = refusal(
        where,
        Text(f"表和数组嵌套超过 {DEEPEST} 层", f"tables and arrays are nested more than {DEEPEST} deep"),
        Text("用 [define] 为内层条件命名。", "Name the inner conditions under [define]."),
    )
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refusal(
            where, Text("不是 UTF-8 文本", "is not UTF-8 text"), Text("另存为 UTF-8。", "Save it as UTF-8.")
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise refusal(
            where, Text(f"不是 TOML：{error}", f"is not TOML: {error}"), Text("改正该行。", "Correct that line.")
        ) from error
    except RecursionError:
        raise too_deep from None
    # The root, the array of rules and the rule itself are the three levels around the content.
    if _depth(data) > DEEPEST + 3:
        raise too_deep
    return data


def _depth(data: object) -> int:
    """Return how many tables and arrays lie inside one another, without recursion."""
    deepest, level = 0, [data]
    while level := [item for item in level if isinstance(item, dict | list)]:
        deepest += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return deepest
