"""From the arrays of a judged chunk to the tables of `tables`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..facts.layer_facts import LayerFacts
from ..facts.overlap import CODE, RELATIONS
from ..facts.site_arrays import LINE, POLYGON
from ..judging import reasons, rows
from ..judging.chunk import Chunk
from ..judging.judge import Judged
from ..judging.verdict import COMPLETENESS
from ..judging.within import within_limits
from ..tables import FACTS, FINDINGS, ROLES, UNITS, VERDICTS
from ..truth import FALSE, TRUE
from ..words import CONDITION_OPEN, Relation, RoleState, Verdict, verdict_words

Objects = NDArray[np.object_]

RELATION_WORDS = np.array([relation.value for relation in RELATIONS], dtype=object)
VERDICT_WORDS = np.array([verdict.value for verdict in Verdict], dtype=object)
CERTAINTY_WORDS = np.array([certainty.value for certainty in rows.CERTAINTIES], dtype=object)
COMPLETENESS_WORDS = np.array([c.value for c in COMPLETENESS], dtype=object)
CONDITION_WORDS = np.array(["", CONDITION_OPEN], dtype=object)
OUTCOME_WORDS = np.full(256, "", dtype=object)
OUTCOME_WORDS[[reasons.byte(each) for each in reasons.REASONS]] = [each.outcome.value for each in reasons.REASONS]
COVER_RULE_ID = "COVER"
FIGURES = ("overlap_m2", "overlap_share", "length_m", "distance_m", "bearing_deg")


def facts_table(chunk: Chunk) -> pd.DataFrame:
    """Return the facts of all layers."""
    parts = []
    for layer in (layer for layer in chunk.layers if len(layer.facts)):
        facts, traits = layer.facts, layer.layer.traits
        data = {name: getattr(facts, name) for name in FACTS.names if hasattr(facts, name)}
        data |= {
            "site_id": chunk.ids[facts.site],
            "role": np.full(len(facts), layer.layer.data.role.id, dtype=object),
            "feature_id": traits.texts("feature_id")[facts.feature],
            "feature_name": traits.names[facts.feature],
            "layer": np.full(len(facts), layer.layer.data.source.layer or "", dtype=object),
            "relation": RELATION_WORDS[facts.relation],
            "depth_m": layer.known_depths,
        }
        parts.append(data)
    return FACTS.joined(parts)


def rule_ids(judged: Judged) -> Objects:
    """Return the id of the rule at each position, the last one that of findings of no rule, whose position is -1."""
    return np.append(judged.chunk.basis.law.ids, COVER_RULE_ID)


def findings_table(judged: Judged) -> pd.DataFrame:
    """Return the findings with the facts they rest on."""
    chunk, found = judged.chunk, judged.found
    roles = np.append(chunk.basis.law.layers, "control_unit")
    data: dict[str, NDArray[np.generic] | Objects] = {
        "site_id": chunk.ids[found.site],
        "rule_id": rule_ids(judged)[found.rule],
        "outcome": OUTCOME_WORDS[found.reason],
        "verdict": VERDICT_WORDS[found.verdict],
        "condition": CONDITION_WORDS[found.open_exception.astype(np.int64)],
        "certainty": CERTAINTY_WORDS[found.certainty],
        "role": roles[found.rule],
        "limit_m": found.limit_m,
        "margin_m": np.round(found.margin_m, 3),
        "note": found.note,
        "question": found.question,
    }
    for name in FIGURES:
        data[name] = np.full(len(found), np.nan)
    for name in ("feature_id", "feature_name", "relation", "bank_def"):
        data[name] = np.full(len(found), "", dtype=object)
    for position in np.unique(found.layer[found.layer >= 0]):
        at = np.flatnonzero((found.layer == position) & (found.row >= 0))
        _put_facts(data, at, chunk.layers[position], found.row[at])
    data |= within_limits(chunk, found)
    return FINDINGS.frame(data)


def _put_facts(
    data: dict[str, NDArray[np.generic] | Objects], at: NDArray[np.int64], layer: LayerFacts, row: NDArray[np.int64]
) -> None:
    facts, traits = layer.facts, layer.layer.traits
    for name in FIGURES:
        data[name][at] = getattr(facts, name)[row]
    feature = facts.feature[row]
    data["feature_id"][at] = traits.texts("feature_id")[feature]
    data["feature_name"][at] = traits.names[feature]
    data["relation"][at] = RELATION_WORDS[facts.relation[row]]
    data["bank_def"][at] = traits.texts("bank_def")[feature]


def units_table(chunk: Chunk) -> pd.DataFrame:
    """Return the control units that each site lies in."""
    parts = []
    for layer in (chunk.layers[position] for position in chunk.positions("control_unit")):
        facts, traits = layer.facts.take(layer.facts.met), layer.layer.traits
        parts.append(
            {
                "site_id": chunk.ids[facts.site],
                "unit_code": traits.texts("code")[facts.feature],
                "unit_name": traits.texts("name")[facts.feature],
                "unit_class": traits.texts("class")[facts.feature],
                "overlap_m2": facts.overlap_m2,
                "overlap_share": facts.overlap_share,
                "length_m": facts.length_m,
            }
        )
    return UNITS.joined(parts)


def roles_table(chunk: Chunk) -> pd.DataFrame:
    """Return, per site and loaded role that it meets, how much of it lies there, nothing counted twice."""
    parts = []
    for role_id in dict.fromkeys(layer.layer.data.role.id for layer in chunk.layers if len(layer.facts)):
        site, area, length, points = chunk.united(role_id)
        dimension, size = chunk.sites.dimension[site], chunk.sites.size[site]
        share = np.select([dimension == POLYGON, dimension == LINE], [area, length], points) / size
        parts.append(
            {
                "site_id": chunk.ids[site],
                "role": np.full(len(site), role_id, dtype=object),
                "state": np.full(len(site), RoleState.LOADED.value, dtype=object),
                "overlap_m2": area,
                "overlap_share": np.clip(share, 0.0, 1.0),
                "length_m": length,
            }
        )
    return ROLES.joined(parts)


def verdicts_table(judged: Judged) -> gpd.GeoDataFrame:
    """Return one row per site."""
    chunk, v = judged.chunk, judged.verdicts
    verdict, completeness = VERDICT_WORDS[v.verdict], COMPLETENESS_WORDS[v.completeness]
    condition = CONDITION_WORDS[v.open_exception.astype(np.int64)]
    unchecked = v.counts[:, Verdict.UNDETERMINED.rank]
    counts = {f"n_{each.value}": v.counts[:, each.rank] for each in Verdict if each != Verdict.CLEAR}
    kinds = (v.verdict * len(COMPLETENESS) + v.completeness) * 2 + v.open_exception
    _, first, index = np.unique(
        unchecked * len(Verdict) * len(COMPLETENESS) * 2 + kinds, return_index=True, return_inverse=True
    )
    words = [verdict_words(verdict[i], completeness[i], int(unchecked[i]), condition[i]) for i in first]
    table = VERDICTS.frame(
        {
            "site_id": chunk.ids,
            "project_id": chunk.attributes.text("project_id"),
            "name": chunk.attributes.text("name"),
            "verdict": verdict,
            "verdict_zh": np.array(words, dtype=object)[index],
            "completeness": completeness,
            "certainty": CERTAINTY_WORDS[v.certainty],
            "condition": condition,
            **counts,
            "project_verdict": verdict,  # its own, until those of its project are known
            "unit_codes": _unit_codes(chunk),
            "redline_state": redline_states(chunk),
            "questions": _joined(judged.found.site, judged.found.question, "；", len(chunk)),
        }
    )
    return gpd.GeoDataFrame(table, geometry=chunk.frame.geometry.array, crs="EPSG:4490")


def _unit_codes(chunk: Chunk) -> Objects:
    layers = [chunk.layers[position] for position in chunk.positions("control_unit")]
    if not layers:
        return np.full(len(chunk), "", dtype=object)
    met = [layer.facts.take(layer.facts.met) for layer in layers]
    codes = [layer.layer.traits.texts("code")[facts.feature] for layer, facts in zip(layers, met, strict=True)]
    return _joined(np.concatenate([facts.site for facts in met]), np.concatenate(codes), ";", len(chunk))


def _joined(site: NDArray[np.int64], text: Objects, mark: str, n: int) -> Objects:
    """Return the distinct texts of each of n sites, joined, in the order in which they come."""
    texts: dict[int, dict[str, None]] = {}
    filled = np.flatnonzero(text != "")
    for row, each in zip(site[filled].tolist(), text[filled].tolist(), strict=True):
        texts.setdefault(row, {})[each] = None
    out = np.full(n, "", dtype=object)
    out[list(texts)] = [mark.join(each) for each in texts.values()]
    return out


def redline_states(chunk: Chunk) -> Objects:
    """Return how each site stands to the red line, in the four states of land approval where they are declared."""
    places = chunk.positions("red_line")
    if not places:
        absent = chunk.basis.state("red_line") == RoleState.ABSENT_CONFIRMED
        return np.full(len(chunk), "不位于红线内" if absent else "未核查", dtype=object)
    met, touched, near = (np.zeros(len(chunk), dtype=bool) for _ in range(3))
    for position in places:
        layer = chunk.layers[position]
        met[layer.facts.site[layer.facts.met & ~layer.slight]] = True
        touched[layer.facts.site[layer.slight | (layer.facts.relation == CODE[Relation.TOUCHES])]] = True
        near[layer.facts.site[layer.facts.distance_m <= layer.band_m[layer.facts.site]]] = True
    flag = chunk.attributes.flag
    crossing = (chunk.sites.dimension == LINE) & (flag("applies_for_land") == FALSE)
    return np.select(
        [
            met & (flag("national_major_project") == TRUE),
            met & (flag("limited_activity") == TRUE),
            met & crossing,
            met,
            touched,
            near,
        ],
        [
            "国家重大项目（申报）",
            "有限人为活动（申报）",
            "穿越跨越但不申请用地",
            "位于红线内",
            "与红线边界相接或重合",
            "临近红线，在数据精度范围内",
        ],
        "不位于红线内",
    ).astype(object)


def codes_of(why: NDArray[np.uint8]) -> Objects:
    """Return the reasons of each site as one text, a character per rule."""
    return np.array([row.tobytes().decode("ascii") for row in why], dtype=object)
