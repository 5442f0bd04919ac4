"""Arrays in one file that is mapped, not read: only the rows asked for are touched, and each is checked.

The file begins with a line that names format and version, then the length and the SHA-256
of a JSON header, the header, and the bytes of the arrays. Numbers and texts are all it can
hold: nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

MAGIC = b"EcoRedline prepared layer 1\n"
ALIGNED = 64
DTYPES = ("<f8", "<i8", "<u4", "|u1")


class DamagedError(Exception):
    """The file is not what was written, or of another version."""


class Rows:
    """Byte strings, or None, one a row.

    Parameters
    ----------
    values : sequence of bytes or None
    """

    def __init__(self, values: Sequence[bytes | None]) -> None:
        self.values = values


class PreparedFile:
    """A file opened for reading.

    Parameters
    ----------
    path : Path

    Raises
    ------
    DamagedError
        It is damaged or of another version.
    OSError
        There is none, or it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < len(MAGIC) + 40:
                raise DamagedError(path.name)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = len(MAGIC)
        (length,) = struct.unpack_from("<Q", self._map, head)
        start = head + 40
        text = self._map[start : start + length]
        if self._map[:head] != MAGIC or hashlib.sha256(text).digest() != self._map[head + 8 : start]:
            raise DamagedError(path.name)
        header = json.loads(text)
        if header["size"] != size:
            raise DamagedError(path.name)
        self.about: dict[str, Any] = header["about"]
        self._arrays: dict[str, Any] = header["arrays"]
        self._name = path.name
        self._known: dict[str, NDArray[Any]] = {}

    def array(self, name: str) -> NDArray[Any]:
        """Return an array, checked as a whole.

        Raises
        ------
        DamagedError
        """
        if name not in self._known:
            values = self._unchecked(name)
            if zlib.crc32(values.data) != self._arrays[name]["crc"]:
                raise DamagedError(self._name)
            self._known[name] = values
        return self._known[name]

    def rows(self, name: str, at: Indices) -> list[bytes | None]:
        """Return byte strings at those rows, each checked.

        Raises
        ------
        DamagedError
        """
        start, sizes, sums = (self.array(f"{name}.{part}") for part in ("start", "size", "crc"))
        blob = self._unchecked(f"{name}.bytes").data
        out: list[bytes | None] = []
        for first, size, crc in zip(start[at].tolist(), sizes[at].tolist(), sums[at].tolist(), strict=True):
            value = None if size < 0 else bytes(blob[first : first + size])
            if value is not None and zlib.crc32(value) != crc:
                raise DamagedError(self._name)
            out.append(value)
        return out

    def _unchecked(self, name: str) -> NDArray[Any]:
        entry = self._arrays[name]
        if entry["dtype"] not in DTYPES:
            raise DamagedError(self._name)
        count = int(np.prod(entry["shape"]))
        return np.frombuffer(self._map, entry["dtype"], count, entry["offset"]).reshape(entry["shape"])


def write(path: Path, about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any] | Rows]) -> None:
    """Write a file that only its owner may read, under a temporary name, and rename it when it is whole.

    Parameters
    ----------
    about : mapping
        What JSON can hold.
    arrays : mapping
        Arrays of a dtype of `DTYPES`, or byte strings by row.

    Raises
    ------
    OSError
        It cannot be written; nothing is left behind.
    """
    flat: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        flat |= _flat(name, values) if isinstance(values, Rows) else {name: np.ascontiguousarray(values)}
    entries: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, values in flat.items():
        entries[name] = {
            "dtype": values.dtype.str,
            "shape": list(values.shape),
            "offset": offset,
            "crc": 0 if name.endswith(".bytes") else zlib.crc32(values.data),
        }
        offset += -(-values.nbytes // ALIGNED) * ALIGNED
    text, first = _header(about, entries, offset)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + struct.pack("<Q", len(text)) + hashlib.sha256(text).digest() + text)
            for name, values in flat.items():
                file.seek(first + entries[name]["offset"])
                file.write(values.data if values.nbytes else b"")
            file.truncate(first + offset)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _flat(name: str, rows: Rows) -> dict[str, NDArray[Any]]:
    sizes = np.array([-1 if value is None else len(value) for value in rows.values], dtype="<i8")
    length = np.maximum(sizes, 0)
    return {
        f"{name}.start": (np.cumsum(length) - length).astype("<i8"),
        f"{name}.size": sizes,
        f"{name}.crc": np.array([zlib.crc32(value or b"") for value in rows.values], dtype="<u4"),
        f"{name}.bytes": np.frombuffer(b"".join(value or b"" for value in rows.values), dtype="|u1"),
    }


def _header(about: Mapping[str, Any], entries: dict[str, Any], size: int) -> tuple[bytes, int]:
    """Return the header's text, with offsets from the start of the file, and where the arrays begin."""

    def at(first: int) -> bytes:
        moved = {name: {**entry, "offset": first + entry["offset"]} for name, entry in entries.items()}
        text = json.dumps({"size": first + size, "about": about, "arrays": moved}, ensure_ascii=False).encode()
        return text + b" " * (first - len(MAGIC) - 40 - len(text))

    first = -(-(len(at(0)) + len(MAGIC) + 40 + 32 * (len(entries) + 1)) // ALIGNED) * ALIGNED
    return at(first), first
