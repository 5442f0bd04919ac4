"""The sample district, made once for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from ecoredline.layers import layerset
from ecoredline.layers.reading import LayerData, read_layer
from ecoredline.layers.sample import SampleDistrict, make


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleDistrict:
    return make(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def layers(sample: SampleDistrict) -> dict[str, LayerData]:
    """Every layer as the product reads it, by its name in the GeoPackage."""
    return {source.layer or "": read_layer(source) for source in layerset.load(sample.layer_set).sources}


@pytest.fixture(scope="session")
def verdict_table() -> Path:
    return Path(__file__).parents[2] / "data" / "sample_verdicts.csv"
