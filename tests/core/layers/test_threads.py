"""Work over many features is shared by threads: nothing of it is lost, and its order stays."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import shapely
from ecoredline.layers import threads
from ecoredline.layers.errors import SourceError
from ecoredline.layers.feature_reading import RawFeatures, geometries
from ecoredline.layers.quality import repair
from ecoredline.layers.threads import spread

N = 2 * threads.WORTH_SPLITTING + 123
PLACES = [0, 1, N // 8, N // 2, N - 1]


@pytest.fixture(params=[1, 2, 5])
def _threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "count", lambda: request.param)


def _squares() -> np.ndarray:
    x = np.arange(N) / 100
    return shapely.box(x, 0, x + 0.005, 0.005)


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("n", [0, 1, threads.WORTH_SPLITTING - 1, threads.WORTH_SPLITTING, N])
def test_values_come_back_in_their_order(n: int) -> None:
    assert (spread(shapely.bounds, _squares()[:n]) == shapely.bounds(_squares()[:n])).all()


@pytest.mark.usefixtures("_threads")
def test_an_invalid_feature_is_found_wherever_it_stands() -> None:
    shapes = _squares()
    shapes[PLACES] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    fids = np.arange(N).astype(str).astype(object)
    repaired = repair(shapes, fids)
    assert repaired.repairs["fid"].tolist() == [str(place) for place in PLACES]
    assert shapely.is_valid(repaired.geoms).all()
    assert repaired.kept.all()


@pytest.mark.usefixtures("_threads")
def test_an_open_ring_and_a_broken_one_are_found_wherever_they_stand() -> None:
    wkb = shapely.to_wkb(_squares())
    ring = np.array([0, 0, 1, 0, 1, 1, 0, 1], "<f8")
    wkb[PLACES] = struct.pack("<BIII", 1, 3, 1, 4) + ring.tobytes()
    fids = np.arange(N).astype(str).astype(object)
    shapes, closed = geometries(RawFeatures(fids, wkb, {}), "here", SourceError)
    assert np.flatnonzero(closed).tolist() == PLACES
    assert not shapely.is_missing(shapes).any()
    wkb[N // 3] = struct.pack("<BII", 1, 2, 1) + bytes(16)
    with pytest.raises(SourceError, match=str(N // 3)):
        geometries(RawFeatures(fids, wkb, {}), "here", SourceError)
