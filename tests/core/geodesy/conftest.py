"""Shapes on both sides of the zone seam at 106.5° E, and the folder of published answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

ORACLES = Path(__file__).parents[4] / "shared" / "data" / "oracles"
DEGREES_PER_M = 1.0 / 111_000.0


@pytest.fixture
def oracle() -> Callable[[str], Path]:
    def find(name: str) -> Path:
        path = ORACLES / name
        if not path.is_file():
            pytest.skip(f"published answers not at hand: oracles/{name}")
        return path

    return find


@pytest.fixture
def blob() -> Callable[..., shapely.Polygon]:
    """A starry ring of n vertices about a point; radius in metres."""

    def make(lon: float, lat: float, radius: float, n: int = 40, seed: int = 0) -> shapely.Polygon:
        rng = np.random.default_rng(seed)
        turn = np.linspace(0.0, 2.0 * np.pi, n, endpoint=False)
        reach = radius * DEGREES_PER_M * (1.0 + 0.3 * np.sin(5.0 * turn) + rng.uniform(-0.02, 0.02, n))
        east = reach * np.cos(turn) / np.cos(np.radians(lat))
        return shapely.Polygon(np.column_stack([lon + east, lat + reach * np.sin(turn)]))

    return make
