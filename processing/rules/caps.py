"""How strong a verdict each kind of legal text can carry, from `caps.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ...layers.texts import Text
from .refusal import Where, refusal

# Worst first; a rule that fires comes to one of these.
RULE_VERDICTS = ("prohibited", "needs_review", "restricted", "notice")


@cache
def caps() -> dict[str, str]:
    """Return the cap of each kind of text that has one."""
    with Path(__file__).with_name("caps.toml").open("rb") as file:
        return {str(kind): str(verdict) for kind, verdict in tomllib.load(file).items()}


def cap_of(legal_nature: str, exempt_reason: str) -> str | None:
    """Return the strongest verdict of a text of that kind, or None without a cap."""
    return None if exempt_reason else caps().get(legal_nature)


def stronger(verdict: str, bound: str) -> bool:
    """Whether the verdict is worse than the bound."""
    return RULE_VERDICTS.index(verdict) < RULE_VERDICTS.index(bound)


def check_cap(verdict: str, cap: str | None, legal_nature: str, where: Where) -> None:
    """Refuse a rule whose verdict is stronger than its kind of text can carry."""
    if cap is None or not stronger(verdict, cap):
        return
    raise refusal(
        where,
        Text(
            f"依据属“{legal_nature}”，结论至多为 {cap}，规则写为 {verdict}",
            f"a text of the kind {legal_nature} carries at most {cap}, the rule says {verdict}",
        ),
        Text(
            "降低 verdict，或在 [pack] 写明 cap_exempt_reason。",
            "Lower the verdict, or give a cap_exempt_reason under [pack].",
        ),
    )
