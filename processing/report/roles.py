"""Roles and their states in Chinese."""

from __future__ import annotations

import pandas as pd

from ...layers.role import roles
from ..engine.words import ROLE_STATE_TEXTS, RoleState


def role_name(layers: pd.DataFrame, role: str) -> str:
    """Return the Chinese name of a role: that of the dossier, else of the product, else its id."""
    names = layers.loc[(layers["role"] == role) & (layers["role_name"] != ""), "role_name"]
    if len(names):
        return str(names.iloc[0])
    known = roles().get(role)
    return known.name.zh if known else role


def state_text(state: str) -> str:
    """Return the Chinese words of a role's state."""
    return ROLE_STATE_TEXTS[RoleState(state)].zh if state in set(RoleState) else state
