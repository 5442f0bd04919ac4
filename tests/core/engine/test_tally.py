"""What a run counts over its chunks, against the tables themselves, counted by pandas and in plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ecoredline.layers.layerset import Absence, LayerSet
from ecoredline.layers.progress import Progress
from ecoredline.layers.sites import normalise
from ecoredline.processing.engine.dossier.tabulate import findings_table
from ecoredline.processing.engine.dossier.tally import Tally, count
from ecoredline.processing.engine.judging.basis import load_basis
from ecoredline.processing.engine.judging.chunk import make_chunk
from ecoredline.processing.engine.judging.judge import Judged, judge
from ecoredline.processing.rules.predicates import Declared
from small_runs import AS_OF, GROUND, layer, pack, profile, rule, sites


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Sites of which one fires, one lies half in no unit, and all want roles that are not held."""
    rules = [
        rule("T-01"), rule("T-02", place="within_m", value=100.0), rule("T-03", status="hold"),
        rule("T-04", layer="wetland"), rule("T-05", layer="scenic_area"), rule("T-06", layer="wetland"),
        rule("T-07", layer="scenic_area", project=Declared("is_mining")), rule("T-08", layer="control_unit"),
    ]  # fmt: skip
    layers = [layer("red_line", GROUND.box(0, 0, 100, 100)), layer("control_unit", GROUND.box(-500, -500, 50, 500))]
    absent = (Absence("wetland", "not_held"), Absence("scenic_area", "not_held"))
    where = sites(GROUND.box(10, 10, 40, 40), GROUND.box(150, 0, 160, 10), GROUND.line((-50, 50), (150, 50)))
    chosen = profile(("red_line", "control_unit"), ("wetland", "scenic_area"))
    basis = load_basis(
        LayerSet("small", tuple(layers), absent), (pack(*rules),), chosen, None, AS_OF, False, None, Progress()
    )
    return judge(make_chunk(normalise(where, "small"), basis), AS_OF)


def test_counts_by_rule_and_role_are_those_of_the_outcomes(judged: Judged) -> None:
    tally = count(judged, findings_table(judged))
    ids, codes = judged.chunk.basis.law.ids.tolist(), [bytes(row).decode() for row in judged.why]
    for name, code in (("on_hold", "h"), ("role_open", "r"), ("list_open", "l"), ("scope_open", "x")):
        assert getattr(tally, name).tolist() == [sum(row[i] == code for row in codes) for i in range(len(ids))]
    assert tally.on_hold.sum() == 3 and tally.role_open.tolist() == [0, 0, 0, 3, 3, 3, 0, 0]
    assert tally.by_role == {"red_line": 0, "wetland": 3, "scenic_area": 3, "control_unit": 0}
    assert all(isinstance(n, int) for n in tally.by_role.values())


def test_figures_are_the_totals_of_the_findings(judged: Judged) -> None:
    table = findings_table(judged)
    assert "COVER" in set(table["rule_id"])
    expected = {
        rule_id: {name: rows[name].sum() for name in ("overlap_m2", "length_m", "distance_m")} | {"n": float(len(rows))}
        for rule_id, rows in table.groupby("rule_id")
    }
    figures: dict[str, Any] = {k: dict(v) for k, v in count(judged, table).figures.items()}
    assert list(figures) == sorted(expected)
    assert figures == {k: pytest.approx(v) for k, v in expected.items()}


def test_a_tally_survives_json_and_adds_up(judged: Judged) -> None:
    one = count(judged, findings_table(judged))
    twice = one + Tally.from_json(one.to_json())
    assert twice.n_sites == 2 * one.n_sites and np.array_equal(twice.role_open, 2 * one.role_open)
    assert twice.figures["T-01"] == {k: 2 * v for k, v in one.figures["T-01"].items()}
