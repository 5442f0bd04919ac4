"""A finished run: its tables, its seal, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from ....layers.errors import DossierError
from ....layers.texts import Text
from ..judging import reasons
from ..words import OUTCOME_TEXTS
from .seal import Seal

Read = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Screening:
    """The result of a screening, from memory or from a dossier.

    Parameters
    ----------
    read : callable
        Returns a table by its name; each is read once, when asked for.
    settings : mapping
        as_of, strict, profile, dropped roles, layer set name, versions.
    seal : Seal
    geometry_of_overlap : callable or None
        Given site_id, role and feature_id returns their overlap; None where no layers are at hand.
    """

    read: Read
    settings: Mapping[str, Any]
    seal: Seal
    geometry_of_overlap: Callable[[str, str, str], shapely.Geometry] | None = None

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites with all their attributes, EPSG:4490."""
        return gpd.GeoDataFrame(self.read("sites"))

    @cached_property
    def verdicts(self) -> gpd.GeoDataFrame:
        """One row per site."""
        return gpd.GeoDataFrame(self.read("verdicts"))

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Rules that fired, or stayed open for a cause of the site."""
        return self.read("findings")

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Sites against features."""
        return self.read("facts")

    @cached_property
    def stretches(self) -> pd.DataFrame:
        """Where lines enter and leave the features that they cross."""
        return self.read("stretches")

    @cached_property
    def units(self) -> pd.DataFrame:
        """Sites against control units."""
        return self.read("units")

    @cached_property
    def unit_items(self) -> pd.DataFrame:
        """Access list items."""
        return self.read("unit_items")

    @cached_property
    def roles(self) -> pd.DataFrame:
        """How much of each site lies in each role that it meets."""
        return self.read("roles")

    @cached_property
    def layers(self) -> pd.DataFrame:
        """The data that the run rests on."""
        return self.read("layers")

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """What stayed open for a cause of the run."""
        return self.read("gaps")

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Every rule with its text."""
        return self.read("rules")

    @cached_property
    def days(self) -> pd.DataFrame:
        """Verdicts on the days of acceptance and decision."""
        return self.read("days")

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Answers that persons gave."""
        return self.read("answers")

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """Reviews by persons, outside the seal."""
        return self.read("reviews")

    @cached_property
    def _codes(self) -> pd.Series:
        return self.read("outcomes").set_index("site_id")["codes"]

    def outcomes(self, site_id: str) -> pd.DataFrame:
        """Return every rule with its outcome of the five for a site, and why.

        Raises
        ------
        DossierError
            There is no such site.
        """
        if site_id not in self._codes.index:
            raise DossierError(
                Text(f"没有编号为 {site_id} 的地块", f"There is no site {site_id}"),
                remedy=Text("请核对地块编号。", "Check the site's id."),
            )
        found = [reasons.BY_CODE[code] for code in self._codes[site_id]]
        return pd.DataFrame(
            {
                "rule_id": self.rules["rule_id"],
                "outcome": [reason.outcome.value for reason in found],
                "outcome_zh": [OUTCOME_TEXTS[reason.outcome].zh for reason in found],
                "why": [reason.text.zh for reason in found],
                "why_en": [reason.text.en for reason in found],
            }
        )

    def overlap(self, site_id: str, role: str, feature_id: str) -> shapely.Geometry:
        """Return the overlap of a site with a feature, EPSG:4490; empty where they do not meet.

        Raises
        ------
        DossierError
            The layers are not at hand, as after opening a dossier without its layer set.
        """
        if self.geometry_of_overlap is None:
            raise DossierError(
                Text(
                    "卷宗中不保存图层，无法计算重叠范围", "A dossier holds no layers, so the overlap cannot be computed"
                ),
                remedy=Text(
                    "打开卷宗时请同时给出图层配置：open_dossier(folder, layer_set=…)。",
                    "Give the layer set when opening it: open_dossier(folder, layer_set=…).",
                ),
            )
        return self.geometry_of_overlap(site_id, role, feature_id)
