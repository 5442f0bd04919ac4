"""Areas to restore as sites of a screening, and what the screening says of them as indicators."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ....layers.errors import SitesError
from ....layers.project_words import flag_of_word
from ....layers.shaped import require_shapes
from ....layers.site_table import find_columns
from ....layers.texts import Text
from ....layers.values import as_text
from ..dossier.screening import Screening
from .tables import INDICATORS

NATURE = "生态修复"
ROLES = ("red_line", "protected_area", "water_source", "permanent_farmland", "wetland", "drawdown_zone", "eco_space")


def restoration_sites(sites: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return a copy of sites in which what is not filled says that they are restoration.

    ``is_restoration`` becomes true and ``nature`` 生态修复 where they are empty; what is filled stays,
    so that a scheme with buildings can say 新建;生态修复 and is judged as both.

    Raises
    ------
    SitesError
        A site says that it is no restoration, or two columns match one field.
    """
    require_shapes(sites, Text(name, name), SitesError)
    columns = [str(column) for column in sites.columns if column != sites.geometry.name]
    found = find_columns(columns, name)
    out = sites.copy()
    flag = found.get("is_restoration", "is_restoration")
    said = as_text(out[flag].to_numpy()) if flag in out else [None] * len(out)
    denied = [row for row, word in enumerate(said, 1) if word is not None and flag_of_word(word) is False]
    if denied:
        rows = ", ".join(str(row) for row in denied[:5])
        raise SitesError(
            Text(
                f"{name}：第 {rows} 行的“是否生态修复项目”填为否",
                f"{name}: rows {rows} say that they are no restoration",
            ),
            remedy=Text("一般建设项目请用“筛查项目地块”。", "Screen ordinary projects with “Screen project sites”."),
        )
    out[flag] = np.full(len(out), True, dtype=object)
    nature = found.get("nature", "nature")
    told = as_text(out[nature].to_numpy()) if nature in out else [None] * len(out)
    out[nature] = np.array([word or NATURE for word in told], dtype=object)
    return out


def screening_indicators(screening: Screening) -> pd.DataFrame:
    """Return the share of each site in what restricts measures, as ``tables.INDICATORS``.

    Indicators ``<role>_share`` for the roles loaded, without double count; they stand on the whole site. Weights
    may name them beside those of rasters.
    """
    layers = screening.layers
    held = [role for role in ROLES if ((layers["role"] == role) & (layers["state"] == "loaded")).any()]
    sites = screening.verdicts["site_id"].to_numpy()
    shares = screening.roles.set_index(["site_id", "role"])["overlap_share"]
    # A role that a site does not meet has no row.
    wanted = pd.MultiIndex.from_product([sites, held], names=["site_id", "role"])
    table = shares.reindex(wanted).fillna(0.0).reset_index()
    return INDICATORS.frame(
        {
            "site_id": table["site_id"].to_numpy(),
            "indicator": [f"{role}_share" for role in table["role"]],
            "date": [""] * len(table),
            "value": table["overlap_share"].to_numpy(dtype=np.float64),
            "unit": [""] * len(table),
            "covered_share": np.ones(len(table)),
        }
    )
