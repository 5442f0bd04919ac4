"""Which unknown makes a project predicate unknown: nature and industry weigh more than a flag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..rules.predicates import All, Any_, Industry, Nature, Not, Predicate
from .predicates import UNKNOWN, Attributes


def core_is_open(predicate: Predicate | None, attributes: Attributes) -> NDArray[np.bool_]:
    """Tell at which sites nature or industry, where the predicate asks for them, cannot be told."""
    out = np.zeros(len(attributes), dtype=bool)
    for leaf in _core_leaves(predicate):
        out |= attributes.evaluate(leaf) == UNKNOWN
    return out


def _core_leaves(predicate: Predicate | None) -> list[Predicate]:
    if isinstance(predicate, All | Any_):
        return [leaf for part in predicate.parts for leaf in _core_leaves(part)]
    if isinstance(predicate, Not):
        return _core_leaves(predicate.part)
    return [predicate] if isinstance(predicate, Nature | Industry) else []
