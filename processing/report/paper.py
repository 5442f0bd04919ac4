"""From the tables of a dossier to what a paper shows of each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from ..engine.words import RoleState, Verdict
from . import receptors
from .basis import run_paper
from .chemistry import chemistry_entries
from .figures import NOTHING, area, metres, percent
from .finding import finding_paper, order
from .gaps import SiteGaps
from .lines import line_paper
from .matters import consultations, corrections, missing_layers, validity
from .model import FindingPaper, Others, RedLinePaper, RoleRow, RunPaper, SitePaper, UnitPaper
from .opinion import day_row, open_questions, opinion_entries, verdict_zh, words_of
from .options import Options
from .palette import look_key
from .project import project_entries
from .receptors import receptor_paper
from .redline import red_line_paper
from .roles import role_name, state_text
from .source import Source
from .unit import unit_paper
from .values import parts, records, shown

NOT_CHECKED = "未核查"
_STATES = [state.value for state in RoleState]
_UNMET = {RoleState.LOADED.value: "未重叠", RoleState.ABSENT_CONFIRMED.value: "无此类要素"}


class Papers:
    """The papers of one run: `run` is shared, `site` makes one at a time.

    Parameters
    ----------
    source : Source
        The tables, already cut where secrecy asks for it.
    options : Options, optional
        What the user chose of the papers.
    """

    def __init__(self, source: Source, options: Options | None = None) -> None:
        self.source, self.options = source, options or Options()
        self._verdicts: dict[str, dict[str, Any]] = {str(row["site_id"]): row for row in _dicts(source.verdicts)}
        self._rules: dict[str, dict[str, Any]] = {str(row["rule_id"]): row for row in _dicts(source.rules)}
        self._rows: dict[str, Mapping[Any, Any]] = {}
        closed = source.controlled(pd.Series(self._role_ids))
        self._closed = dict(zip(self._role_ids, closed, strict=True))
        self.role_names = {role: role_name(source.layers, role) for role in self._role_ids}
        run = run_paper(source, self.options)
        self.run: RunPaper = replace(run, validity=validity(run, source.layers, source.rules, run.as_of))
        self._gaps = SiteGaps(source)
        self._missing = missing_layers(source.layers, source.rules, self.role_names)

    @property
    def site_ids(self) -> list[str]:
        """The sites in the order of the run."""
        return list(self._verdicts)

    def ranked_ids(self) -> list[str]:
        """Return the sites with the worst first, else in the order of the run."""
        return sorted(self._verdicts, key=lambda site_id: order(self._verdicts[site_id]["verdict"]))

    def look_counts(self) -> Counter[str]:
        """Return how many sites have each look."""
        return Counter(look_key(row["verdict"], row["completeness"]) for row in self._verdicts.values())

    def __iter__(self) -> Iterator[SitePaper]:
        return (self.site(site_id) for site_id in self.site_ids)

    def site(self, site_id: str) -> SitePaper:
        """Return what the papers say about one site."""
        verdict = self._verdicts[site_id]
        findings = self._findings(site_id)
        attributes, geometry = self._attributes(site_id)
        met = self._of("roles", site_id)  # holds only what the site meets
        rows = self._of("findings", site_id)
        checks = self.source.checks(site_id)
        chemistry = chemistry_entries(attributes, self._park(set(met["role"])))
        return SitePaper(
            site_id=site_id,
            name=verdict["name"],
            look=look_key(verdict["verdict"], verdict["completeness"]),
            words=words_of(verdict),
            verdict=verdict["verdict"],
            opinion=opinion_entries(verdict, sum(finding.verdict == Verdict.UNDETERMINED for finding in findings)),
            project=project_entries(attributes, geometry),
            findings=findings,
            units=self._units(site_id, attributes, findings),
            roles=tuple(self._met(row, self.role_names[row.role]) for row in records(met)),
            other_roles=self._other_roles(set(met["role"])),
            questions=open_questions(rows, verdict["questions"]),
            days=tuple(
                day_row(row, verdict, int(verdict["n_undetermined"])) for row in records(self._of("days", site_id))
            ),
            answers=tuple(
                (row.rule_id, row.question, row.answer, row.who, row.when, row.why)
                for row in records(self._of("answers", site_id))
            ),
            reviews=tuple(
                (verdict_zh(row.verdict), verdict_zh(row.reviewed_verdict), row.reason, row.who, row.when)
                for row in records(self._of("reviews", site_id))
            ),
            chemistry=chemistry,
            red_line=self._red_line(verdict, met),
            line=line_paper(self._of("stretches", site_id), attributes, self.role_names),
            receptors=receptor_paper(
                self._of("facts", site_id), self.options.radii_m, self._unloaded(receptors.ROLE), self.source.secrecy
            ),
            corrections=corrections(rows, attributes, chemistry, self._is_bare(attributes, geometry)),
            consultations=consultations(
                [(finding, self._rules.get(finding.rule_id, {})) for finding in findings], self._missing, attributes
            ),
            gaps=self._gaps.of(checks, set(met["role"]), rows),
            checks=checks,
        )

    def _red_line(self, verdict: Mapping[str, Any], met: pd.DataFrame) -> RedLinePaper:
        row = met[met["role"] == "red_line"]
        size, length = (float(row[name].fillna(0).sum()) for name in ("overlap_m2", "length_m"))
        return red_line_paper(verdict["redline_state"], size, length, self._hides("red_line"))

    def _unloaded(self, role: str) -> str:
        """Return in words why a role was not checked; empty where it is loaded."""
        states = set(self.source.layers.loc[self.source.layers["role"] == role, "state"])
        if RoleState.LOADED in states:
            return ""
        return state_text(next(iter(states), RoleState.NOT_HELD.value))

    def _park(self, met: set[str]) -> str:
        why = self._unloaded("chemical_park")
        if why:
            return f"未核查（图层{why}）" if why != state_text(RoleState.ABSENT_CONFIRMED) else f"否（{why}）"
        return "是（与所列化工园区重叠）" if "chemical_park" in met else "否（不在所列化工园区内）"

    @staticmethod
    def _is_bare(attributes: Mapping[str, Any], geometry: Any) -> bool:
        if geometry is None or not geometry.geom_type.endswith("Point"):
            return False
        return not any(shown(attributes.get(name)) for name in ("footprint_m", "area_m2"))

    @cached_property
    def _role_ids(self) -> list[str]:
        source = self.source
        named = [source.layers["role"], source.findings["role"], source.roles["role"], source.rules["role"]]
        open_roles = [role for text in source.gaps["roles"] for role in parts(text)]
        return list(dict.fromkeys([role for column in named for role in column if role] + open_roles))

    def _of(self, table: str, site_id: str) -> pd.DataFrame:
        """Return the rows of a site; each table is grouped once, not searched per site."""
        frame: pd.DataFrame = getattr(self.source, table)
        if table not in self._rows:
            self._rows[table] = frame.groupby("site_id", sort=False).indices
        rows: pd.DataFrame = frame.iloc[self._rows[table].get(site_id, [])]
        return rows

    def _attributes(self, site_id: str) -> tuple[dict[str, Any], Any]:
        sites = self.source.sites
        if "sites" not in self._rows:
            self._rows["sites"] = {shown(value): place for place, value in enumerate(sites["site_id"])}
        row = dict(sites.iloc[self._rows["sites"][site_id]])
        geometry = None if self.source.secrecy else row.pop(sites.geometry.name)
        return row, geometry

    def _findings(self, site_id: str) -> tuple[FindingPaper, ...]:
        rows = records(self._of("findings", site_id))
        papers = [
            finding_paper(
                row, self._rules.get(row.rule_id, {}), self.role_names.get(row.role, ""), self._hides(row.role)
            )
            for row in rows
        ]
        return tuple(sorted(papers, key=lambda paper: (order(paper.verdict), paper.rule_id)))

    def _hides(self, role: str) -> bool:
        return self.source.secrecy and bool(self._closed.get(role, True))

    def _other_roles(self, met: set[str]) -> tuple[Others, ...]:
        """Return the roles that a site does not meet, by how they were checked."""
        others: dict[str, list[str]] = {}
        for layer in records(self.source.layers.drop_duplicates("role")):
            if layer.role not in met:
                others.setdefault(layer.state, []).append(self.role_names[layer.role])
        states = sorted(others, key=_STATES.index)
        return tuple(Others(_UNMET.get(state, NOT_CHECKED), "、".join(others[state])) for state in states)

    def _met(self, row: Any, name: str) -> RoleRow:
        size = area(row.overlap_m2) if row.overlap_m2 > 0 else metres(row.length_m) if row.length_m > 0 else NOTHING
        share = percent(row.overlap_share) if row.overlap_share > 0 else NOTHING
        return RoleRow(name, state_text(row.state), "重叠", size, share)

    def _units(
        self, site_id: str, attributes: dict[str, Any], findings: tuple[FindingPaper, ...]
    ) -> tuple[UnitPaper, ...]:
        units = records(self._of("units", site_id))
        return tuple(unit_paper(unit, self.source.unit_items, attributes, findings) for unit in units)


def _dicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.itertuples(index=False, name=None)]
