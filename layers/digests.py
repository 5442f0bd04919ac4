"""One SHA-256 per feature, over what was read before anything was changed."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
import shapely
from numpy.typing import NDArray

SIZE = 32


def canonical_wkb(geoms: NDArray[np.object_], as_read: NDArray[np.object_] | None = None) -> NDArray[np.object_]:
    """Return little-endian 2-D WKB; None where there is no geometry.

    Parameters
    ----------
    geoms : ndarray of geometry
    as_read : ndarray of bytes, optional
        WKB that the geometries were read from, None where they were changed since; what is already
        as it would be written is not written again.
    """
    out = np.full(len(geoms), None, dtype=object)
    if as_read is not None:
        for i, wkb in enumerate(as_read.tolist()):
            if wkb is not None and _is_canonical(wkb):
                out[i] = wkb
    rest = np.array([wkb is None for wkb in out.tolist()], dtype=bool)
    out[rest] = shapely.to_wkb(geoms[rest], byte_order=1, output_dimension=2)
    return out


_HEAD, _COUNT = struct.Struct("<BI"), struct.Struct("<I")
_LITTLE, _LINE, _POLYGON, _LINES, _POLYGONS = 1, 2, 3, 5, 6
_XY_BYTES = 16
_ONE_POLYGON = b"".join(_HEAD.pack(_LITTLE, kind) + _COUNT.pack(1) for kind in (_POLYGONS, _POLYGON))


def _is_canonical(wkb: bytes) -> bool:
    """Tell of lines and polygons whether GEOS would write them so; what is empty somewhere it may write otherwise."""
    if wkb[:18] == _ONE_POLYGON and int.from_bytes(wkb[18:22], "little") * _XY_BYTES == len(wkb) - 22 > 0:
        return True  # most features by far: a multipolygon of one polygon without holes
    try:
        end = _end_of(wkb, 0)
    except struct.error:
        return False
    return end == len(wkb)


def _end_of(wkb: bytes, at: int) -> int:
    """Return where the geometry that begins there ends, -1 where it is of another kind or form, or empty."""
    order, kind = _HEAD.unpack_from(wkb, at)
    if order != _LITTLE or kind not in (_LINE, _POLYGON, _LINES, _POLYGONS):
        return -1
    (count,) = _COUNT.unpack_from(wkb, at + 5)
    at += 9
    if kind == _LINE or not count:
        return at + _XY_BYTES * count if count else -1
    for _ in range(count):
        if kind == _POLYGON:
            (points,) = _COUNT.unpack_from(wkb, at)
            at = at + 4 + _XY_BYTES * points if points else len(wkb) + 1
        else:
            at = _end_of(wkb, at) if wkb[at + 1 : at + 5] == (kind - 3).to_bytes(4, "little") else -1
        if not 0 < at <= len(wkb):
            return -1
    return at


def _field_bytes(fields: Mapping[str, Sequence[str | None]], n: int) -> list[bytes]:
    """Return per row the filled fields in order, each as name, length and UTF-8 text."""
    rows = [b""] * n
    for name, values in fields.items():
        head = name.encode() + b"="
        texts: dict[str, bytes] = {}
        for i, value in enumerate(values):
            if value is not None:
                part = texts.get(value)
                if part is None:
                    raw = value.encode()
                    part = texts[value] = head + len(raw).to_bytes(4, "little") + raw
                rows[i] += part
    return rows


def feature_digests(
    wkb: NDArray[np.object_], fields: Mapping[str, Sequence[str | None]] | None = None
) -> NDArray[np.uint8]:
    """Return the digest of each feature.

    Parameters
    ----------
    wkb : ndarray of bytes
        Little-endian 2-D WKB as read; None counts as no bytes.
    fields : mapping of str to sequence of str or None, optional
        Used fields in role order, one value per feature; None stands for an empty value
        and adds nothing.

    Returns
    -------
    ndarray of uint8, shape (n, 32)
    """
    rows = _field_bytes(fields or {}, len(wkb))
    joined = b"".join(sha256((shape or b"") + row).digest() for shape, row in zip(wkb, rows, strict=True))
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, SIZE)


def combined_digest(digests: NDArray[np.uint8]) -> str:
    """Return one SHA-256, in hexadecimal, over digests of shape (n, 32) whatever their order."""
    return sha256(digests[np.lexsort(digests.T[::-1])].tobytes() if len(digests) else b"").hexdigest()
