"""`screen`: sites and layers in, a judged and citable answer out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.errors import Cancelled, SitesError
from ...layers.layerset import LayerSet
from ...layers.profile import CheckProfile
from ...layers.progress import Progress
from ...layers.texts import Text
from ..rules.model import Pack
from .dossier import seal
from .dossier.dossier import open_dossier
from .dossier.screening import Screening
from .dossier.streaming import StreamedDossier
from .dossier.tally import Tally
from .judging.answers import read_answers
from .judging.basis import Basis, load_basis
from .judging.chunk import make_chunk
from .memory import give_back
from .prepared.reach import Box
from .prepared.whereabouts import Whereabouts
from .run import CHUNK, judge_part, seal_of_run, settings_of_run, tables_of_run
from .site_source import SiteSource, in_chunks, site_source
from .words import Verdict
from .workers import judged_in_order

MOST_IN_MEMORY = 200_000
MOST_SOUGHT = 200_000
REACH_DEG = 0.2  # features further than this from every site bear on no rule: the greatest reach is 10 km and a band

Made = TypeVar("Made")


def screen(
    sites: gpd.GeoDataFrame | str | Path,
    layer_set: LayerSet | str | Path,
    packs: tuple[Pack, ...] | str | Path | None = None,
    profile: CheckProfile | str | Path | None = None,
    as_of: date | None = None,
    strict: bool = False,
    answers: pd.DataFrame | str | Path | None = None,
    prepared: str | Path | None = None,
    progress: Progress | Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int = 1,
    out: str | Path | None = None,
) -> Screening:
    """Screen project sites over the layers of a layer set.

    Parameters
    ----------
    sites : GeoDataFrame or path
        Any vector source; columns as design section 5, all but the geometry optional.
        ``file|layername=layer`` names a layer of a file.
    layer_set : LayerSet or path
        Which source plays which role.
    packs : tuple of Pack or folder, optional
        The law; None takes the packs shipped.
    profile : CheckProfile, str or path, optional
        None takes the layer set's, else the default one.
    as_of : date, optional
        The day whose law and data apply; today if not given.
    strict : bool
        Whether every open outcome leaves a site undetermined.
    answers : DataFrame or path, optional
        Answers that persons gave (`tables.ANSWERS`).
    prepared : path, optional
        Folder to keep prepared layers in, readable by their owner alone: a later run need not
        read and cut them again as long as their sources are the same byte by byte.
    progress : Progress or callable, optional
        Told the share done.
    cancelled : callable, optional
        Asked between chunks; `Cancelled` is raised once it returns True.
    workers : int
        Local processes; 1 stays in this one, whose threads share the work.
    out : path, optional
        Folder to write the dossier to, chunk by chunk; it bears its name only once it is
        whole, and a killed run goes on where it stopped. Without it at most 200,000 sites.

    Raises
    ------
    EcoRedlineError
        Sites, layers, packs or answers are wrong; the error names what, and the remedy.
    """
    told = door(progress, cancelled)
    source = site_source(sites)
    if out is None:
        refuse_too_many(source)
    book = read_answers(answers) if isinstance(answers, str | Path) else answers
    basis = load_basis(
        layer_set, packs, profile, book, as_of, strict, near(source), told.part(0.0, 0.4), prepared, where(source)
    )
    rest = told.part(0.4, 1.0)
    return (
        in_memory(source, basis, workers, rest) if out is None else _streamed(source, basis, workers, rest, Path(out))
    )


def near(source: SiteSource) -> Box:
    """Return the box about all sites beyond which no feature bears on them."""
    west, south, east, north = source.box
    return west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG


def where(source: SiteSource) -> Whereabouts | None:
    """Return where the sites lie; None where there are so many that nothing is far from all of them."""
    return Whereabouts.of(source.boxes) if 0 < len(source.ids) <= MOST_SOUGHT else None


def door(progress: Progress | Callable[[float], None] | None, cancelled: Callable[[], bool] | None) -> Progress:
    """Return the one door to whoever waits, however it was given."""
    given = progress if isinstance(progress, Progress) else Progress()
    if callable(progress) and not isinstance(progress, Progress):
        tell = progress
        given = Progress(report=lambda share, _text: tell(share))
    return Progress(given.report, cancelled) if cancelled is not None else given


def refuse_too_many(source: SiteSource) -> None:
    """Refuse more sites than tables in memory should hold.

    Raises
    ------
    SitesError
    """
    n = len(source.ids)
    if n <= MOST_IN_MEMORY:
        return
    raise SitesError(
        Text(f"地块数 {n} 超过 {MOST_IN_MEMORY}", f"{n} sites are more than {MOST_IN_MEMORY}"),
        remedy=Text("请指定卷宗文件夹（out），结果将分块写出。", "Name a folder (out) to write them in chunks."),
    )


def in_memory(source: SiteSource, basis: Basis, workers: int, progress: Progress) -> Screening:
    """Judge all sites in the order in which they came and keep the tables."""
    n = len(source.ids)
    chunks = [np.arange(i, min(i + CHUNK, n)) for i in range(0, n, CHUNK)]
    judged = judged_in_order(lambda rows: judge_part(source.read(rows), basis), chunks, workers)
    parts = list(_told(judged, len(chunks), progress))
    tally = sum((part.tally for part in parts), Tally.empty(len(basis.rules)))
    tables = {name: _concat([part.tables[name] for part in parts]) for name in parts[0].tables}
    tables["verdicts"]["project_verdict"] = _project_verdicts(tables["verdicts"])
    tables |= tables_of_run(basis, tally)
    digests = (np.concatenate([getattr(p, name) for p in parts]) for name in ("site_digests", "result_digests"))
    made = seal_of_run(basis, tally, *digests)
    return Screening(tables.__getitem__, settings_of_run(basis, tally), made, _overlap_of(source, basis))


def _streamed(source: SiteSource, basis: Basis, workers: int, progress: Progress, out: Path) -> Screening:
    """Judge the sites along a Hilbert curve and write each chunk as it is done."""
    chunks = in_chunks(source, CHUNK)
    dossier = StreamedDossier(out, _fingerprint(source, basis), len(basis.rules))
    try:
        todo = chunks[dossier.chunks_done :]
        rest = progress.part(dossier.chunks_done / len(chunks), 0.98)
        judged = judged_in_order(
            lambda rows: dossier.pack(judge_part(source.read(rows), basis)), todo, workers, dossier.leave_to_parent
        )
        for part in _told(judged, len(todo), rest):
            dossier.append(part)
            give_back()
        made = seal_of_run(basis, dossier.tally, *dossier.digests())
        dossier.finish(tables_of_run(basis, dossier.tally), made, settings_of_run(basis, dossier.tally))
    except Cancelled:
        dossier.discard()
        raise
    except BaseException:
        dossier.close()
        raise
    progress.step(1.0)
    opened = open_dossier(out)
    return Screening(opened.read, opened.settings, opened.seal, _overlap_of(source, basis))


def _fingerprint(source: SiteSource, basis: Basis) -> str:
    """Return a hash of what the run rests on, by which a run that was killed is known again."""
    ids = hashlib.sha256("\n".join(map(str, source.ids)).encode()).hexdigest()
    return hashlib.sha256(json.dumps([seal.basis_parts(basis), ids, source.stamp, CHUNK]).encode()).hexdigest()


def _told(parts: Generator[Made, None, None], n: int, progress: Progress) -> Iterator[Made]:
    """Yield n parts, each told once the next is asked for; whoever makes them ends with this."""
    progress.step(0.0, Text("逐块筛查", "Screening"))
    with closing(parts):
        for done, part in enumerate(parts, 1):
            yield part
            progress.step(done / n)


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all frames; column by column, as pandas looks at every value of a column of nothing."""
    filled = [frame for frame in frames if len(frame)]
    if len(filled) < 2:
        return (filled or frames)[0]
    first = filled[0]
    whole = pd.DataFrame({name: _joined([frame[name] for frame in filled]) for name in first.columns})
    if isinstance(first, gpd.GeoDataFrame):
        whole = gpd.GeoDataFrame(whole, geometry=first.geometry.name, crs=first.crs)
    return whole


