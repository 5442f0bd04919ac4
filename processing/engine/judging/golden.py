"""Golden cases: what a pack says of small sites, held against what the engine says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ....layers.layerset import Absence, LayerSet, LayerSource
from ....layers.profile import load_profile
from ....layers.reading import read_layer
from ....layers.sites import normalise
from ...rules.model import Case, Pack, Rule
from ..prepared.layer import prepare
from ..words import Verdict
from .access_book import AccessBook
from .answers import AnswerBook
from .basis import Basis
from .chunk import Chunk, make_chunk
from .law import Law
from .outcomes import judge_rule
from .reasons import BY_CODE
from .rows import CERTAINTIES, Rows

ACCESS_COLUMNS = ("unit_code", "item_id", "level", "dimension", "requirement", "industry", "nature", "verdict")
FARTHER_M = 50.0
# A role that is loaded and has nothing near the case.
ELSEWHERE = {
    "polygon": "POLYGON((80 40,80.01 40,80.01 40.01,80 40))",
    "line": "LINESTRING(80 40,80.01 40)",
    "point": "POINT(80 40)",
}


@dataclass(frozen=True)
class Mismatch:
    """A golden case that the engine does not meet."""

    pack: str
    rule: str
    case: str
    expected: Mapping[str, str]
    got: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.pack} {self.rule} “{self.case}”: expected {dict(self.expected)}, got {dict(self.got)}"


def run_cases(pack: Pack) -> list[Mismatch]:
    """Return the golden cases of a pack that come out otherwise."""
    runner = CaseRunner(pack)
    return [mismatch for rule in pack.rules for mismatch in runner.mismatches(rule)]


def run_case(pack: Pack, case: Case) -> dict[str, str]:
    """Return outcome, verdict, condition and certainty of a golden case."""
    runner = CaseRunner(replace(pack, cases=(case,)))
    return runner.results(next(rule for rule in pack.rules if rule.id == case.rule))[0][1]


class CaseRunner:
    """The golden cases of a pack with their facts made once, against which its rules are held, as they are or changed.

    Cases that lie at the same features share one chunk.
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._of_rule: dict[str, list[tuple[Case, Chunk, int]]] = {}
        layers = {rule.id: rule.layer for rule in pack.rules}
        alike: dict[str, list[Case]] = {}
        for case in pack.cases:
            alike.setdefault(_surroundings(case, layers[case.rule]), []).append(case)
        for cases in alike.values():
            chunk = _chunk(pack, cases)
            for site, case in enumerate(cases):
                self._of_rule.setdefault(case.rule, []).append((case, chunk, site))

    def results(self, rule: Rule) -> list[tuple[Case, dict[str, str]]]:
        """Return each case of the rule's id with what the rule, maybe changed, makes of it."""
        judged: dict[tuple[int, date], tuple[NDArray[np.uint8], Rows]] = {}
        found = []
        for case, chunk, site in self._of_rule.get(rule.id, []):
            key = (id(chunk), case.on)
            if key not in judged:
                judged[key] = judge_rule(0, rule, self._pack, chunk, case.on)
            found.append((case, _result(site, *judged[key])))
        return found

    def mismatches(self, rule: Rule) -> list[Mismatch]:
        """Return the cases of the rule's id that come out otherwise."""
        return [
            Mismatch(self._pack.id, rule.id, case.name, case.expect, got)
            for case, got in self.results(rule)
            if any(got[key] != value for key, value in case.expect.items())
        ]


def _surroundings(case: Case, layer: str) -> str:
    """Return what cases must share to stand in one chunk."""
    day = case.on if case.layer.get("state") == "absent_confirmed" else None
    return repr((layer, case.feature, case.feature_attributes, case.others, case.layer, case.access_list, day,
                 case.county, case.basin))  # fmt: skip


def _result(site: int, why: NDArray[np.uint8], found: Rows) -> dict[str, str]:
    got = {"outcome": BY_CODE[chr(why[site])].outcome.value, "verdict": "", "condition": "", "certainty": ""}
    own = found.take(found.site == site)
    if len(own):
        worst = int(np.argmin(own.verdict))
        got["verdict"] = next(verdict.value for verdict in Verdict if verdict.rank == own.verdict[worst])
        got["condition"] = "exception_open" if own.open_exception[worst] else ""
        got["certainty"] = CERTAINTIES[own.certainty[worst]].value
    return got


