"""One chunk of sites judged, and what the tables, the gaps and the seal take from it."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...layers.product import version
from .dossier import run_tables, seal
from .dossier.days import days_table
from .dossier.gaps import gaps_table
from .dossier.part import Part
from .dossier.seal import Seal
from .dossier.stretches import stretches_table
from .dossier.tabulate import codes_of, facts_table, findings_table, roles_table, units_table, verdicts_table
from .dossier.tally import Tally, count
from .judging.basis import Basis
from .judging.chunk import make_chunk
from .judging.judge import judge
from .kernel.library import described
from .proof.archive import law_table
from .tables import REVIEWS

CHUNK = 2_000


def judge_part(frame: gpd.GeoDataFrame, basis: Basis) -> Part:
    """Judge some sites.

    Parameters
    ----------
    frame : GeoDataFrame
        As `layers.sites.normalise` gives them, with the digests of these rows in ``attrs``.
    """
    chunk = make_chunk(frame, basis)
    judged = judge(chunk, basis.as_of)
    findings = findings_table(judged)
    digests = seal.site_digests(frame)
    changed, *shapes = seal.shapes_changed(frame)
    as_read, as_kept = (np.full(len(frame), "", dtype=object) for _ in shapes)
    as_read[changed], as_kept[changed] = shapes
    tables = {
        "findings": findings,
        "facts": facts_table(chunk),
        "stretches": stretches_table(chunk),
        "units": units_table(chunk),
        "roles": roles_table(chunk),
        "verdicts": verdicts_table(judged),
        "days": days_table(judged),
        "outcomes": pd.DataFrame(
            {
                "site_id": chunk.ids,
                "codes": codes_of(judged.why),
                "digest": seal.in_hex(digests),
                "shape_read": as_read,
                "shape_kept": as_kept,
            }
        ),
        "sites": frame,
    }
    return Part(tables, count(judged, findings, frame.attrs.get("diagnosis", ())), digests, seal.result_digests(judged))


def tables_of_run(basis: Basis, tally: Tally) -> dict[str, pd.DataFrame]:
    """Return the tables that do not grow with the number of sites."""
    return {
        "layers": basis.once("layers", lambda: run_tables.layers_table(basis)).copy(),
        "rules": basis.law.once("rules", lambda: run_tables.rules_table(basis)),
        "unit_items": basis.once("unit_items", lambda: run_tables.unit_items_table(basis)).copy(),
        "gaps": gaps_table(basis, tally),
        "answers": basis.answers.table,
        "reviews": REVIEWS.empty(),
        "law": basis.law.once("law", lambda: law_table(basis.packs)),
    }


def seal_of_run(basis: Basis, tally: Tally, sites: NDArray[np.uint8], results: NDArray[np.uint8]) -> Seal:
    """Return the seal over everything that the verdicts rest on, and over the verdicts."""
    hashed = {
        **seal.basis_parts(basis),
        "sites": seal.sites_part(sites),
        "results": seal.sites_part(results),
    }
    return seal.make_seal(hashed, {**versions(), "figures": tally.figures})


def settings_of_run(basis: Basis, tally: Tally) -> dict[str, Any]:
    """Return the settings that papers print, and what was noticed about the sites: how often, and the first of it."""
    return {
        "n_noticed": tally.n_noticed,
        "noticed": [list(each) for each in tally.noticed],
        "as_of": basis.as_of.isoformat(),
        "strict": basis.strict,
        "layer_set": basis.layer_set.name,
        "profile": basis.profile.id,
        "profile_name": basis.profile.name.zh,
        "dropped": [{"role": role, "reason": reason} for role, reason in basis.profile.dropped],
        "profile_name_en": basis.profile.name.en,
        "required": list(basis.profile.required),
        "optional": list(basis.profile.optional),
        **versions(),
    }


def versions() -> dict[str, str]:
    """Return the versions of product and libraries, and the time."""
    return {
        "ecoredline": version(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "geos": ".".join(map(str, shapely.geos_version)),
        "kernel": described(),
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
    }
