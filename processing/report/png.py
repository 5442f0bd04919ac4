"""Colours as a PNG file, with nothing but the standard library (PNG specification, third edition)."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def png(colours: NDArray[np.uint8]) -> bytes:
    """Return a PNG of red, green and blue, shape (height, width, 3)."""
    height, width, _ = colours.shape
    # Every row begins with its filter: 0, none.
    rows = np.concatenate((np.zeros((height, 1), np.uint8), colours.reshape(height, -1)), axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