def _joined(columns: list[pd.Series]) -> pd.Series:
    if all(isinstance(column.dtype, np.dtype) for column in columns):
        return pd.Series(np.concatenate([column.to_numpy() for column in columns]))
    joined: pd.Series = pd.concat(columns, ignore_index=True)
    return joined


def _project_verdicts(verdicts: pd.DataFrame) -> NDArray[np.object_]:
    """Return the worst verdict of each site's project; its own where it has none."""
    words = np.array([v.value for v in Verdict], dtype=object)
    rank = {word: place for place, word in enumerate(words)}
    worst = np.array([rank[word] for word in verdicts["verdict"]], dtype=np.int64)
    project = verdicts["project_id"].to_numpy(dtype=object)
    named = np.flatnonzero(project != "")
    codes, names = pd.factorize(project[named])
    of_project = np.full(len(names), len(words))
    np.minimum.at(of_project, codes, worst[named])
    worst[named] = of_project[codes]
    return words[worst]


def _overlap_of(source: SiteSource, basis: Basis) -> Callable[[str, str, str], shapely.Geometry]:
    def overlap(site_id: str, role: str, feature_id: str) -> shapely.Geometry:
        chunk = make_chunk(source.read(np.flatnonzero(source.ids == site_id)), basis)
        for position in chunk.positions(role):
            layer = chunk.layers[position]
            ids = layer.layer.data.frame["feature_id"].to_numpy(dtype=object)
            rows = np.flatnonzero((ids[layer.facts.feature] == feature_id) & layer.facts.met)
            if len(rows) and layer.met is not None:
                return layer.met.geometry(layer.facts.overlap[rows], layer.sites)[0]
        return shapely.Polygon()

    return overlap
