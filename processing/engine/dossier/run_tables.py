"""The tables of a run that do not depend on the sites: layers, rules, access list items."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ....layers.role import role
from ..judging.basis import Basis
from ..tables import LAYERS, RULES, UNIT_ITEMS
from ..words import RoleState
from .gaps import date_mismatch


def layers_table(basis: Basis) -> pd.DataFrame:
    """Return one row per layer, and one per role of the profile that has none."""
    rows = []
    for layer in basis.layers:
        data, source = layer.data, layer.data.source
        notes = [note.zh.replace(source.source, Path(source.source).name) for note in data.notes]
        if source.accuracy_assumed:
            notes.append(f"精度未给出，按 {source.accuracy_m:g} m 计")
        notes += [f"{name} 取自列 {column}（按别名识别）" for name, column in data.guessed.items()]
        mismatch = date_mismatch(basis, layer).zh
        rows.append(
            {
                "role": data.role.id,
                "role_name": data.role.name.zh,
                "layer": source.layer or "",
                "state": RoleState.LOADED.value,
                "required": basis.required(data.role.id),
                "controlled": data.role.controlled,
                "vintage": str(source.vintage or ""),
                "valid_to": str(source.valid_to or ""),
                "accuracy_m": source.accuracy_m,
                "authority": source.authority,
                "n_features": layer.whole.n_features,
                "n_repaired": len(data.repaired),
                "repair_m2": float(np.nansum([abs(after - before) for *_, before, after in data.repaired])),
                "note": "；".join([*([f"数据时点不符：{mismatch}"] if mismatch else []), *notes]),
            }
        )
    for role_id in dict.fromkeys((*basis.profile.required, *basis.profile.optional)):
        if not basis.of(role_id):
            rows.append(_absent_row(basis, role_id))
    return LAYERS.frame(pd.DataFrame(rows))


def _absent_row(basis: Basis, role_id: str) -> dict[str, object]:
    absence, state = basis.layer_set.absence(role_id), basis.state(role_id)
    said = absence is not None and state == RoleState.ABSENT_CONFIRMED
    return {
        "role": role_id,
        "role_name": role(role_id).name.zh,
        "state": state.value,
        "required": basis.required(role_id),
        "controlled": role(role_id).controlled,
        "accuracy_m": float("nan"),
        "n_features": 0,
        "n_repaired": 0,
        "repair_m2": 0.0,
        "valid_to": str(absence.valid_to or "") if absence and said else "",
        "basis": f"{absence.by}；{absence.basis}；{absence.day}" if absence and said else "",
    }


def rules_table(basis: Basis) -> pd.DataFrame:
    """Return every rule with its text, held once and joined on export."""
    rows = [
        {
            "rule_id": rule.id,
            "pack": pack.id,
            "pack_title": pack.title,
            "clause": rule.clause,
            "text": rule.text,
            "citation": rule.citation,
            "from": str(rule.from_ or pack.in_force_from or ""),
            "to": str(rule.to or pack.in_force_to or ""),
            "status": rule.status,
            "legal_nature": pack.legal_nature,
            "department": rule.department,
            "role": rule.layer,
            "question": rule.question.zh,
        }
        for rule, pack in basis.rules
    ]
    return RULES.frame(pd.DataFrame(rows))


def unit_items_table(basis: Basis) -> pd.DataFrame:
    """Return the access list items as read."""
    return UNIT_ITEMS.frame(basis.access.table)
