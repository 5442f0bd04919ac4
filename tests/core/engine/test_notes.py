"""Notes on findings: every one that the engine writes has an English gloss."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ecoredline.layers.sample import make
from ecoredline.processing.engine import screen
from ecoredline.processing.engine.judging import notes

CHINESE = re.compile("[一-鿿]")


@pytest.mark.parametrize("text", notes.FIXED, ids=lambda text: text.en)
def test_a_fixed_note_has_its_gloss(text: notes.Text) -> None:
    assert notes.in_english(text.zh) == text.en
    assert not CHINESE.search(text.en)


@pytest.mark.parametrize(
    ("note", "english"),
    [
        ("", ""),
        (
            notes.beside(notes.IN_THE_WATER.zh, notes.BORDERS_COINCIDE),
            "In the water. The borders coincide; to be checked.",
        ),
        (notes.uncovered("12.50", 2, []), "12.50 m² of the site lie in no control unit."),
        (notes.uncovered("1", 0, ["虚构区"]), "1 point of the site lie in no control unit. District: 虚构区"),
        (notes.by_person(3), "3 requirements of the access list are to be compared by a person, one by one."),
        ("禁止新建化工。", "禁止新建化工。"),
    ],
)
def test_a_note_with_figures(note: str, english: str) -> None:
    assert notes.in_english(note) == english


def test_notes_of_the_sample_have_a_gloss_or_are_quoted_from_its_access_list(tmp_path: Path) -> None:
    sample = make(tmp_path)
    run = screen(sample.sites, sample.layer_set)
    quoted = "\n".join(run.unit_items["requirement"])
    left = {note for note in run.findings["note"] if CHINESE.search(notes.in_english(note).partition("District:")[0])}
    assert run.findings["note"].isin([text.zh for text in notes.FIXED]).sum() > 5
    assert [
        note for note in left if not any(part in quoted for part in re.split("[：；]", note) if len(part) > 3)
    ] == []
