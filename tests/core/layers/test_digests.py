"""Digests: the same for the same content, another for any change, and what they hash is told byte by byte."""

import struct
from hashlib import sha256

import numpy as np
import pytest
import shapely
from ecoredline.layers.digests import canonical_wkb, feature_digests


def one(geometry):
    out = np.empty(1, dtype=object)
    out[0] = geometry
    return out


def test_the_bytes_are_little_endian_2d_wkb_then_the_filled_fields():
    point = struct.pack("<BIdd", 1, 1, 106.5, 29.5)
    fields = b"code=" + struct.pack("<I", 2) + b"A1" + b"name=" + struct.pack("<I", 6) + "长江".encode()
    wkb = canonical_wkb(one(shapely.Point(106.5, 29.5, 7.0)))
    assert wkb[0] == point
    found = feature_digests(wkb, {"code": ["A1"], "level": [None], "name": ["长江"]})
    assert found.dtype == np.uint8
    assert found.shape == (1, 32)
    assert found.tobytes() == sha256(point + fields).digest()


def test_no_geometry_and_no_features():
    assert feature_digests(canonical_wkb(one(None))).tobytes() == sha256(b"").digest()
    assert feature_digests(np.empty(0, dtype=object)).shape == (0, 32)


@pytest.mark.parametrize(
    "other",
    [
        (shapely.LineString([(0, 0), (1, 1.0000000000000002)]), {"a": ["x"], "b": ["y"]}),
        (shapely.LineString([(1, 1), (0, 0)]), {"a": ["x"], "b": ["y"]}),
        (shapely.LineString([(0, 0), (1, 1)]), {"a": ["xb=y"], "b": [None]}),
        (shapely.LineString([(0, 0), (1, 1)]), {"a": ["x"], "b": [None]}),
        (shapely.LineString([(0, 0), (1, 1)]), {"a": ["x"], "b": ["Y"]}),
    ],
)
def test_any_change_is_seen(other):
    same = (shapely.LineString([(0, 0), (1, 1)]), {"a": ["x"], "b": ["y"]})
    first, again, changed = (feature_digests(canonical_wkb(one(g)), f).tobytes() for g, f in (same, same, other))
    assert first == again
    assert first != changed
