"""Which unknown makes a project predicate unknown: nature and industry weigh more than a flag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...rules.predicates import All, Any_, Flag, Industry, Nature, Not, Predicate
from ..truth import UNKNOWN
from .predicates import Attributes

# Whether a 技术改造 grows tells whether it is 扩建: without it the nature is not known (facts 9a).
NATURE_FLAGS = frozenset({"capacity_grows"})


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
    if isinstance(predicate, Flag):
        return [predicate] if predicate.name in NATURE_FLAGS else []
    return [predicate] if isinstance(predicate, Nature | Industry) else []
