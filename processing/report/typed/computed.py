"""What the run found, ready to be asked for a unit's codes, an area, a length or a distance of one site."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ....layers.geodesy.area import polygon_areas
from ....layers.geodesy.length import line_lengths
from ....layers.role import roles
from ...engine.words import RoleState
from ..values import shown
from .quantities import plain, words


class Computed:
    """The figures of a run by site."""

    def __init__(self, screening: Any) -> None:
        self._screening = screening
        sites = screening.sites
        geometry = np.asarray(sites.geometry.array, dtype=object)
        ids = [shown(value) for value in sites["site_id"]]
        self.area = dict(zip(ids, map(float, polygon_areas(geometry)), strict=True))
        self.length = dict(zip(ids, map(float, line_lengths(geometry)), strict=True))
        names = [shown(value) for value in sites["name"]] if "name" in sites else [""] * len(ids)
        self.names: dict[str, list[str]] = {}
        for site_id, name in zip(ids, names, strict=True):
            if name:
                self.names.setdefault(plain(name), []).append(site_id)

    @property
    def ids(self) -> list[str]:
        """The sites of the run."""
        return list(self.area)

    @cached_property
    def loaded(self) -> set[str]:
        """Roles whose layers were at hand."""
        layers = self._screening.layers
        return set(layers.loc[layers["state"] == RoleState.LOADED, "role"])

    @cached_property
    def controlled(self) -> set[str]:
        """Roles that are controlled; one that no layer declares counts as such."""
        layers = self._screening.layers
        return set(roles()) - set(layers.loc[~layers["controlled"].astype(bool), "role"])

    @cached_property
    def absent(self) -> set[str]:
        """Roles of which the district is said to have nothing."""
        layers = self._screening.layers
        return set(layers.loc[layers["state"] == RoleState.ABSENT_CONFIRMED, "role"])

    def codes(self, site_id: str) -> list[str]:
        """Return the unit codes of a site: comprehensive units and element zones."""
        units, facts = self._of("units", site_id), self._of("facts", site_id)
        zones = facts[(facts["role"] == "element_zone") & ~facts["relation"].isin(("near", "touches"))]
        return list(dict.fromkeys([*units["unit_code"], *zones["feature_id"]]))

    def unit_area(self, site_id: str, code: str) -> float:
        """Return the m² of a site in one unit, comprehensive or of an element."""
        units, facts = self._of("units", site_id), self._of("facts", site_id)
        zones = facts[(facts["role"] == "element_zone") & (facts["feature_id"] == code)]
        in_units = units.loc[units["unit_code"] == code, "overlap_m2"].sum()
        return float(in_units + zones["overlap_m2"].fillna(0).sum())

    def overlap(self, site_id: str, role: str) -> tuple[float, float]:
        """Return m² and m of a site in a role, 0 where it meets nothing of it."""
        rows = self._of("roles", site_id)
        rows = rows[rows["role"] == role]
        return float(rows["overlap_m2"].fillna(0).sum()), float(rows["length_m"].fillna(0).sum())

    def distance(self, site_id: str, role: str, feature: str = "") -> float:
        """Return the m to the nearest feature of a role, of that name where one is given; NaN beyond the reach."""
        facts = self._of("facts", site_id)
        facts = facts[facts["role"] == role]
        if feature:
            facts = facts[facts["feature_name"].map(plain) == plain(feature)]
        return float(facts["distance_m"].min()) if len(facts) else float("nan")

    def limits(self, site_id: str, role: str) -> list[float]:
        """Return the distances on which findings of a site and role hang."""
        findings = self._of("findings", site_id)
        found = findings.loc[findings["role"] == role, "limit_m"].dropna()
        return sorted({float(limit) for limit in found})

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        tables = ("units", "facts", "roles", "findings")
        return {name: getattr(self._screening, name).groupby("site_id", sort=False).indices for name in tables}

    def _of(self, table: str, site_id: str) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(self._screening, table)
        rows: pd.DataFrame = frame.iloc[self._rows[table].get(site_id, [])]
        return rows


def role_in(heading: str) -> str:
    """Return the role that a heading names, by the longest of its names; empty where it names none."""
    best, role_id = "", ""
    further = words()["roles"]
    for role in roles().values():
        names = [role.name.zh, *role.layer_names, *further.get(role.id, ())]
        for name in names:
            if not name.isascii() and plain(name) in heading and len(name) > len(best):
                best, role_id = name, role.id
    return role_id
