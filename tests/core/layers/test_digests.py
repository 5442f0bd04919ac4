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


def _all_kinds() -> list[bytes | None]:
    """WKB as OGR and others write it: plain, with Z and M, big-endian, empty here and there, cut short."""
    rng = np.random.default_rng(3)
    star = shapely.Polygon(rng.uniform(0, 1, (9, 2))).convex_hull
    holed = star.buffer(1).difference(star)
    line = shapely.LineString(rng.uniform(0, 1, (5, 2)))
    shapes = [
        star, holed, shapely.MultiPolygon([holed, shapely.transform(star, lambda xy: xy + 9)]), line,
        shapely.MultiLineString([line, line.reverse()]), shapely.Point(1, 2), shapely.MultiPoint([(1, 2), (3, 4)]),
        shapely.force_3d(star, 5.0), shapely.force_3d(holed, 0.0), shapely.Polygon(), shapely.LineString(),
        shapely.MultiPolygon(), shapely.from_wkt("MULTIPOLYGON (EMPTY, ((0 0, 1 0, 1 1, 0 0)))"),
        shapely.GeometryCollection([star]),
        shapely.from_wkt("MULTILINESTRING (EMPTY, (0 0, 1 1))"), shapely.LinearRing([(0, 0), (1, 0), (1, 1)]),
    ]  # fmt: skip
    out: list[bytes | None] = [None]
    for shape in shapes:
        out += [
            shapely.to_wkb(shape, byte_order=order, flavor=flavor) for order in (0, 1) for flavor in ("iso", "extended")
        ]
    ring = struct.pack("<I", 4) + np.array([0, 0, 1, 0, 1, 1, 0, 0], "<f8").tobytes()
    hollow = struct.pack("<I", 0)
    head = struct.pack("<BI", 1, 3)
    out += [head + struct.pack("<I", 1) + hollow, head + struct.pack("<I", 2) + ring + hollow]
    out.append(struct.pack("<BII", 1, 6, 2) + head + struct.pack("<I", 1) + hollow + head + struct.pack("<I", 1) + ring)
    out.append(struct.pack("<BII", 1, 6, 1) + struct.pack(">BII", 0, 3, 1) + ring[::-1])
    out += [shapely.to_wkb(shapely.multipolygons([shape]), byte_order=1) for shape in (star, holed)]
    out.append(struct.pack("<BII", 1, 6, 1) + head + struct.pack("<I", 1) + hollow)
    return out


def test_what_is_read_is_hashed_as_it_would_be_written() -> None:
    """Whatever form the WKB has that was read, the digest is that of the geometry written anew."""
    as_read = np.array([*_all_kinds(), None], dtype=object)[:-1]
    with np.errstate(invalid="ignore"):
        geoms = shapely.from_wkb(as_read, on_invalid="ignore")
    written = canonical_wkb(geoms)
    there = ~shapely.is_missing(geoms)
    assert there.sum() > 40
    assert canonical_wkb(geoms[there], as_read[there]).tolist() == written[there].tolist()
    kept = [a is b for a, b in zip(canonical_wkb(geoms[there], as_read[there]), as_read[there], strict=True)]
    assert 5 <= sum(kept) < there.sum()
    for cut in range(0, 60):
        short = np.array([as_read[1], (as_read[4] or b"")[:cut]], dtype=object)
        assert canonical_wkb(geoms[[1, 4]], short)[1] == written[4]


def test_a_multipolygon_of_one_ring_is_taken_as_read_only_when_its_bytes_end_where_it_does() -> None:
    shape = shapely.multipolygons([shapely.box(0, 0, 1, 1)])
    wkb = shapely.to_wkb(shape, byte_order=1)
    for changed in (
        wkb,
        wkb[:-1],
        wkb[:-16],
        wkb + b"\0",
        wkb + bytes(16),
        b"\0" + wkb[1:],
        wkb[:9] + b"\0" + wkb[10:],
    ):
        as_read = np.array([changed, None], dtype=object)
        found = canonical_wkb(np.array([shape, None], dtype=object), as_read)
        assert found[0] == wkb
        assert (found[0] is changed) == (changed == wkb)
