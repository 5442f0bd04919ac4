"""What looks odd about a layer without making it unusable."""

from __future__ import annotations

import pandas as pd

from .quality import named
from .role import Role
from .texts import Text


def layer_notes(layer_role: Role, frame: pd.DataFrame, where: str) -> tuple[Text, ...]:
    """Return notes on codes: of another form, repeated, or telling another class than the class field."""
    if "code" not in frame or not len(frame):
        return ()
    notes = []
    codes = frame["code"]
    form = layer_role.fields["code"].form
    if form:
        told = codes.fillna("").str.extract(f"^(?:{form})$")
        good = codes.fillna("").str.fullmatch(form)
        if not good.all():
            odd = named(
                [code or f"fid {fid}" for code, fid in frame.loc[~good, ["code", "fid"]].itertuples(index=False)]
            )
            notes.append(Text(f"{where}：编码不合规则：{odd}", f"{where}: codes of another form: {odd}"))
        for name in told.columns:
            spec = layer_role.fields[name]
            texts = told[name].tolist()
            words = pd.Series([spec.canonical(text) if isinstance(text, str) else None for text in texts], told.index)
            differ = words.notna() & frame[name].notna() & (words != frame[name])
            if differ.any():
                odd = named(codes[differ].tolist())
                notes.append(
                    Text(f"{where}：编码与字段 {name} 不一致：{odd}", f"{where}: code and {name} disagree: {odd}")
                )
    double = codes[codes.notna() & codes.duplicated(keep=False)].unique().tolist()
    if double:
        listed = named(double)
        notes.append(
            Text(
                f"{where}：编码重复，改用 fid 作要素编号：{listed}",
                f"{where}: repeated codes, features go by their fid: {listed}",
            )
        )
    return tuple(notes)
