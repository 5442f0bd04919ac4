"""The rule book: up to date, whole, and in words that decide nothing."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from ecoredline.processing.engine.words import NEVER_SAID
from ecoredline.processing.rules import packs
from ecoredline.processing.rules.plain_words import industries, project_words
from ecoredline.processing.rules.predicates import All, Any_, Industry, Not, Predicate
from ecoredline.processing.rules.rulebook import rulebook
from ecoredline.processing.rules.rulebook_pages import html, markdown

PACKS = packs.load_packs(cases=False)
RULES = [rule for pack in PACKS for rule in pack.rules]
SECTIONS = rulebook(PACKS)


def test_rules_md_is_what_the_packs_say() -> None:
    written = Path(packs.__file__).with_name("RULES.md").read_text(encoding="utf-8")
    assert written == markdown(SECTIONS), "make rules"


def test_every_rule_stands_in_both_with_its_words() -> None:
    page, text = html(SECTIONS), markdown(SECTIONS)
    for rule in RULES:
        assert f'<h3 id="{rule.id}">' in page
        assert f"### {rule.id} " in text
        for words in (rule.text, rule.question.zh, rule.note, *(each.question for each in rule.exceptions)):
            assert words in page and words in text, rule.id


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    class Balanced(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Balanced()
    page = html(SECTIONS)
    parser.feed(page)
    assert parser.open == []
    assert "http" not in page and "<script" not in page


def test_no_word_of_toml_is_left() -> None:
    for rule in RULES:
        words = project_words(rule.project)
        assert not [sign for sign in ("_", "{", "[", "=", "flag", "declared") if sign in words], words


def test_the_books_own_words_decide_nothing() -> None:
    quoted = {rule.text for rule in RULES} | {rule.clause for rule in RULES} | {pack.title for pack in PACKS}
    for section in SECTIONS:
        for name, words in section.pairs:
            own = words
            for quote in quoted:
                own = own.replace(quote, "") if quote else own
            assert not [word for word in NEVER_SAID if word in own], (section.title, name, words)


def codes(node: Predicate) -> set[str]:
    match node:
        case All(parts) | Any_(parts):
            return set().union(*(codes(part) for part in parts))
        case Not(part):
            return codes(part)
        case Industry(prefixes, excluded):
            return {*prefixes, *excluded}
        case _:
            return set()


def test_every_code_used_has_a_name_and_every_name_is_used() -> None:
    used = set().union(*(codes(rule.project) for rule in RULES if rule.project))
    assert used == set(industries())
