"""Zip archives unpacked without trusting them: no way out of the folder, no links, no bombs."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ..errors import SitesError
from ..progress import Progress
from ..texts import Text
from .shapes import wrong

MOST_BYTES = 4 * 1024**3
MOST_MEMBERS = 5_000
MOST_RATIO = 200
RATIO_FROM = 10 * 1024**2
DEEPEST = 2
_BLOCK = 1 << 20
_NAMED_UTF8 = 0x800
_REMEDY = Text("请解压检查后，重新打包所需的文件。", "Unpack and check it, then pack the files that are needed again.")
_DRIVE = re.compile(r"^[A-Za-z]:")


def check_members(packed: zipfile.ZipFile, where: str) -> None:
    """Refuse an archive that unpacks to too much, by what its directory declares.

    Raises
    ------
    SitesError
        Too many members, too many bytes, or packed more than 200 to 1.
    """
    infos = packed.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS:
        raise wrong(where, Text(f"压缩包内文件超过 {MOST_MEMBERS} 个", f"more than {MOST_MEMBERS} members"), _REMEDY)
    if total > MOST_BYTES:
        raise _too_much(where)
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            name = info.filename[:80]
            raise wrong(where, Text(f"{name} 的压缩比异常", f"{name} is packed beyond {MOST_RATIO} to 1"), _REMEDY)


def unpack(path: Path, folder: Path, where: str, progress: Progress = Progress()) -> list[Path]:
    """Return the files of an archive, unpacked into a folder.

    Parameters
    ----------
    path : Path
        The archive.
    folder : Path
        Empty and private.

    Raises
    ------
    SitesError
        It is no whole archive, or a member is a link, is encrypted, would lie outside the folder, or is a bomb.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            check_members(packed, where)
            infos = [info for info in packed.infolist() if not info.is_dir()]
            left = MOST_BYTES
            found = []
            for count, info in enumerate(infos):
                progress.step(count / len(infos))
                target = folder / _safe(info, where)
                left -= _write(packed, info, target, left, where, progress)
                found.append(target)
            return found
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _damaged(where, error) from error
    except Exception as error:
        if type(error).__name__ == "error":  # zlib.error, lzma's and the like share no base
            raise _damaged(where, error) from error
        raise


def _damaged(where: str, error: Exception) -> SitesError:
    return wrong(
        where,
        Text("压缩包不完整或已加密", "the archive is damaged or encrypted"),
        Text("请重新取得或重新打包。", "Get it again, or pack it again."),
        Text(str(error)[:200], str(error)[:200]),
    )


def _safe(info: zipfile.ZipInfo, where: str) -> PurePosixPath:
    """Return where a member goes; refuse links and names that leave the folder."""
    name = _name(info).replace("\\", "/")
    parts = PurePosixPath(name).parts
    if stat.S_ISLNK(info.external_attr >> 16):
        raise wrong(where, Text(f"{name[:80]} 是链接", f"{name[:80]} is a link"), _REMEDY)
    if not parts or name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\0" in name:
        raise wrong(where, Text(f"{name[:80]} 指向压缩包之外", f"{name[:80]} leads out of the archive"), _REMEDY)
    return PurePosixPath(*parts)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Chinese packers write it in GBK without saying so."""
    if info.flag_bits & _NAMED_UTF8:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _write(
    packed: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, left: int, where: str, progress: Progress
) -> int:
    """Unpack one member and return its size; what the directory declares is not believed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with packed.open(info) as source, target.open("xb") as sink:
        while block := source.read(_BLOCK):
            progress.step(0.0)
            size += len(block)
            if size > left or (size > RATIO_FROM and size > MOST_RATIO * max(info.compress_size, 1)):
                raise _too_much(where)
            sink.write(block)
    return size


def _too_much(where: str) -> SitesError:
    limit = f"{MOST_BYTES / 1024**3:g} GB"
    return wrong(where, Text(f"解压后超过 {limit}", f"it unpacks to more than {limit}"), _REMEDY)


def apart(files: Iterable[Path]) -> list[Path]:
    """Return the files worth opening: without hidden ones and the resource forks of macOS."""
    return sorted(f for f in files if not f.name.startswith(".") and "__MACOSX" not in f.parts)
