"""Files of papers and maps: names that every system can hold, contents that are whole or absent."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from .errors import DossierError
from .texts import Text

_UNSAFE = re.compile(r'[<>:"/\\|?*%~\x00-\x1f\x7f-\x9f]|^[. ]|[. ]$')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
GEOPACKAGE_VERSION = "1.3"  # the newest that the GDAL of every supported QGIS opens without a warning
_LONGEST = 180  # bytes; leaves room for a suffix below the 255 of common file systems


def file_stem(site_id: str, escape_case: bool = False) -> str:
    r"""Return a file name for a site that Windows, macOS and Linux accept.

    Parameters
    ----------
    site_id : str
        Any text. Characters that a system refuses (``/ \ : * ? " < > |`` and
        control characters, dots or blanks at an end, device names) are written
        as ``%XX`` of their UTF-8 bytes.
    escape_case : bool
        Write letters that have another case so as well, for names that differ in case only.

    Returns
    -------
    str
        `site_of` gives the site back; only a name beyond 180 bytes is cut, with
        ``~`` and a hash at its end.
    """
    text = _UNSAFE.sub(_percent, site_id)
    if escape_case:
        text = re.sub(r"%[0-9A-F]{2}|.", lambda m: m[0] if len(m[0]) > 1 else _caseless(m[0]), text, flags=re.DOTALL)
    text = _RESERVED.sub(lambda m: _percent_text(m[0][0]) + m[0][1:], text) or "%"
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) > _LONGEST:
        mark = hashlib.sha256(site_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        text = encoded[: _LONGEST - 17].decode("utf-8", "ignore").rstrip(". ") + "~" + mark
    return text


def site_of(stem: str) -> str:
    """Return the site whose `file_stem` this is (of names that were not cut)."""
    return "" if stem == "%" else unquote(stem, errors="surrogatepass")


def file_stems(site_ids: Iterable[str]) -> dict[str, str]:
    """Return a file name per site, no two alike even where systems ignore case."""
    stems = {site_id: file_stem(site_id) for site_id in site_ids}
    seen: dict[str, int] = {}
    for stem in stems.values():
        seen[stem.casefold()] = seen.get(stem.casefold(), 0) + 1
    return {s: file_stem(s, escape_case=True) if seen[stem.casefold()] > 1 else stem for s, stem in stems.items()}


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name beside ``path`` and rename it when the block ends without an error.

    Raises
    ------
    DossierError
        If the folder or file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".part-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _unwritable(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> DossierError:
    return DossierError(
        Text(f"无法写入文件 {path}", f"Cannot write {path}"),
        Text(str(error), str(error)),
        Text(
            "请关闭正在打开该文件的程序，检查磁盘空间与写入权限，或另选文件夹。",
            "Close the program that holds it, check space and rights, or choose another folder.",
        ),
    )


def _caseless(letter: str) -> str:
    return letter if letter.casefold() == letter else _percent_text(letter)


def _percent(match: re.Match[str]) -> str:
    return _percent_text(match[0])


def _percent_text(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
