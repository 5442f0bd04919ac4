"""A folder of packs of a bureau's own: which shipped packs it takes over, replaces, and which rules it switches off.

`packs.toml` in the folder says so::

    shipped = true            # the packs that ship apply as well; a pack here with the same id replaces one
    [[off]]
    rule = "YZ-08"
    reason = "本市条例已修订，待更新"
    by = "某区生态环境局"
    date = 2026-11-24

Without the file the folder stands alone. A rule switched off is never silent: it stays open at every site it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...layers.texts import Text
from .model import Pack, Rule
from .packs import MANIFEST, load_pack, load_packs, pack_files, refuse_shared_ids, shipped_folder
from .reading import read_pack_file
from .refusal import Where, refusal, unknown_word
from .table import Table


@dataclass(frozen=True)
class Remark:
    """Something that a folder of packs does to what ships: pack, rule (or empty) and what it is."""

    pack: str
    rule: str
    text: Text


@dataclass(frozen=True)
class PackSet:
    """The packs that apply, and what the folder does to those that ship."""

    packs: tuple[Pack, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class _Off:
    rule: str
    reason: str
    by: str
    where: Where


def pack_set(folder: Path | str | None = None, cases: bool = False) -> PackSet:
    """Return the packs that a folder stands for; None takes those shipped.

    Raises
    ------
    RulePackError
        For a wrong pack or `packs.toml`, a rule id that two packs share, or a rule switched off that does not exist.
    """
    if folder is None or not (Path(folder) / MANIFEST).is_file():
        return PackSet(load_packs(folder, cases))
    home = Path(folder)
    shipped, off = _manifest(home / MANIFEST)
    own = tuple(load_pack(path, cases) for path in pack_files(home))
    ids = {pack.id for pack in own}
    taken = load_packs(shipped_folder(), cases) if shipped else ()
    remarks = [_replaced(pack) if pack.id in {each.id for each in taken} else _added(pack) for pack in own]
    packs = (*(pack for pack in taken if pack.id not in ids), *own)
    refuse_shared_ids(packs)
    remarks += _lost(packs, taken)
    return PackSet(*_switch_off(packs, off, remarks))


def _manifest(path: Path) -> tuple[bool, list[_Off]]:
    where = Where(path)
    root = Table(read_pack_file(path)[0], where)
    shipped, off = root.flag("shipped"), []
    for n, item in enumerate(root.tables("off")):
        table = Table(item, where.under("off", n).at("[[off]]"))
        day = table.day("date")
        entry = _Off(
            table.text("rule", required=True),
            table.text("reason", required=True),
            table.text("by", required=True),
            table.where.on("rule"),
        )
        if day is None:
            raise refusal(table.where.on("date"), Text("缺少日期", "the day is missing"))
        table.finish()
        off.append(replace(entry, by=f"{entry.by} {day}"))
    root.finish()
    return shipped, off


def _replaced(pack: Pack) -> Remark:
    return Remark(
        pack.id,
        "",
        Text(f"以 {pack.path.name} 取代随附的同名规则包", f"{pack.path.name} replaces the pack of that id that ships"),
    )


def _added(pack: Pack) -> Remark:
    return Remark(pack.id, "", Text(f"增加规则包 {pack.path.name}", f"{pack.path.name} is added"))


def _lost(packs: Sequence[Pack], shipped: Sequence[Pack]) -> list[Remark]:
    """Say which shipped rules a replacing pack no longer has."""
    left = {rule.id for pack in packs for rule in pack.rules}
    return [
        Remark(pack.id, rule.id, Text("取代后不再有此条", "the pack that replaces it has this rule no more"))
        for pack in shipped
        for rule in pack.rules
        if rule.id not in left
    ]


def _switch_off(
    packs: Sequence[Pack], off: Sequence[_Off], remarks: list[Remark]
) -> tuple[tuple[Pack, ...], tuple[Remark, ...]]:
    pack_of = {rule.id: pack for pack in packs for rule in pack.rules}
    for entry in off:
        if entry.rule not in pack_of:
            raise unknown_word(entry.where, entry.rule, pack_of, Text("规则编号", "rule"))
        text = Text(f"停用：{entry.reason}（{entry.by}）", f"switched off: {entry.reason} ({entry.by})")
        remarks.append(Remark(pack_of[entry.rule].id, entry.rule, text))
    reasons = {entry.rule: f"{entry.reason}（{entry.by}）" for entry in off}
    return switched_off(packs, reasons), tuple(remarks)


def switched_off(packs: Sequence[Pack], reasons: Mapping[str, str]) -> tuple[Pack, ...]:
    """Return the packs with some rules on hold, each for its reason; what is switched off is part of the digest."""

    def changed(rule: Rule) -> Rule:
        return replace(rule, status="hold", off=reasons[rule.id]) if rule.id in reasons else rule

    done = []
    for pack in packs:
        rules = tuple(changed(rule) for rule in pack.rules)
        told = ";".join(f"{rule.id}={rule.off}" for rule in rules if rule.off)
        done.append(replace(pack, rules=rules, digest=f"{pack.digest};{told}" if told else pack.digest))
    return tuple(done)
