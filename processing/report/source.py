"""What the papers read: the tables of a dossier, tidied, and with ``secrecy`` cut to what may be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ..engine import tables
from ..engine.table import Table
from .values import cited, short_paths, shown, without_paths

# what may be told of a controlled layer: that it is touched, by how much, in which unit
_HIDDEN_TEXT = ("feature_id", "feature_name", "relation", "bank_def", "note")
_HIDDEN_NUMBERS = (
    "overlap_share", "length_m", "distance_m", "within_length_m", "within_share", "margin_m", "bearing_deg",
)  # fmt: skip
_WITH_PATHS = {"layers": ("note", "basis"), "gaps": ("cause", "cure", "cause_en", "cure_en"), "findings": ("note",)}
_UNIT_ROLE = "control_unit"
Checks = Mapping[str, tuple[str, str]]  # outcome and why by rule


class Seal(Protocol):
    """The part of a seal that papers print."""

    @property
    def number(self) -> str:
        """The number, 64 hexadecimal digits."""


class Screening(Protocol):
    """A finished run of the engine or an opened dossier: attributes named as the tables of engine/tables.py."""

    @property
    def sites(self) -> Any:
        """GeoDataFrame, EPSG:4490."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the run."""

    @property
    def seal(self) -> Seal:
        """The seal."""

    def outcomes(self, site_id: str) -> pd.DataFrame:
        """Return every rule with its outcome for a site, and why."""


@dataclass(frozen=True)
class Source:
    """The tables of one run, every text printable and none missing; ``sites`` is None where it may not be told."""

    verdicts: pd.DataFrame
    findings: pd.DataFrame
    facts: pd.DataFrame
    stretches: pd.DataFrame
    units: pd.DataFrame
    unit_items: pd.DataFrame
    roles: pd.DataFrame
    layers: pd.DataFrame
    gaps: pd.DataFrame
    rules: pd.DataFrame
    days: pd.DataFrame
    answers: pd.DataFrame
    reviews: pd.DataFrame
    sites: Any
    settings: Mapping[str, Any]
    seal: str
    outcomes: Callable[[str], pd.DataFrame]
    secrecy: bool = False

    def checks(self, site_id: str) -> Checks:
        """Return outcome and why of every rule for a site."""
        found = self.outcomes(site_id)
        return dict(zip(found["rule_id"], zip(found["outcome"], found["why"], strict=True), strict=True))

    def controlled(self, roles: pd.Series) -> pd.Series:
        """Return where a role is controlled; one that no layer declares counts as such."""
        open_roles = set(self.layers.loc[~self.layers["controlled"], "role"])
        closed = set(self.layers.loc[self.layers["controlled"], "role"])
        return ~roles.isin(open_roles - closed)


def collect(screening: Screening, secrecy: bool = False) -> Source:
    """Return the tables of a run for its papers.

    Parameters
    ----------
    screening : Screening
        A finished run.
    secrecy : bool
        Keep of controlled roles only whether they are touched, the area and the
        unit code; no coordinates, no names or ids of their features, and no file
        paths in any text.
    """
    frames: dict[str, Any] = {table.name: _tidy(table, getattr(screening, table.name)) for table in tables.TABLES}
    for table, columns in _WITH_PATHS.items():
        frames[table] = frames[table].assign(**{name: frames[table][name].map(short_paths) for name in columns})
    rules = frames["rules"]
    frames["rules"] = rules.assign(pack_title=rules["pack_title"].map(_inner), citation=rules["citation"].map(cited))
    source = Source(
        **frames,
        sites=screening.sites,
        settings=screening.settings,
        seal=screening.seal.number,
        outcomes=screening.outcomes,
    )
    return _redacted(source) if secrecy else source


def _inner(title: str) -> str:
    return cited(f"《{title}》")[1:-1]


def _tidy(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    data = {}
    for column in table.columns:
        if column.name not in frame:
            continue
        values = pd.Series(frame[column.name]).reset_index(drop=True)
        if column.kind in ("text", "date"):
            data[column.name] = values.astype(object).map(shown).astype(object)
        elif column.kind in ("int", "bool"):
            data[column.name] = values.astype(object).where(values.notna(), 0)
        else:
            data[column.name] = pd.to_numeric(values, errors="coerce")
    return table.frame(pd.DataFrame(data))


def _redacted(source: Source) -> Source:
    findings = _hide(source, source.findings)
    items = {f"{d}：{r}" for d, r in zip(source.unit_items["dimension"], source.unit_items["requirement"], strict=True)}
    findings["note"] = findings["note"].mask(
        source.findings["note"].isin(items), source.findings["note"]
    )  # public texts
    facts = source.facts.loc[~source.controlled(source.facts["role"])].reset_index(drop=True)
    facts = facts.assign(**dict.fromkeys(("site_lon", "site_lat", "feature_lon", "feature_lat"), np.nan), layer="")
    stretches = source.stretches.loc[~source.controlled(source.stretches["role"])].reset_index(drop=True)
    units = source.units.assign(unit_name="", overlap_share=np.nan, length_m=np.nan)
    if not source.controlled(pd.Series([_UNIT_ROLE])).iloc[0]:
        units = source.units
    hidden = source.layers["controlled"]
    layers = source.layers.assign(layer="")
    layers = layers.assign(
        note=layers["note"].mask(hidden, ""),
        basis=layers["basis"].mask(hidden, ""),
        n_features=layers["n_features"].mask(hidden),
        n_repaired=layers["n_repaired"].mask(hidden),
        repair_m2=layers["repair_m2"].mask(hidden, np.nan),
    )
    attributes = pd.DataFrame(source.sites.drop(columns=source.sites.geometry.name))
    cut = replace(
        source,
        findings=findings,
        facts=facts,
        stretches=stretches,
        units=units,
        layers=layers,
        roles=_hide(source, source.roles),
        sites=attributes,
        settings=_scrub_value(dict(source.settings)),
        secrecy=True,
    )
    scrubbed: dict[str, Any] = {table.name: _scrub(getattr(cut, table.name)) for table in tables.TABLES}
    return replace(cut, **scrubbed, sites=_scrub(attributes))


def _hide(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    hidden = source.controlled(frame["role"])
    out = frame.copy()
    for name in _HIDDEN_TEXT:
        if name in out:
            keep = out["role"] == _UNIT_ROLE if name == "feature_id" else False
            out[name] = out[name].mask(hidden & ~pd.Series(keep, index=out.index), "")
    for name in _HIDDEN_NUMBERS:
        if name in out:
            out[name] = out[name].mask(hidden)
    return out


def _scrub(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in frame.columns if frame[name].dtype == object and name != "site_id"]
    return frame.assign(**{name: frame[name].map(_scrub_value) for name in texts})


def _scrub_value(value: Any) -> Any:
    if isinstance(value, str):
        return without_paths(value)
    if isinstance(value, dict):
        return {key: _scrub_value(entry) for key, entry in value.items()}
    return [_scrub_value(entry) for entry in value] if isinstance(value, list | tuple) else value
