"""The loader of rule packs: strict, and without any code in them.

A pack that is wrong in one place is refused whole: a rule that silently fell out would read
as checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from ...layers.texts import Text
from .case_reading import read_cases, read_shapes
from .model import LEGAL_NATURES, Case, ExceptionClause, Pack, Place, Rule
from .predicate_reading import read_predicate
from .predicates import Predicate
from .reading import LARGEST_CASES, read_pack_file
from .refusal import Where, refusal
from .rule_reading import NAME, Header, check_order, read_rule
from .table import Table
from .vocabulary import Vocabulary, vocabulary

__all__ = [
    "Case",
    "ExceptionClause",
    "Pack",
    "Place",
    "Rule",
    "load_pack",
    "load_packs",
    "pack_files",
    "shipped_folder",
]

# The file beside a pack that holds its golden cases, and the one that says what a folder of a bureau takes over.
CASES = ".cases.toml"
MANIFEST = "packs.toml"


def shipped_folder() -> Path:
    """Return the folder of the packs that come with the product."""
    return Path(__file__).with_name("shipped")


def load_pack(path: Path | str, cases: bool = True) -> Pack:
    """Return the pack of one TOML file.

    Parameters
    ----------
    path : path-like
        The file.
    cases : bool
        Whether to read the companion ``<name>.cases.toml`` as well, where there is one: golden
        cases and their shapes, which no verdict rests on and the digest leaves out.

    Returns
    -------
    Pack
        Rules with their dates resolved against those of the pack, and the golden cases.

    Raises
    ------
    RulePackError
        For anything that is not as it must be, naming file, rule, key, reason and remedy.
    """
    path = Path(path)
    data, digest = read_pack_file(path)
    where = Where(path)
    known = vocabulary()
    root = Table(data, where)
    table = Table(root.raw("pack") if root.has("pack") else {}, where.under("pack").at("[pack]"))
    header = _header(table)
    defined = _defined(root.raw("define"), where, known)
    items = enumerate(root.tables("rule"))
    rules = tuple(read_rule(item, where.under("rule", n), header, known, defined) for n, item in items)
    if not rules:
        raise refusal(
            where, Text("没有一条规则", "it has no rule"), Text("至少写一条 [[rule]]。", "Write one [[rule]] at least.")
        )
    _check_versions(rules, where)
    golden = _golden(root, where, rules, known)
    root.finish()
    companion = path.with_suffix(CASES)
    if cases and companion.is_file():
        beside = Table(read_pack_file(companion, LARGEST_CASES)[0], Where(companion))
        golden += _golden(beside, Where(companion), rules, known)
        beside.finish()
    pack = Pack(
        id=header.id,
        title=header.title,
        issuer=table.text("issuer", required=True),
        number=table.text("number"),
        legal_nature=header.legal_nature,
        basin=table.text("basin") or None,
        counties=table.texts("counties"),
        in_force_from=header.in_force_from,
        in_force_to=header.in_force_to,
        rules=rules,
        cases=golden,
        path=path,
        digest=digest,
        cap_exempt_reason=header.cap_exempt_reason,
    )
    table.finish()
    return pack


def load_packs(folder: Path | str | None = None, cases: bool = True) -> tuple[Pack, ...]:
    """Return all packs of a folder, by file name; None means those shipped. `cases` as for `load_pack`.

    Raises
    ------
    RulePackError
        For a wrong pack, a folder without packs, or an id that two packs share.
    """
    home = shipped_folder() if folder is None else Path(folder)
    paths = pack_files(home)
    if not paths:
        raise refusal(
            Where(home),
            Text("文件夹不存在或没有规则包（*.toml）", "the folder is missing or has no pack (*.toml)"),
            Text("指向规则包所在的文件夹。", "Point to the folder that holds the packs."),
        )
    packs = tuple(load_pack(path, cases) for path in paths)
    refuse_shared_ids(packs)
    return packs


def refuse_shared_ids(packs: Sequence[Pack]) -> None:
    """Refuse two packs of one id, and a rule id that two packs share."""
    for one, other in combinations(packs, 2):
        if one.id == other.id:
            raise refusal(
                Where(other.path, "[pack]", "id"),
                Text(f"与 {one.path.name} 编号相同", f"has the id of {one.path.name}"),
            )
        shared = {rule.id for rule in one.rules} & {rule.id for rule in other.rules}
        for rule_id in sorted(shared):
            raise refusal(
                Where(other.path, rule_id, "id"),
                Text(f"规则编号已用于 {one.path.name}", f"the rule id is taken by {one.path.name}"),
                Text("加后缀，如 -2026。", "Append a suffix such as -2026."),
            )


def pack_files(folder: Path) -> list[Path]:
    """Return the pack files of a folder, by name, without the companions that hold cases."""
    found = folder.glob("*.toml") if folder.is_dir() else ()
    return sorted(path for path in found if not path.name.endswith(CASES) and path.name != MANIFEST)


def _golden(root: Table, where: Where, rules: Sequence[Rule], known: Vocabulary) -> tuple[Case, ...]:
    shapes = read_shapes(root.raw("shapes"), where)
    return read_cases(root.tables("case"), where, {rule.id: rule for rule in rules}, shapes, known)


def _header(table: Table) -> Header:
    pack_id = table.text("id", required=True)
    if not NAME.fullmatch(pack_id):
        raise refusal(
            table.where.on("id"),
            Text(f"“{pack_id}”的写法不对", f"{pack_id!r} is not written as an id"),
            Text(
                "写作小写英文，如 yangtze_protection_law。", "Write it in lower case, such as yangtze_protection_law."
            ),
        )
    header = Header(
        id=pack_id,
        title=table.text("title", required=True),
        legal_nature=table.word("legal_nature", LEGAL_NATURES, Text("文件性质", "kind of text")),
        in_force_from=table.day("in_force_from"),
        in_force_to=table.day("in_force_to"),
        cap_exempt_reason=table.text("cap_exempt_reason"),
    )
    check_order(header.in_force_from, header.in_force_to, table.where.on("in_force_to"))
    return header


def _defined(data: object, where: Where, known: Vocabulary) -> dict[str, Predicate]:
    """Return the predicates under `[define]`; each may use those written above it, so none can go in circles."""
    defined: dict[str, Predicate] = {}
    if data is None:
        return defined
    table = Table(data, where.under("define").at("[define]"))
    for name in table.names():
        spot = table.where.on(name)
        if not NAME.fullmatch(name):
            raise refusal(
                spot, Text("名称写法不对", "the name is malformed"), Text("写作小写英文。", "Write it in lower case.")
            )
        defined[name] = read_predicate(table.raw(name), spot, known, defined)
    return defined


def _check_versions(rules: Sequence[Rule], where: Where) -> None:
    """Refuse a repeated id, and versions of one rule that are in force on the same day."""
    places = {id(rule): where.under("rule", n).at(rule.id) for n, rule in enumerate(rules)}
    for one, other in combinations(rules, 2):
        spot = places[id(other)]
        if one.id == other.id:
            raise refusal(
                spot.on("id"),
                Text("规则编号重复", "the rule id stands there twice"),
                Text("改名或删去一条。", "Rename or remove one."),
            )
        if one.base_id == other.base_id and _overlap(one, other):
            raise refusal(
                spot.on("from"),
                Text(f"与 {one.id} 的施行期间重叠", f"is in force at the same time as {one.id}"),
                Text(
                    "前一版本的 to 为后一版本 from 的前一天。",
                    "Let the older version end the day before the newer begins.",
                ),
            )


def _overlap(one: Rule, other: Rule) -> bool:
    starts_late = bool(one.from_ and other.to and one.from_ > other.to)
    ends_early = bool(one.to and other.from_ and one.to < other.from_)
    return not (starts_late or ends_early)
