"""Golden cases: what a pack says of small sites, held against what the engine says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...layers.layerset import Absence, LayerSet, LayerSource
from ...layers.profile import load_profile
from ...layers.reading import read_layer
from ...layers.sites import normalise
from ..rules.model import Case, Pack
from .access_book import AccessBook
from .answers import AnswerBook
from .basis import Basis
from .chunk import make_chunk
from .judge import judge
from .prepared import prepare
from .reasons import BY_CODE
from .tabulate import findings_table
from .words import Verdict

ACCESS_COLUMNS = ("unit_code", "item_id", "level", "dimension", "requirement", "industry", "nature", "verdict")
SITE_ID = "case"
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
    found = []
    for case in pack.cases:
        got = run_case(pack, case)
        if any(got[key] != value for key, value in case.expect.items()):
            found.append(Mismatch(pack.id, case.rule, case.name, case.expect, got))
    return found


def run_case(pack: Pack, case: Case) -> dict[str, str]:
    """Return outcome, verdict, condition and certainty of a golden case."""
    basis = _basis(pack, case)
    attributes = {name: [value] for name, value in case.attributes.items()}
    frame = gpd.GeoDataFrame(
        {"site_id": [SITE_ID], **attributes}, geometry=[shapely.from_wkt(case.site)], crs="EPSG:4490"
    )
    judged = judge(make_chunk(normalise(frame, case.name), basis), case.on)
    position = next(i for i, (rule, _) in enumerate(basis.rules) if rule.id == case.rule)
    findings = findings_table(judged)
    own = findings[findings["rule_id"] == case.rule].copy()
    got = {
        "outcome": BY_CODE[chr(judged.why[0, position])].outcome.value,
        "verdict": "",
        "condition": "",
        "certainty": "",
    }
    if len(own):
        worst = own.loc[own["verdict"].map(lambda v: Verdict(v).rank).idxmin()]
        got |= {name: str(worst[name]) for name in ("verdict", "condition", "certainty")}
    return got


def _basis(pack: Pack, case: Case) -> Basis:
    rule = next(rule for rule in pack.rules if rule.id == case.rule)
    sources, absences = [*_scope_layers(pack, case)], []
    state = str(case.layer.get("state", "loaded"))
    if state == "loaded":
        sources.append(_layer_of(case, rule.layer))
    elif state == "absent_confirmed":
        day = case.on - timedelta(days=1)
        absences.append(Absence(rule.layer, state, "golden", "golden", day, case.on + timedelta(days=30)))
    access = pd.DataFrame(
        [dict.fromkeys(ACCESS_COLUMNS, "") | dict(row) for row in case.access_list], columns=ACCESS_COLUMNS
    )
    return Basis(
        LayerSet("golden", tuple(sources), tuple(absences)),
        load_profile(None),
        (pack,),
        tuple(prepare(read_layer(source)) for source in sources),
        AccessBook(access),
        AnswerBook(_answers(case)),
        case.on,
        False,
    )


def _layer_of(case: Case, role_id: str) -> LayerSource:
    from ...layers.role import role

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


def _scope_layers(pack: Pack, case: Case) -> list[LayerSource]:
    """Return layers that put the case inside the pack's basin and county."""
    around = shapely.box(*shapely.from_wkt(case.site).bounds).buffer(0.5)
    named = [("basin", {"code": "B", "name": pack.basin})] if pack.basin else []
    named += [("district", {"code": pack.counties[0], "name": "golden"})] if pack.counties else []
    return [
        LayerSource(
            role_id,
            "golden",
            accuracy_m=0.0,
            authority="statutory",
            frame=gpd.GeoDataFrame({k: [v] for k, v in fields.items()}, geometry=[around], crs="EPSG:4490"),
        )
        for role_id, fields in named
    ]


def _answers(case: Case) -> pd.DataFrame | None:
    if not case.answers:
        return None
    rows = [(SITE_ID, case.rule, key, value, "golden", str(case.on), "") for key, value in case.answers.items()]
    return pd.DataFrame(rows, columns=["site_id", "rule_id", "question", "answer", "who", "when", "why"])
