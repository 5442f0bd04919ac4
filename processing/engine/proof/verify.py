"""Whether the verdicts of a dossier come from these data under this law: everything is read and judged once more."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ....layers.errors import DossierError, RulePackError
from ....layers.layerset import LayerSet
from ....layers.profile import CheckProfile
from ....layers.progress import Progress
from ....layers.texts import Text
from ...rules.bureau import pack_set
from ...rules.model import Pack
from ..dossier import seal
from ..dossier.dossier import damaged, open_dossier
from ..dossier.screening import Screening
from ..screen import MOST_IN_MEMORY, screen
from ..site_source import site_source
from . import inputs
from .archive import archived_pack
from .differences import Difference, Subject, differences_table
from .figures import KEYS, compare_figures, compare_tables

VERSIONS = ("ecoredline", "python", "geos", "kernel", "geopandas", "shapely")


@dataclass(frozen=True)
class Verification:
    """What a check of a seal came to.

    Attributes
    ----------
    confirmed : bool
        The re-run has the number of the seal, and nothing counts against it.
    sealed, computed : str
        The number printed on the papers, and that of the re-run.
    differences : DataFrame
        `tables.DIFFERENCES`: what changed, and beside it other versions and law that moved on.
    """

    confirmed: bool
    sealed: str
    computed: str
    differences: pd.DataFrame


def verify_seal(
    folder: Path | str,
    layer_set: LayerSet | Path | str,
    packs: Path | str | None = None,
    sites: gpd.GeoDataFrame | Path | str | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Judge the sites of a dossier again and compare everything with its seal.

    Parameters
    ----------
    folder : path
        The dossier; it is not changed.
    layer_set : LayerSet or path
        Which source plays which role, as in the run.
    packs : folder, optional
        Rule packs to judge by; None takes those that the dossier keeps word for word.
    sites : GeoDataFrame or path, optional
        The sites as they were handed in; None takes those that the dossier keeps.
    progress : Progress, optional

    Raises
    ------
    DossierError
        The dossier is not whole, or does not keep the law that its seal names.
    EcoRedlineError
        Layers, packs or sites cannot be read.
    """
    door = progress or Progress()
    dossier = open_dossier(folder)
    kept = _read(dossier, folder)
    sealed = dossier.seal
    law_kept, unreadable = _law_kept(kept["law"], sealed.parts["packs"])
    shipped = pack_set(None).packs
    used = pack_set(packs).packs if packs else _law_used(sealed.parts["packs"], law_kept, shipped)
    as_read = inputs.sites_as_read(dossier.sites, kept["outcomes"])
    given = as_read if sites is None else _all(sites)
    with tempfile.TemporaryDirectory(prefix="ecoredline-") as scratch:
        made = screen(
            given,
            layer_set,
            _in_order(used, kept["law"]),
            _profile(dossier, folder),
            date.fromisoformat(sealed.parts["settings"]["as_of"]),
            sealed.parts["settings"]["strict"],
            dossier.answers if len(dossier.answers) else None,
            progress=door.part(0.1, 0.9),
            out=Path(scratch) / "dossier" if len(given) > MOST_IN_MEMORY else None,
        )
        found = [
            *_seal_itself(dossier),
            *unreadable,
            *inputs.law(sealed.parts["packs"], *((law_kept, used) if packs else (shipped, law_kept))),
            *inputs.kept_sites(as_read, kept["outcomes"], sealed.parts["sites"]),
            *(inputs.changed_sites(given, kept["outcomes"]) if sites is not None else ()),
            *_inputs(sealed.parts, made.seal.parts),
            *_results(dossier, kept, made),
            *_beside(dossier, made, law_kept, shipped),
        ]
    found = list(dict.fromkeys(found))
    confirmed = made.seal.number == sealed.number and not any(each.counts for each in found)
    door.step(1.0)
    return Verification(confirmed, sealed.number, made.seal.number, differences_table(found))


def _read(dossier: Screening, folder: Path | str) -> dict[str, pd.DataFrame]:
    """Return every table that is compared."""
    try:
        return {name: dossier.read(name) for name in (*KEYS, "law")}
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise damaged(folder, Text(str(error), str(error))) from error


