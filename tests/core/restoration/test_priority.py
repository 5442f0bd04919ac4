"""Scores by hand, their parts, and how far ranks hang on the weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ecoredline.layers.errors import EcoRedlineError
from ecoredline.layers.texts import Text
from ecoredline.processing.engine.restoration import load_weights, priority, priority_parts
from ecoredline.processing.engine.restoration.weights import Criterion, Weights

HEAD = 'name = "t"\ndraws = 500\nseed = 1\n'
TWO = HEAD + (
    '[[criterion]]\nid = "a"\ntitle = "陡"\nindicator = "x"\nweight = 3\nlow = 0\nhigh = 10\n'
    '[[criterion]]\nid = "b"\ntitle = "秃"\nindicator = "y"\ndate = "latest"\nweight = 1\nlow = 1\nhigh = 0\n'
)


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    (tmp_path / "w.toml").write_text(TWO, encoding="utf-8")
    return load_weights(tmp_path / "w.toml")


def table(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["site_id", "indicator", "date", "value"])


def test_a_score_by_hand(weights: Weights) -> None:
    data = table(("p", "x", "", 5.0), ("p", "y", "2020-01-01", 0.0), ("p", "y", "2024-01-01", 0.75))
    ranked = priority(data, weights)
    assert ranked.loc[0, "score"] == pytest.approx(0.75 * 0.5 + 0.25 * 0.25)
    assert ranked.loc[0, "parts"] == "陡 0.750×0.500=0.375；秃 0.250×0.250=0.062"
    parts = priority_parts(data, weights)
    assert parts["contribution"].sum() == pytest.approx(ranked.loc[0, "score"])
    assert parts["date"].tolist() == ["", "2024-01-01"]


def test_values_beyond_the_ends_are_cut(weights: Weights) -> None:
    ranked = priority(table(("p", "x", "", 99.0), ("p", "y", "d", -5.0), ("q", "x", "", -1.0), ("q", "y", "d", 3.0)),
                      weights)  # fmt: skip
    assert ranked["score"].tolist() == [1.0, 0.0] and ranked["rank"].tolist() == [1, 2]


def test_a_missing_value_is_left_out_and_named(weights: Weights) -> None:
    data = table(("p", "x", "", 5.0), ("q", "x", "", np.nan), ("q", "y", "d", 0.0), ("r", "x", "", np.nan))
    ranked = priority(data, weights).set_index("site_id")
    assert ranked.loc["p", "score"] == pytest.approx(0.5) and ranked.loc["p", "missing"] == "秃"
    assert ranked.loc["q", "score"] == pytest.approx(1.0) and ranked.loc["q", "missing"] == "陡"
    assert np.isnan(ranked.loc["r", "score"]) and ranked.loc["r", "rank"] == 3
    assert np.isnan(ranked.loc["r", "top_ten_share"]) and ranked.index[-1] == "r"


@pytest.mark.parametrize(("covered", "missing"), [(0.5, "秃"), (0.49, "陡、秃")])
def test_a_value_on_too_little_of_the_area_counts_as_missing(weights: Weights, covered: float, missing: str) -> None:
    data = table(("p", "x", "", 5.0)).assign(covered_share=covered)
    assert priority(data, weights).loc[0, "missing"] == missing


def test_equal_scores_have_equal_ranks(weights: Weights) -> None:
    data = table(*((site, "x", "", v) for site, v in (("p", 5.0), ("q", 5.0), ("r", 1.0))))
    assert priority(data, weights)["rank"].tolist() == [1, 1, 3]


def test_the_rank_hangs_on_the_weights_only_near_the_edge(weights: Weights) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 10, 40), rng.uniform(0, 1, 40)
    x[0], y[0], x[1], y[1] = 10.0, 0.0, 0.0, 1.0
    rows = [(f"s{i}", "x", "", x[i]) for i in range(40)] + [(f"s{i}", "y", "d", y[i]) for i in range(40)]
    first = priority(table(*rows), weights).set_index("site_id")
    assert first.loc["s0", "top_ten_share"] == 1.0 and first.loc["s1", "top_ten_share"] == 0.0
    assert first["top_ten_share"].sum() == pytest.approx(10.0, abs=1e-9), "ten places per draw"
    assert ((first["top_ten_share"] > 0) & (first["top_ten_share"] < 1)).any()
    # The same by a plain loop with the same seed.
    factor = np.random.default_rng(1).uniform(0.5, 1.5, (500, 2))
    times = np.zeros(40)
    for f in factor:
        w = f * (3.0, 1.0)
        times[np.argsort(-(w[0] * x / 10 + w[1] * (1 - y)))[:10]] += 1
    assert first.loc[[f"s{i}" for i in range(40)], "top_ten_share"].to_numpy() == pytest.approx(times / 500)


def test_intervals_the_last_and_the_whole(tmp_path: Path) -> None:
    body = HEAD + "".join(
        f'[[criterion]]\nid = "{when}"\nindicator = "c"\ndate = "{when}"\nweight = 1\nlow = 0\nhigh = 1\n'
        for when in ("latest", "whole")
    )
    (tmp_path / "w.toml").write_text(body, encoding="utf-8")
    data = table(("p", "c", "2020/2022", 0.1), ("p", "c", "2022/2024", 0.2), ("p", "c", "2020/2024", 0.3))
    assert priority_parts(data, tmp_path / "w.toml")["value"].tolist() == [0.2, 0.3]


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ("weight = 3", "weight = -1", "weight"),
        ("weight = 3", 'weight = "viel"', "weight"),
        ("high = 10", "high = 0", "high"),
        ('id = "b"', 'id = "a"', "criterion"),
        ('date = "latest"', 'date = "2024"', "date"),
        ("low = 1", "lwo = 1", "lwo"),
        ("draws = 500", "draws = 0", "draws"),
        ('indicator = "x"\n', "", "indicator"),
    ],
)
def test_wrong_weights_are_refused_by_name(tmp_path: Path, was: str, now: str, named: str) -> None:
    assert was in TWO
    (tmp_path / "w.toml").write_text(TWO.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(EcoRedlineError) as refused:
        load_weights(tmp_path / "w.toml")
    assert named in str(refused.value) and "w.toml" in str(refused.value)


def test_the_weights_shipped_add_up_to_one() -> None:
    assert sum(c.weight for c in load_weights().criteria) == pytest.approx(1.0)


def test_equal_sites_are_among_the_first_equally_often() -> None:
    rng = np.random.default_rng(5)
    criteria = tuple(
        Criterion(f"c{k}", Text(f"c{k}", f"c{k}"), f"i{k}", "", float(rng.uniform(1, 3)), 0.0, 1.0) for k in range(9)
    )
    values = rng.uniform(0, 1, 9)
    rows = [(f"s{n:02d}", f"i{k}", values[k]) for n in range(15) for k in range(9)]
    table = pd.DataFrame(rows, columns=["site_id", "indicator", "value"]).assign(date="")
    ranked = priority(table, Weights("", criteria, draws=300, top=3))
    assert set(ranked["rank"]) == {1}
    assert set(ranked["top_ten_share"]) == {1.0}
