"""`screen`: sites and layers in, a judged and citable answer out."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.errors import SitesError
from ...layers.layerset import LayerSet
from ...layers.product import version
from ...layers.progress import Progress
from ...layers.sites import normalise, read
from ...layers.texts import Text
from ..rules.model import Pack
from . import dossier, run_tables, seal
from .answers import read_answers
from .basis import Basis, Box, load_basis
from .chunk import make_chunk
from .days import days_table
from .gaps import GapCounter
from .judge import Judged, judge
from .screening import Screening
from .tables import REVIEWS
from .tabulate import codes_of, facts_table, findings_table, roles_table, units_table, verdicts_table
from .threads import in_order
from .words import Verdict

CHUNK = 2_000
MOST_IN_MEMORY = 200_000
REACH_DEG = 0.2  # features further than this from every site bear on no rule: the greatest reach is 10 km and a band


def screen(
    sites: gpd.GeoDataFrame | str | Path,
    layer_set: LayerSet | str | Path,
    packs: tuple[Pack, ...] | str | Path | None = None,
    profile: str | Path | None = None,
    as_of: date | None = None,
    strict: bool = False,
    answers: pd.DataFrame | str | Path | None = None,
    progress: Progress | Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    out: str | Path | None = None,
) -> Screening:
    """Screen project sites over the layers of a layer set.

    Parameters
    ----------
    sites : GeoDataFrame or path
        Any vector source; columns as design section 5, all but the geometry optional.
    layer_set : LayerSet or path
        Which source plays which role.
    packs : tuple of Pack or folder, optional
        The law; None takes the packs shipped.
    profile : str or path, optional
        Check profile; None takes the layer set's, else the default one.
    as_of : date, optional
        The day whose law and data apply; today if not given.
    strict : bool
        Whether every open outcome leaves a site undetermined.
    answers : DataFrame or path, optional
        Answers that persons gave (`tables.ANSWERS`).
    progress : Progress or callable, optional
        Told the share done.
    cancelled : callable, optional
        Asked between chunks; `Cancelled` is raised once it returns True.
    out : path, optional
        Folder to write the dossier to; it bears its name only once it is whole.

    Raises
    ------
    EcoRedlineError
        Sites, layers, packs or answers are wrong; the error names what, and the remedy.
    """
    door = _door(progress, cancelled)
    frame = _sites(sites)
    book = read_answers(answers) if isinstance(answers, str | Path) else answers
    box = _box(frame)
    basis = load_basis(layer_set, packs, profile, book, as_of, strict, box, door.part(0.0, 0.4))
    screening = _run(frame, basis, door.part(0.4, 0.95))
    if out is not None:
        door.step(0.95, Text("写出卷宗", "Writing the dossier"))
        dossier.write_dossier(screening, Path(out))
    door.step(1.0)
    return screening


def _door(progress: Progress | Callable[[float], None] | None, cancelled: Callable[[], bool] | None) -> Progress:
    door = progress if isinstance(progress, Progress) else Progress()
    if callable(progress) and not isinstance(progress, Progress):
        tell = progress
        door = Progress(report=lambda share, _text: tell(share))
    return Progress(door.report, cancelled) if cancelled is not None else door


def _sites(sites: gpd.GeoDataFrame | str | Path) -> gpd.GeoDataFrame:
    if isinstance(sites, gpd.GeoDataFrame):
        frame = sites if "digests" in sites.attrs else normalise(sites, "sites")
    else:
        intake = read(Path(sites))
        frame = intake.sites
        if frame.empty:
            first = "；".join(intake.diagnosis["zh"].head(3)), "; ".join(intake.diagnosis["en"].head(3))
            raise SitesError(
                Text(f"{sites}：地块尚不能读取", f"{sites}: the sites cannot be read yet"),
                Text(*first),
                Text(
                    "请用 layers.sites.read 指定坐标系或图层。", "Name the CRS or the layer through layers.sites.read."
                ),
            )
    if len(frame) > MOST_IN_MEMORY:
        raise SitesError(
            Text(f"地块数 {len(frame)} 超过 {MOST_IN_MEMORY}", f"{len(frame)} sites are more than {MOST_IN_MEMORY}"),
            remedy=Text("请分批运行。", "Run them in parts."),
        )
    return frame


def _box(frame: gpd.GeoDataFrame) -> Box:
    west, south, east, north = (float(v) for v in frame.total_bounds)
    return west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG


@dataclass(frozen=True)
class _Part:
    """A chunk judged: what the tables, the gaps and the seal take from it."""

    judged: Judged
    tables: dict[str, pd.DataFrame]
    digests: NDArray[np.uint8]


def _run(frame: gpd.GeoDataFrame, basis: Basis, progress: Progress) -> Screening:
    gaps = GapCounter(basis)
    collected: dict[str, list[pd.DataFrame]] = {}
    digests = []
    progress.step(0.0, Text("逐块筛查", "Screening"))
    for part in in_order(lambda start: _judge(frame, start, basis), range(0, len(frame), CHUNK)):
        gaps.add(part.judged)
        digests.append(part.digests)
        for name, table in part.tables.items():
            collected.setdefault(name, []).append(table)
        progress.step(min(1.0, len(digests) * CHUNK / len(frame)))
    tables = {name: _concat(frames) for name, frames in collected.items()}
    tables["verdicts"]["project_verdict"] = _project_verdicts(tables["verdicts"])
    tables |= {
        "sites": frame,
        "layers": run_tables.layers_table(basis),
        "rules": run_tables.rules_table(basis),
        "unit_items": run_tables.unit_items_table(basis),
        "gaps": gaps.table(),
        "answers": basis.answers.table,
        "reviews": REVIEWS.empty(),
    }
    hashed = {
        **seal.basis_parts(basis),
        "sites": seal.sites_part(seal.site_digests(frame)),
        "results": seal.sites_part(np.concatenate(digests)),
    }
    beside = {**_versions(), "figures": seal.figures(tables["findings"])}
    return Screening(tables.__getitem__, _settings(basis), seal.make_seal(hashed, beside), _overlap_of(frame, basis))


def _judge(frame: gpd.GeoDataFrame, start: int, basis: Basis) -> _Part:
    chunk = make_chunk(frame.iloc[start : start + CHUNK].reset_index(drop=True), basis)
    judged = judge(chunk, basis.as_of)
    return _Part(judged, _tables(judged), seal.result_digests(judged))


def _tables(judged: Judged) -> dict[str, pd.DataFrame]:
    chunk = judged.chunk
    units, findings = units_table(chunk), findings_table(judged)
    return {
        "findings": findings,
        "facts": facts_table(chunk),
        "units": units,
        "roles": roles_table(chunk),
        "verdicts": verdicts_table(judged, units, findings),
        "days": days_table(judged),
        "outcomes": pd.DataFrame({"site_id": chunk.ids, "codes": codes_of(judged.why)}),
    }


def _concat(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def _project_verdicts(verdicts: pd.DataFrame) -> pd.Series:
    """Return the worst verdict of each site's project; its own where it has none."""
    rank = verdicts["verdict"].map({v.value: v.rank for v in Verdict})
    key = verdicts["project_id"].where(verdicts["project_id"] != "", "\x00" + verdicts["site_id"])
    words = [v.value for v in Verdict]
    return rank.groupby(key).transform("min").map(lambda r: words[r])


