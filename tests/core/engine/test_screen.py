"""The door: inputs stay as they are, headers are understood, progress rises, a cancel stops."""

from __future__ import annotations

import inspect
from datetime import date

import pandas as pd
import pytest
from ecoredline.layers.errors import (
    Cancelled,
)
from ecoredline.layers.progress import Progress
from ecoredline.processing.engine import screen
from small_runs import GROUND, layer, one, rule, run, sites

AREA, INSIDE = GROUND.box(0, 0, 1000, 1000), GROUND.box(400, 400, 500, 500)


def test_inputs_are_not_changed() -> None:
    frame, source = sites((INSIDE, {"nature": "迁建", "备注": "x"})), layer("red_line", AREA)
    before, of_layer = frame.copy(deep=True), source.frame.copy(deep=True)
    run(frame, [source], rule())
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))
    pd.testing.assert_frame_equal(pd.DataFrame(source.frame), pd.DataFrame(of_layer))
    assert frame.attrs == {}


def test_sites_in_a_projected_system_are_judged_where_they_are() -> None:
    frame = sites(INSIDE).to_crs("EPSG:4546")
    result = run(frame, [layer("red_line", AREA)], rule())
    assert one(result.findings)["overlap_m2"] == pytest.approx(10_000, rel=1e-6)
    assert result.sites.crs.to_epsg() == 4490


def test_the_index_of_the_frame_is_of_no_matter() -> None:
    frame = sites(INSIDE, GROUND.box(3000, 0, 3050, 50)).set_index(pd.Index([7, 7]))
    assert run(frame, [layer("red_line", AREA)], rule()).verdicts["verdict"].tolist() == ["prohibited", "clear"]


def test_progress_goes_up_to_one() -> None:
    told: list[float] = []
    shapes = [GROUND.box(10 * n, 0, 10 * n + 5, 5) for n in range(20)]
    run(shapes, [layer("red_line", AREA), layer("wetland", AREA)], rule(), progress=told.append)
    assert told[-1] == 1.0
    assert min(told) >= 0 and max(told) <= 1
    assert len(told) > 5


def test_progress_never_goes_back() -> None:
    told: list[float] = []
    run(INSIDE, [layer("red_line", AREA), layer("wetland", AREA)], rule(), progress=told.append)
    assert told == sorted(told)


def test_progress_tells_its_steps_in_both_languages() -> None:
    texts = []
    door = Progress(report=lambda _share, text: texts.append(text) if text else None)
    run(INSIDE, [layer("red_line", AREA)], rule(), progress=door)
    assert any("生态保护红线" in text.zh and "red line" in text.en for text in texts)


def test_cancel_stops_soon() -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) >= 3

    with pytest.raises(Cancelled):
        run(INSIDE, [layer("red_line", AREA)], rule(), cancelled=cancelled)
    assert len(asked) == 3


def test_cancel_through_the_door() -> None:
    with pytest.raises(Cancelled):
        run(INSIDE, [layer("red_line", AREA)], rule(), progress=Progress(cancelled=lambda: True))


def test_the_day_may_be_left_out() -> None:
    result = run(INSIDE, [layer("red_line", AREA)], rule(), as_of=None)
    assert result.settings["as_of"] == date.today().isoformat()


def test_the_parameters_are_those_of_the_contract() -> None:
    names = list(inspect.signature(screen).parameters)
    assert names == [
        "sites", "layer_set", "packs", "profile", "as_of", "strict", "answers", "prepared", "progress", "cancelled",
        "workers", "out",
    ]  # fmt: skip


def test_what_the_profile_drops_is_told_with_its_reason() -> None:
    result = run(INSIDE, [layer("red_line", AREA)], rule(), required=("red_line",))
    dropped = {entry["role"]: entry["reason"] for entry in result.settings["dropped"]}
    assert dropped["bank_line"] == "本例不问"
    assert "red_line" not in dropped
