"""What went into a run against what its seal says of it: sites, layers, law, profile, lists, answers, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....layers.digests import SIZE
from ....layers.role import role
from ....layers.texts import Text
from ...rules.model import Pack, Rule
from ..dossier import seal
from .differences import Difference, Subject

CONTENT = Text("内容", "content")
WHOLE = Text("全部", "all")
THERE, GONE = Text("有", "there"), Text("无", "not there")
# Of a layer in seal.json: what each value is called.
LAYER_FIELDS = {
    "features": Text("要素数", "features"),
    "vintage": Text("数据时点", "vintage"),
    "valid_to": Text("有效期至", "valid to"),
    "accuracy_m": Text("数据精度", "accuracy"),
    "authority": Text("数据性质", "authority"),
    "sha256": CONTENT,
}
SHORT = 12  # hexadecimal digits of a digest that are shown


def sites_as_read(frame: gpd.GeoDataFrame, outcomes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the sites that a dossier keeps with the digests of what was read, as `layers.sites.normalise` gives them.

    Parameters
    ----------
    frame : GeoDataFrame
        The sites of the dossier.
    outcomes : DataFrame
        Its table of `tables.OUTCOMES`. A shape that is not as it was kept gets its own digest.
    """
    told = outcomes.set_index("site_id").reindex(frame["site_id"]).fillna("")
    shapes = np.array(seal.in_hex(seal.shapes_as_kept(frame)), dtype=object)
    changed = (told["shape_kept"] != "").to_numpy() & (shapes == told["shape_kept"].to_numpy())
    sites = frame.copy()
    sites.attrs["digests"] = tuple(bytes.fromhex(v) for v in np.where(changed, told["shape_read"], shapes))
    return sites


def kept_sites(sites: gpd.GeoDataFrame, outcomes: pd.DataFrame, sealed: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the sites of a dossier that are not as they were sealed.

    Parameters
    ----------
    sites : GeoDataFrame
        From `sites_as_read`.
    outcomes : DataFrame
        The dossier's table of `tables.OUTCOMES`, which holds the digest of each site.
    sealed : mapping
        ``parts["sites"]`` of the seal.
    """
    named = list(changed_sites(sites, outcomes))
    yield from named
    now = seal.sites_part(_bytes(outcomes["digest"].to_numpy(dtype=object)))
    if not named and now != dict(sealed):
        yield Difference(Subject.SITE, str(WHOLE), CONTENT, short(sealed["sha256"]), short(now["sha256"]))


def changed_sites(sites: gpd.GeoDataFrame, outcomes: pd.DataFrame) -> Iterator[Difference]:
    """Yield the sites that are missing, added, or not those whose digests a dossier holds."""
    known, ids = outcomes.set_index("site_id")["digest"], sites["site_id"].astype(str)
    for site_id in known.index.difference(pd.Index(ids)):
        yield Difference(Subject.SITE, str(site_id), Text("整行", "row"), THERE, GONE)
    for site_id in pd.Index(ids).difference(known.index):
        yield Difference(Subject.SITE, str(site_id), Text("整行", "row"), GONE, THERE)
    heading = Text("图形或属性", "shape or attributes")
    for site_id, now in zip(ids, seal.in_hex(seal.site_digests(sites)), strict=True):
        was = known.get(site_id, now)
        if was != now:
            yield Difference(Subject.SITE, site_id, heading, short(was), short(now))


def _bytes(digests: NDArray[np.object_]) -> NDArray[np.uint8]:
    joined = b"".join(bytes.fromhex(each) if len(each) == 2 * SIZE else bytes(SIZE) for each in digests)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, SIZE)


def layers(sealed: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Yield what differs between the layers in a seal and those read now."""
    one, other = (_by_name(parts) for parts in (sealed, now))
    for name in dict.fromkeys((*one, *other)):
        was, is_ = one.get(name), other.get(name)
        if was is None or is_ is None:
            yield Difference(Subject.LAYER, name, Text("图层", "layer"), _there(was), _there(is_))
            continue
        for field, heading in LAYER_FIELDS.items():
            if was[field] != is_[field]:
                yield Difference(Subject.LAYER, name, heading, short(was[field]), short(is_[field]))


def _by_name(parts: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    named: dict[str, Mapping[str, Any]] = {}
    for part in parts:
        name = f"{role(part['role']).name} {part['layer']}".strip()
        again = sum(known == name or known.startswith(f"{name} (") for known in named)
        named[f"{name} ({again + 1})" if again else name] = part
    return named


def law(sealed: Mapping[str, str], kept: Sequence[Pack], now: Sequence[Pack]) -> Iterator[Difference]:
    """Yield what differs between the law in a seal and the packs used now, by rule where the kept packs tell it."""
    was, is_ = ({pack.id: pack for pack in packs} for packs in (kept, now))
    for id_ in dict.fromkeys((*sealed, *is_)):
        if id_ not in sealed or id_ not in is_:
            yield Difference(Subject.LAW, id_, Text("规则包", "pack"), _there(sealed.get(id_)), _there(is_.get(id_)))
        elif is_[id_].digest != sealed[id_]:
            before = was.get(id_)
            rules = list(changed_rules(before, is_[id_])) if before and before.digest == sealed[id_] else []
            digests = short(sealed[id_]), short(is_[id_].digest)
            yield from rules or [Difference(Subject.LAW, id_, CONTENT, *digests)]


def changed_rules(was: Pack, is_: Pack) -> Iterator[Difference]:
    """Yield the rules of a pack that were changed, added or removed, and what of them."""
    one, other = ({rule.id: rule for rule in pack.rules} for pack in (was, is_))
    for id_ in dict.fromkeys((*one, *other)):
        if id_ not in one or id_ not in other:
            yield Difference(Subject.LAW, id_, Text("规则", "rule"), _there(one.get(id_)), _there(other.get(id_)))
            continue
        for field in fields(Rule):
            before, after = (getattr(rule[id_], field.name) for rule in (one, other))
            if before != after:
                yield Difference(Subject.LAW, id_, field.name.rstrip("_"), before, after)
    for name in ("title", "number", "legal_nature", "basin", "counties", "in_force_from", "in_force_to"):
        if getattr(was, name) != getattr(is_, name):
            yield Difference(Subject.LAW, was.id, name, getattr(was, name), getattr(is_, name))


def answers(sealed: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    """Yield the answers that were changed, added or removed."""
    for key in sorted({*sealed, *now}):
        if sealed.get(key) != now.get(key):
            yield Difference(Subject.ANSWER, key, CONTENT, short(sealed.get(key, GONE)), short(now.get(key, GONE)))


def wholes(sealed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the parts of a seal that are one digest each: profile, absences, access list; and the settings."""
    absences = Text("缺失图层的说明", "absences")
    for name, subject, heading in (
        ("profile", Subject.PROFILE, CONTENT),
        ("absences", Subject.LAYER, absences),
        ("access_list", Subject.ACCESS_LIST, CONTENT),
    ):
        if sealed[name] != now[name]:
            yield Difference(subject, str(WHOLE), heading, short(sealed[name]), short(now[name]))
    for name, value in sealed["settings"].items():
        if now["settings"].get(name) != value:
            yield Difference(Subject.SETTING, name, "", value, now["settings"].get(name))


def _there(what: object) -> Text:
    return GONE if what is None else THERE


def short(value: object) -> str:
    """Return the beginning of a digest, and anything else whole."""
    text = str(value)
    return text[:SHORT] if len(text) == 2 * SIZE else text