class _Basis(Basis):
    """Looks a little farther than the rules, so that a greater distance would find something as well."""

    def asked_m(self, role_id: str) -> float:
        return super().asked_m(role_id) + FARTHER_M


def _chunk(pack: Pack, cases: list[Case]) -> Chunk:
    """Return cases with the same surroundings as one chunk."""
    names = sorted({name for case in cases for name in case.attributes})
    columns = {name: [case.attributes.get(name) for case in cases] for name in names}
    sites = gpd.GeoDataFrame(
        {"site_id": [_site_id(n) for n in range(len(cases))], **columns},
        geometry=[shapely.from_wkt(case.site) for case in cases],
        crs="EPSG:4490",
    )
    return make_chunk(normalise(sites, pack.id), _basis(pack, cases))


def _site_id(n: int) -> str:
    return f"case {n}"


def _basis(pack: Pack, cases: list[Case]) -> Basis:
    case = cases[0]
    rule = next(rule for rule in pack.rules if rule.id == case.rule)
    sources, absences = [*_scope_layers(pack, cases)], []
    state = str(case.layer.get("state", "loaded"))
    if state == "loaded" and rule.layer not in [source.role for source in sources]:
        sources.append(_layer_of(case, rule.layer))
    elif state == "absent_confirmed":
        day = case.on - timedelta(days=1)
        absences.append(Absence(rule.layer, state, "golden", "golden", day, case.on + timedelta(days=30)))
    access = pd.DataFrame(
        [dict.fromkeys(ACCESS_COLUMNS, "") | dict(row) for row in case.access_list], columns=ACCESS_COLUMNS
    )
    return _Basis(
        LayerSet("golden", tuple(sources), tuple(absences)),
        load_profile(None),
        Law((pack,)),
        tuple(prepare(read_layer(source)) for source in sources),
        AccessBook(access),
        AnswerBook(_answers(cases)),
        case.on,
        False,
    )


def _layer_of(case: Case, role_id: str) -> LayerSource:
    from ....layers.role import role

    kind = role(role_id).geometry[0]
    shapes = [case.feature or ELSEWHERE[kind], *(other.geometry for other in case.others)]
    fields = [dict(case.feature_attributes), *(dict(other.attributes) for other in case.others)]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(fields, index=np.arange(len(shapes))),
        geometry=[shapely.from_wkt(s) for s in shapes],
        crs="EPSG:4490",
    )
    for name, spec in role(role_id).fields.items():
        if spec.required and name not in frame:
            frame[name] = (list(spec.options) or [f"golden {name}"])[0] if case.feature is None else None
    return LayerSource(
        role_id,
        "golden",
        accuracy_m=float(str(case.layer.get("accuracy_m", 0.0))),
        authority=str(case.layer.get("authority", "statutory")),
        vintage=_day(case.layer.get("vintage")),
        valid_to=_day(case.layer.get("valid_to")),
        frame=frame,
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(str(value)) if value else None


def _scope_layers(pack: Pack, cases: list[Case]) -> list[LayerSource]:
    """Return layers that put the cases inside the pack's basin and county, or where they say they lie."""
    case, role_ids = cases[0], {rule.layer for rule in pack.rules if rule.id in {case.rule for case in cases}}
    bounds = shapely.total_bounds([shapely.from_wkt(case.site) for case in cases])
    around = shapely.box(*bounds).buffer(0.5)
    held = str(case.layer.get("state", "loaded")) == "loaded"
    basin, county = case.basin or pack.basin, case.county or (pack.counties[0] if pack.counties else "")
    named = [("basin", {"code": "B", "name": basin})] if basin else []
    named += [("district", {"code": county or "golden", "name": "golden"})] if county or "district" in role_ids else []
    return [
        LayerSource(
            role_id,
            "golden",
            accuracy_m=0.0,
            authority="statutory",
            frame=gpd.GeoDataFrame({k: [v] for k, v in fields.items()}, geometry=[around], crs="EPSG:4490"),
        )
        for role_id, fields in named
        if held or role_id not in role_ids
    ]


def _answers(cases: list[Case]) -> pd.DataFrame | None:
    rows = [
        (_site_id(n), case.rule, key, value, "golden", str(case.on), "")
        for n, case in enumerate(cases)
        for key, value in case.answers.items()
    ]
    columns = ["site_id", "rule_id", "question", "answer", "who", "when", "why"]
    return pd.DataFrame(rows, columns=columns) if rows else None
