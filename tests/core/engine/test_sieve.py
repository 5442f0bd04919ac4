"""What needs no place, of all rules at once, against asking each rule at each site in the order of the design."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from ecoredline.layers.progress import Progress
from ecoredline.layers.sample import make
from ecoredline.layers.sites import read
from ecoredline.processing.engine.judging import reasons
from ecoredline.processing.engine.judging.basis import load_basis
from ecoredline.processing.engine.judging.chunk import Chunk, make_chunk
from ecoredline.processing.engine.judging.judge import judge
from ecoredline.processing.engine.judging.outcomes import judge_rule
from ecoredline.processing.engine.judging.scope import in_force
from ecoredline.processing.engine.judging.sieve import sieve
from ecoredline.processing.engine.truth import FALSE
from ecoredline.processing.engine.words import RoleState

DAYS = (date(2019, 5, 1), date(2024, 2, 29), date(2026, 11, 1))


@pytest.fixture(scope="module")
def chunk(tmp_path_factory: pytest.TempPathFactory) -> Chunk:
    sample = make(tmp_path_factory.mktemp("sample"))
    basis = load_basis(sample.layer_set, None, None, None, DAYS[-1], False, None, Progress())
    return make_chunk(read(sample.sites).sites, basis)


def expected(chunk: Chunk, position: int, site: int, day: date) -> reasons.Reason:
    rule, pack = chunk.basis.rules[position]
    if not in_force(rule, pack, day):
        return reasons.NOT_YET
    if chunk.places.scope(pack)[site] == FALSE:
        return reasons.OUT_OF_SCOPE
    if chunk.attributes.evaluate(rule.project)[site] == FALSE:
        return reasons.NOT_CONCERNED
    if rule.status == "hold":
        return reasons.ON_HOLD
    outside = rule.place.kind == "not_within"
    return {
        RoleState.LOADED: reasons.NOT_TOUCHED,
        RoleState.NOT_HELD: reasons.ROLE_OPEN,
        RoleState.ABSENT_CONFIRMED: reasons.ROLE_OPEN if outside else reasons.ABSENT,
    }[chunk.basis.state(rule.layer)]


@pytest.mark.parametrize("day", DAYS)
def test_questions_are_asked_in_their_order(chunk: Chunk, day: date) -> None:
    law = chunk.basis.law
    first = sieve(law.rules, chunk, law.in_force(day))
    found = [[reasons.BY_CODE[chr(code)] for code in row] for row in first.why]
    wanted = [[expected(chunk, i, site, day) for site in range(len(chunk))] for i in range(len(law.rules))]
    assert found == wanted
    assert len({reason for row in wanted for reason in row}) >= 5
    assert first.asked.tolist() == [[reason is reasons.NOT_TOUCHED for reason in row] for row in wanted]


@pytest.mark.parametrize("day", DAYS)
def test_a_rule_comes_out_alone_as_among_all(chunk: Chunk, day: date) -> None:
    judged = judge(chunk, day)
    for position, (rule, pack) in enumerate(chunk.basis.rules):
        why, found = judge_rule(position, rule, pack, chunk, day)
        assert np.array_equal(why, judged.why[:, position]), rule.id
        together = judged.found.take(judged.found.rule == position)
        assert sorted(zip(found.site, found.verdict, found.note, strict=True)) == sorted(
            zip(together.site, together.verdict, together.note, strict=True)
        )