def _settings(basis: Basis) -> dict[str, Any]:
    return {
        "as_of": basis.as_of.isoformat(),
        "strict": basis.strict,
        "layer_set": basis.layer_set.name,
        "profile": basis.profile.id,
        "profile_name": basis.profile.name.zh,
        "dropped": [{"role": role, "reason": reason} for role, reason in basis.profile.dropped],
        **_versions(),
    }


def _versions() -> dict[str, str]:
    return {
        "ecoredline": version(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "geos": ".".join(map(str, shapely.geos_version)),
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
    }


def _overlap_of(frame: gpd.GeoDataFrame, basis: Basis) -> Callable[[str, str, str], shapely.Geometry]:
    def overlap(site_id: str, role: str, feature_id: str) -> shapely.Geometry:
        chunk = make_chunk(frame[frame["site_id"] == site_id].reset_index(drop=True), basis)
        for position in chunk.positions(role):
            layer = chunk.layers[position]
            ids = layer.layer.data.frame["feature_id"].to_numpy(dtype=object)
            rows = np.flatnonzero((ids[layer.facts.feature] == feature_id) & layer.facts.met)
            if len(rows) and layer.met is not None:
                return layer.met.geometry(layer.facts.overlap[rows], layer.sites)[0]
        return shapely.Polygon()

    return overlap
