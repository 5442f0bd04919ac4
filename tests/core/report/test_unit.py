"""The access list of a unit in the papers is the one that the engine judged, item by item in the same words."""

from __future__ import annotations

import pandas as pd
from ecoredline.processing.engine.judging.access_book import AccessBook
from ecoredline.processing.report import unit


def test_papers_and_engine_read_the_same_items() -> None:
    codes = ["ZH50010420001", "*", "500104", "ZH50010410002", "500105", "5001", ""]
    items = pd.DataFrame(
        {"unit_code": codes, "level": "", "dimension": "空间布局约束", "requirement": [f"要求{n}" for n in range(7)]}
    )
    book = AccessBook(items.assign(industry="", nature="", verdict="prohibited"))
    for code in ("ZH50010420001", "ZH50010510001", "YS5001043410001"):
        told = unit.items_of(code, items)
        words = [unit.item_words(*row) for row in zip(told["dimension"], told["requirement"], strict=True)]
        assert sorted(words) == sorted(item.words for item in book.items(code))
    assert list(unit.items_of("ZH50010420001", items)["requirement"]) == ["要求0", "要求1", "要求2"]
