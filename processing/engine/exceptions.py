"""Exceptions that the text names: answered by a site column or a person, else left open beside the verdict."""

from __future__ import annotations

import numpy as np

from ..rules.model import Rule
from . import rows
from .chunk import Chunk
from .predicates import TRUE, UNKNOWN
from .rows import Rows


def apply(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Return the fired findings under the rule's exceptions.

    An answer "yes" gives the exception's own verdict, or takes the finding away where the
    exception has none; "no" removes its condition; without an answer the verdict stays,
    with the condition ``exception_open``.
    """
    if not rule.exceptions or not len(fired):
        return fired
    verdict = fired.verdict.copy()
    open_ = np.zeros(len(fired), dtype=bool)
    gone = np.zeros(len(fired), dtype=bool)
    settled = np.zeros(len(fired), dtype=bool)
    question = fired.question.copy()
    for each in rule.exceptions:
        truth = chunk.attributes.flag(each.flag) if each.flag else np.full(len(chunk), UNKNOWN)
        for key in (each.question, each.id):
            truth = np.where(truth == UNKNOWN, chunk.basis.answers.of(rule.id, key, chunk.ids), truth)
        here = truth[fired.site]
        yes = here == TRUE
        settled |= yes
        if each.verdict is None:
            gone |= yes
        else:
            verdict[yes] = np.maximum(verdict[yes], rows.rank(each.verdict))
        unanswered = here == UNKNOWN
        open_ |= unanswered
        question[unanswered] = [_add(old, each.question) for old in question[unanswered]]
    question[settled] = ""
    kept = fired.with_(verdict=verdict, open_exception=open_ & ~settled, question=question)
    return kept.take(~gone)


def _add(questions: str, question: str) -> str:
    return f"{questions}；{question}" if questions else question
