"""Exceptions that the text names: answered by a site column or a person, else left open beside the verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...rules.model import ExceptionClause, Rule
from ..truth import TRUE, UNKNOWN, Truth
from . import rows
from .chunk import Chunk
from .rows import Rows


def apply(rule: Rule, chunk: Chunk, fired: Rows) -> Rows:
    """Return the fired findings under the rule's exceptions.

    An answer "yes" gives the exception's own verdict; "no" removes its condition; without an
    answer the verdict stays, with the condition ``exception_open``. Sites that an exception
    takes away altogether are those of `exempt`.
    """
    if not rule.exceptions or not len(fired):
        return fired
    verdict = fired.verdict.copy()
    open_ = np.zeros(len(fired), dtype=bool)
    settled = np.zeros(len(fired), dtype=bool)
    question = fired.question.copy()
    for each in rule.exceptions:
        here = _truth(rule, each, chunk)[fired.site]
        settled |= here == TRUE
        if each.verdict is not None:
            verdict[here == TRUE] = np.maximum(verdict[here == TRUE], rows.rank(each.verdict))
        unanswered = here == UNKNOWN
        open_ |= unanswered
        question[unanswered] = [_add(old, each.question) for old in question[unanswered]]
    question[settled] = ""
    return fired.with_(verdict=verdict, open_exception=open_ & ~settled, question=question)


def exempt(rule: Rule, chunk: Chunk) -> NDArray[np.bool_]:
    """Tell which sites the rule does not concern, since an exception without a verdict was answered yes."""
    out = np.zeros(len(chunk), dtype=bool)
    for each in rule.exceptions:
        if each.verdict is None:
            out |= _truth(rule, each, chunk) == TRUE
    return out


def _truth(rule: Rule, each: ExceptionClause, chunk: Chunk) -> Truth:
    """Return the answers to an exception: of the site column, else of a person."""
    truth = chunk.attributes.flag(each.flag) if each.flag else np.full(len(chunk), UNKNOWN)
    for key in (each.question, each.id):
        given = chunk.basis.answers.given(rule.id, key, chunk.ids)
        truth = truth if given is None else np.where(truth == UNKNOWN, given, truth)
    return truth


def _add(questions: str, question: str) -> str:
    return f"{questions}；{question}" if questions else question
