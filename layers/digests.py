"""One SHA-256 per feature, over what was read before anything was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
import shapely
from numpy.typing import NDArray

SIZE = 32


def canonical_wkb(geoms: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return little-endian 2-D WKB; None where there is no geometry."""
    wkb: NDArray[np.object_] = shapely.to_wkb(shapely.force_2d(geoms), byte_order=1, output_dimension=2)
    return wkb


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
