"""Layers, law and profile kept warm between screenings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ...layers.errors import LayerSetError
from ...layers.layerset import LayerSet
from ...layers.profile import CheckProfile, load_profile, profile_file
from ...layers.progress import Progress
from ...layers.role import role
from ...layers.sources import LayerSource
from ...layers.texts import Text
from ..rules.model import Pack
from ..rules.packs import shipped_folder
from .dossier.screening import Screening
from .judging.access_book import AccessBook
from .judging.answers import AnswerBook, read_answers
from .judging.basis import Basis, access_of, load_law, load_set
from .judging.law import Law
from .memory import give_back
from .prepared.reach import Box
from .prepared.shelf import Shelf
from .prepared.shelved import ShelvedLayer
from .prepared.stamps import Stamp, stamp_of, stamp_of_folder, stamp_of_path
from .prepared.windows import Windows
from .screen import door, in_memory, near, refuse_too_many
from .site_source import site_source

UNITS = "control_unit"


@dataclass(frozen=True, eq=False)
class _Held:
    """A source as it was when its files had that stamp."""

    source: LayerSource
    stamp: Stamp | None
    windows: Windows | ShelvedLayer


class Session:
    """Layers, packs and profile of one layer set, kept warm between screenings.

    Nothing is read before the first `screen`. Each one asks the files of the layer set, its
    sources, the packs and the profile for their size and times, and reads again what
    changed. Results are those of `screen()` on the same input, the seal included. One
    screening runs at a time; others wait.

    Parameters
    ----------
    layer_set : LayerSet or path
        Which source plays which role.
    packs : tuple of Pack or folder, optional
        The law; None takes the packs shipped.
    profile : CheckProfile, str or path, optional
        None takes the layer set's, else the default one.
    prepared : path, optional
        Folder to keep prepared layers in, readable by their owner alone.
    """

    def __init__(
        self,
        layer_set: LayerSet | str | Path,
        packs: tuple[Pack, ...] | str | Path | None = None,
        profile: CheckProfile | str | Path | None = None,
        prepared: str | Path | None = None,
    ) -> None:
        self._layer_set, self._packs, self._profile = layer_set, packs, profile
        self._prepared = prepared
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()
        self._set: tuple[Stamp | None, LayerSet] | None = None
        self._law: tuple[Stamp, Law] | None = None
        self._chosen: tuple[Stamp | None, CheckProfile] | None = None
        self._access: tuple[object, AccessBook] | None = None
        self._held: tuple[_Held, ...] = ()
        self._kept: tuple[date, tuple[object, ...], dict[str, Any]] | None = None

    def screen(
        self,
        sites: gpd.GeoDataFrame | str | Path,
        as_of: date | None = None,
        strict: bool = False,
        answers: pd.DataFrame | str | Path | None = None,
        progress: Progress | Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Screening:
        """Screen sites; parameters, result and errors are those of `screen()`.

        Call it from a thread of its own: it reads files where they changed.
        """
        told = door(progress, cancelled)
        source = site_source(sites)
        refuse_too_many(source)
        book = AnswerBook(read_answers(answers) if isinstance(answers, str | Path) else answers)
        with self._lock:
            basis = self._basis(near(source), book, as_of or date.today(), strict, told.part(0.0, 0.4))
            return in_memory(source, basis, 1, told.part(0.4, 1.0))

    def changed(self) -> tuple[str, ...]:
        """Return the roles whose sources changed since they were read; `screen` reads them again.

        It looks at the files only and waits for no screening.
        """
        roles = [held.source.role for held in self._held if _is_stale(held)]
        if self._set is not None and self._set[0] != self._stamp_of_set():
            before = self._set[1]
            try:
                now = load_set(self._layer_set)
            except LayerSetError:  # it is told when it is needed
                return tuple(dict.fromkeys(source.role for source in before.sources))
            roles += [source.role for source in (*now.sources, *before.sources) if not _in_both(source, now, before)]
        return tuple(dict.fromkeys(roles))

    def _basis(self, box: Box, answers: AnswerBook, as_of: date, strict: bool, progress: Progress) -> Basis:
        layer_set, law = self._read_set(), self._read_law()
        profile = self._read_profile(layer_set)
        self._refresh(layer_set, progress.part(0.0, 0.8))
        access = self._read_access(layer_set)
        layers = []
        for n, held in enumerate(self._held, 1):
            layers.append(held.windows.ready(box))
            progress.step(0.8 + 0.2 * n / len(self._held))
        standing = (layer_set, profile, law, access, *layers)
        if self._kept is None or self._kept[0] != as_of or not _are(self._kept[1], standing):
            self._kept = as_of, standing, {}
        return Basis(layer_set, profile, law, tuple(layers), access, answers, as_of, strict, box, self._kept[2])

    def _stamp_of_set(self) -> Stamp | None:
        return () if isinstance(self._layer_set, LayerSet) else stamp_of_path(str(self._layer_set))

    def _read_set(self) -> LayerSet:
        stamp = self._stamp_of_set()
        if self._set is None or self._set[0] != stamp:
            self._set = stamp, load_set(self._layer_set)
        return self._set[1]

    def _read_law(self) -> Law:
        own = self._packs if isinstance(self._packs, str | Path) else None
        stamp = stamp_of_folder(shipped_folder(), ".toml") + (stamp_of_folder(Path(own), ".toml") if own else ())
        if self._law is None or self._law[0] != stamp:
            self._law = stamp, load_law(self._packs)
        return self._law[1]

    def _read_profile(self, layer_set: LayerSet) -> CheckProfile:
        if isinstance(self._profile, CheckProfile):
            return self._profile
        wanted = self._profile or layer_set.profile
        stamp = stamp_of_path(str(profile_file(wanted)))
        if self._chosen is None or self._chosen[0] != stamp:
            self._chosen = stamp, load_profile(wanted)
        return self._chosen[1]

    def _refresh(self, layer_set: LayerSet, progress: Progress) -> None:
        """Read the sources that are new or changed; what is read is kept even if a later one fails."""
        kept = [held for held in self._held if not _is_stale(held)]
        fresh: list[_Held] = []
        for n, source in enumerate(layer_set.sources):
            known = next((held for held in kept if _same(held.source, source)), None)
            if known is None:
                name, total = role(source.role).name, len(layer_set.sources)
                share = progress.part(n / total, (n + 1) / total)
                share.step(0.0, Text(f"读取图层：{name.zh}", f"Reading layer: {name.en}"))
                stamp = stamp_of(source)  # before it is read: what is written meanwhile is noticed next time
                known = _Held(source, stamp, self._read(source, share))
                kept.append(known)
                self._held = tuple(kept)
                give_back()
            fresh.append(known)
        self._held = tuple(fresh)

    def _read(self, source: LayerSource, progress: Progress) -> Windows | ShelvedLayer:
        if self._prepared is None:
            return Windows.read(source, progress)
        self._shelf = self._shelf or Shelf(self._prepared)
        return self._shelf.layer(source, progress)

    def _read_access(self, layer_set: LayerSet) -> AccessBook:
        units = tuple(held.windows for held in self._held if held.source.role == UNITS)
        listed = layer_set.access_list
        stamp = stamp_of_path(listed.source) if listed else ()
        key = units, listed, stamp
        if self._access is None or self._access[0] != key or stamp is None:
            self._access = key, access_of(layer_set, [each.attributes for each in units])
        return self._access[1]


def _are(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Return whether both are the same objects, one by one."""
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _is_stale(held: _Held) -> bool:
    return held.stamp is None or stamp_of(held.source) != held.stamp


def _same(held: LayerSource, source: LayerSource) -> bool:
    """Return whether reading both gives the same features."""
    return held == source and held.frame is source.frame


def _in_both(source: LayerSource, *sets: LayerSet) -> bool:
    return all(any(_same(source, other) for other in each.sources) for each in sets)