def _law_kept(table: pd.DataFrame, sealed: Mapping[str, str]) -> tuple[tuple[Pack, ...], list[Difference]]:
    """Return the packs that a dossier keeps, and those whose text is a pack no more."""
    packs, broken = [], []
    for name, file, text, off in table[["pack", "file", "text", "off"]].itertuples(index=False):
        if text:
            try:
                packs.append(archived_pack(file, text, off))
            except (RulePackError, ValueError) as error:
                reason = str(error).splitlines()[0]
                broken.append(Difference(Subject.LAW, name, inputs.CONTENT, inputs.short(sealed.get(name, "")), reason))
    return tuple(packs), broken


def _law_used(sealed: Mapping[str, str], kept: Sequence[Pack], shipped: Sequence[Pack]) -> tuple[Pack, ...]:
    """Return a pack per id of the seal: the one kept where it is as sealed, else the one shipped, else the one kept."""
    used = []
    for id_, digest in sealed.items():
        candidates = [pack for pack in (*kept, *shipped) if pack.id == id_]
        same = [pack for pack in candidates if pack.digest == digest]
        if not (same or candidates):
            raise DossierError(
                Text(f"卷宗中没有规则包 {id_} 的原文", f"The dossier does not keep the text of the pack {id_}"),
                remedy=Text("请用“规则包”指定当时所用规则包的文件夹。", "Name the folder of the packs used then."),
            )
        used.append((same or candidates)[0])
    return tuple(used)


def _in_order(packs: Sequence[Pack], law: pd.DataFrame) -> tuple[Pack, ...]:
    """Return the packs in the order of the run, by which outcomes are held."""
    order = {name: n for n, name in enumerate(law["pack"])}
    return tuple(sorted(packs, key=lambda pack: order.get(pack.id, len(order))))


def _profile(dossier: Screening, folder: Path | str) -> CheckProfile:
    told = dossier.settings
    try:
        return CheckProfile(
            told["profile"],
            Text(told["profile_name"], told["profile_name_en"]),
            tuple(told["required"]),
            tuple(told["optional"]),
            tuple((each["role"], each["reason"]) for each in told["dropped"]),
        )
    except (KeyError, TypeError) as error:
        lacking = Text(f"settings.json 缺少 {error}", f"settings.json lacks {error}")
        raise damaged(folder, lacking) from error


def _all(sites: gpd.GeoDataFrame | Path | str) -> gpd.GeoDataFrame:
    source = site_source(sites)
    return source.read(np.arange(len(source.ids)))


def _seal_itself(dossier: Screening) -> Iterator[Difference]:
    """Yield what shows that the seal, or the settings beside it, were changed."""
    own = seal.make_seal(dossier.seal.parts, dossier.seal.beside)
    if own.number != dossier.seal.number:
        yield Difference(Subject.SEAL, "seal.json", Text("编号", "number"), dossier.seal.number, own.number)
    for name, value in dossier.seal.parts["settings"].items():
        if dossier.settings.get(name) != value:
            yield Difference(Subject.SETTING, "settings.json", name, value, dossier.settings.get(name))


def _inputs(sealed: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    yield from inputs.layers(sealed["layers"], now["layers"])
    yield from inputs.wholes(sealed, now)
    yield from inputs.answers(sealed["answers"], now["answers"])


def _results(dossier: Screening, kept: Mapping[str, pd.DataFrame], made: Screening) -> Iterator[Difference]:
    found = [difference for name in KEYS for difference in compare_tables(kept[name], made.read(name), name)]
    found += compare_figures(dossier.seal.beside.get("figures", {}), made.seal.beside["figures"])
    yield from found
    was, now = dossier.seal.parts["results"], made.seal.parts["results"]
    if was != now and not found:
        heading = Text("逐条结果", "outcomes")
        yield Difference(
            Subject.RESULT, str(inputs.WHOLE), heading, inputs.short(was["sha256"]), inputs.short(now["sha256"])
        )


def _beside(
    dossier: Screening, made: Screening, law_kept: Sequence[Pack], shipped: Sequence[Pack]
) -> Iterator[Difference]:
    """Yield what does not count against the seal but bears on a verdict given today."""
    for name in VERSIONS:
        was, now = dossier.seal.beside.get(name, ""), made.seal.beside[name]
        if was != now:
            yield Difference(Subject.SOFTWARE, name, Text("版本", "version"), was, now, counts=False)
    today = {pack.id: pack for pack in shipped}
    for pack in law_kept:
        if pack.id in today and today[pack.id].digest != pack.digest:
            for each in inputs.changed_rules(pack, today[pack.id]):
                yield replace(each, counts=False)
