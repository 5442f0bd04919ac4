"""Every small change of any rule that can fire is noticed by a golden case of that rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ecoredline.processing.engine.judging.golden import CaseRunner
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.model import Pack
from mutants import mutants

PACKS = packs.load_packs()


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_no_change_of_a_rule_goes_unnoticed(pack: Pack) -> None:
    # The rules carry the dates themselves: those of the pack would hide a rule that starts too early.
    runner = CaseRunner(replace(pack, in_force_from=None, in_force_to=None))
    unnoticed, tried = [], 0
    for rule in pack.rules:
        if rule.status == "hold":
            continue
        assert not runner.mismatches(rule), rule.id
        for what, changed in mutants(rule):
            tried += 1
            if not runner.mismatches(changed):
                unnoticed.append((rule.id, what))
    assert unnoticed == []
    assert tried or all(rule.status == "hold" for rule in pack.rules)


def test_the_changes_are_many_and_of_every_kind() -> None:
    found = [what for pack in PACKS for rule in pack.rules if rule.status != "hold" for what, _ in mutants(rule)]
    assert len(found) > 5000
    for kind in (
        "place +1",
        "place not_within",
        "from_ later",
        "to earlier",
        "verdict",
        "exception",
        "project: without",
    ):
        assert any(what.startswith(kind) for what in found), kind
