"""The where of a layer set takes literal terms and nothing that could be SQL."""

import pandas as pd
import pytest
from ecoredline.layers.conditions import Term, attribute_filter, mask, parse_where, resolve
from ecoredline.layers.errors import LayerSetError, SourceError


@pytest.mark.parametrize(
    ("where", "terms"),
    [
        ("", ()),
        ("  ", ()),
        ("a = 1", (Term("a", 1.0),)),
        ("a=-2.5", (Term("a", -2.5),)),
        ("HLMC = '长江'", (Term("HLMC", "长江"),)),
        ("河流 = 'O''Hara' and \"b c\" = 2", (Term("河流", "O'Hara"), Term("b c", 2.0))),
        ("a = 'x AND y' AND b = ''", (Term("a", "x AND y"), Term("b", ""))),
    ],
)
def test_literal_terms_are_taken(where, terms):
    assert parse_where(where) == terms


@pytest.mark.parametrize(
    "where",
    [
        "a = 1 OR b = 2", "a = 1 AND", "AND a = 1", "a = 1; DROP TABLE x", "a = b", "1 = 1", "a LIKE 'x%'", "a <> 1",
        "a = 'x", "a = 'x\\'", "a = 1 -- b", "(a = 1)", "a IN (1)",
        "a = (SELECT 1)", "f(a) = 1", '"a\\" = 1', "a = 1AND b = 2",
        "a = 1 b = 2", "a = NULL", "a == 1", "a = 1e5",
    ],
)  # fmt: skip
def test_anything_else_is_refused(where):
    with pytest.raises(LayerSetError) as caught:
        parse_where(where, "set.toml")
    assert "set.toml" in caught.value.message.en


def test_quotes_are_written_so_that_a_literal_stays_one():
    terms = parse_where("a = 'it''s' AND b = 3")
    assert attribute_filter(terms) == "\"a\" = 'it''s' AND \"b\" = 3"


def test_columns_must_be_there():
    assert resolve(parse_where("hlmc = 'x'"), ["HLMC", "b"], "f")[0].column == "HLMC"
    with pytest.raises(SourceError) as caught:
        resolve(parse_where("c = 1"), ["a", "b"], "f.gpkg")
    assert "a, b" in caught.value.cause.en


def test_frames_in_memory_are_filtered_the_same_way():
    frame = pd.DataFrame({"a": ["x", None, "y"], "n": [1, 1, 2]})
    assert mask(parse_where("a = 'x' AND n = 1"), frame).tolist() == [True, False, False]
    assert mask((), frame).tolist() == [True, True, True]
