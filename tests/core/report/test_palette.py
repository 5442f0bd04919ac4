"""The looks of verdicts: one for each, readable, and apart."""

from __future__ import annotations

import re

from ecoredline.processing.engine.words import Verdict
from ecoredline.processing.report.palette import CLEAR_PARTIAL, look_key, looks


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_verdict_and_a_partial_clear_has_a_look_of_its_own() -> None:
    assert set(looks()) == {str(verdict) for verdict in Verdict} | {CLEAR_PARTIAL}
    for part in ("colour", "fill", "symbol"):
        assert len({getattr(look, part) for look in looks().values()}) == len(looks())


def test_text_on_its_fill_and_on_white_reads_well() -> None:
    for look in looks().values():
        assert re.fullmatch("#[0-9A-F]{6}", look.colour) and re.fullmatch("#[0-9A-F]{6}", look.fill)
        for ground in (look.fill, "#FFFFFF"):
            light, dark = _luminance(ground) + 0.05, _luminance(look.colour) + 0.05
            assert light / dark >= 4.5


def test_symbols_are_in_every_chinese_font() -> None:
    assert all(len(look.symbol) == 1 and look.symbol.encode("gb2312") for look in looks().values())


def test_clear_is_clear_only_when_complete() -> None:
    assert look_key("clear", "complete") == "clear"
    assert look_key("clear", "partial") == look_key("clear", "insufficient") == CLEAR_PARTIAL
    assert look_key("notice", "partial") == "notice"
