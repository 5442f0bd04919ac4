"""The seal: hashes of all that a verdict rests on, so that a run can be confirmed years later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas.array import GeometryArray
from numpy.typing import NDArray

from ....layers.digests import canonical_wkb, combined_digest, feature_digests
from ....layers.site_columns import site_columns
from ....layers.unread import UNREAD
from ..judging.basis import Basis
from ..judging.judge import Judged
from ..tables import ANSWERS
from ..words import Verdict

VERSION = 1


@dataclass(frozen=True)
class Seal:
    """The seal of a run.

    Attributes
    ----------
    number : str
        Four groups of four hexadecimal digits: the beginning of the digest of `parts`.
    parts : mapping
        What is hashed: sites, layers, packs, profile, answers, settings, results.
    beside : mapping
        Versions and times, which are not hashed.
    """

    number: str
    parts: Mapping[str, Any]
    beside: Mapping[str, Any]

    def to_json(self) -> str:
        """Return the seal as the text of seal.json."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Seal:
        """Return the seal of a seal.json."""
        data = json.loads(text)
        return cls(data["number"], data["parts"], data["beside"])


def make_seal(parts: Mapping[str, Any], beside: Mapping[str, Any]) -> Seal:
    """Return the seal over those parts."""
    digest = _hash(json.dumps({"version": VERSION, **parts}, ensure_ascii=False, sort_keys=True).encode())
    number = "-".join(digest[i : i + 4].upper() for i in range(0, 16, 4))
    return Seal(number, parts, beside)


def basis_parts(basis: Basis) -> dict[str, Any]:
    """Return the hashed parts that are the same for all sites."""
    layers = [
        {
            "role": layer.data.role.id,
            "layer": layer.data.source.layer or "",
            "vintage": str(layer.data.source.vintage or ""),
            "valid_to": str(layer.data.source.valid_to or ""),
            "accuracy_m": layer.data.source.accuracy_m,
            "authority": layer.data.source.authority,
            "features": used.n_features,
            "sha256": used.digest,
        }
        for layer, used in zip(basis.layers, basis.used, strict=True)
    ]
    return {
        "layers": layers,
        **basis.once("seal", lambda: _declared_parts(basis)),
        "answers": answer_digests(basis.answers.table),
        "settings": {"as_of": basis.as_of.isoformat(), "strict": basis.strict},
    }


def _declared_parts(basis: Basis) -> dict[str, Any]:
    absences = sorted(
        (a.role, a.state, a.by, a.basis, str(a.day or ""), str(a.valid_to or "")) for a in basis.layer_set.absences
    )
    return {
        "absences": _hash(json.dumps(absences, ensure_ascii=False).encode()),
        "packs": {pack.id: pack.digest for pack in basis.packs},
        "profile": _hash(repr(basis.profile).encode()),
        "access_list": _hash(basis.access.table.to_csv(index=False).encode()),
    }


def answer_digests(table: pd.DataFrame) -> dict[str, str]:
    """Return the digest of each answer, by site, rule and question."""
    rows = table[ANSWERS.names].astype(str).to_numpy().tolist()
    return {" | ".join(row[:3]): _hash("\x1f".join(row).encode()) for row in rows}


def shapes_as_read(frame: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    """Return the SHA-256 of each site's WKB as it came, shape (n, 32)."""
    return np.frombuffer(b"".join(bytes(each) for each in frame.attrs["digests"]), dtype=np.uint8).reshape(-1, 32)


def shapes_as_kept(frame: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    """Return the SHA-256 of each site's WKB as it is judged and kept, shape (n, 32)."""
    return _shape_digests(frame.geometry.array)


def shapes_changed(frame: gpd.GeoDataFrame) -> tuple[NDArray[np.bool_], list[str], list[str]]:
    """Return which shapes are not kept as they came, and the digests of those as they came and as they are kept.

    Parameters
    ----------
    frame : GeoDataFrame
        As just read: where its ``attrs["as_came"]`` says that a shape stayed what it was, that is taken at its word.
    """
    changed = ~np.array(frame.attrs.get("as_came", np.zeros(len(frame))), dtype=bool)
    kept, read = _shape_digests(frame.geometry.array[changed]), shapes_as_read(frame)[changed]
    differ = (read != kept).any(axis=1)
    changed[changed] = differ
    return changed, in_hex(read[differ]), in_hex(kept[differ])


def _shape_digests(shapes: GeometryArray) -> NDArray[np.uint8]:
    return feature_digests(canonical_wkb(np.asarray(shapes, dtype=object)))


def in_hex(digests: NDArray[np.uint8]) -> list[str]:
    """Return digests of shape (n, 32) as texts."""
    return [row.tobytes().hex() for row in digests]


def site_digests(frame: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    """Return one SHA-256 per site over its WKB as read, its attributes and what of them was not read, shape (n, 32)."""
    text = np.full(len(frame), "", dtype=object)
    known = [name for name in (*(column.name for column in site_columns()), UNREAD) if name in frame]
    table = frame[known].to_numpy(dtype=object)  # in one go: column by column a single site would wait for the frame
    for name, values, there in zip(known, table.T, ~pd.isna(table).T, strict=True):
        filled = np.flatnonzero(there)
        words = [f"\x1e{name}\x1f{value}" if str(value) else "" for value in values[filled]]
        text[filled] += np.array(words, dtype=object)
    digests = [
        hashlib.sha256(bytes(shape) + row[1:].encode()).digest()  # no mark before the first
        for shape, row in zip(frame.attrs["digests"], text, strict=True)
    ]
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)


def result_digests(judged: Judged) -> NDArray[np.uint8]:
    """Return one SHA-256 per site over its id and, per rule, outcome, worst verdict and condition, shape (n, 32)."""
    n, n_rules = judged.why.shape
    found = judged.found
    worst = np.full((n, n_rules + 1), Verdict.CLEAR.rank, dtype=np.uint8)
    conditional = np.zeros((n, n_rules + 1), dtype=np.uint8)
    np.minimum.at(worst, (found.site, found.rule), found.verdict.astype(np.uint8))
    np.maximum.at(conditional, (found.site, found.rule), found.open_exception.astype(np.uint8))
    rows = np.concatenate([judged.why, worst, conditional], axis=1)
    ids = (str(site_id).encode() + b"\x1f" for site_id in judged.chunk.ids)
    digests = [hashlib.sha256(site_id + row.tobytes()).digest() for site_id, row in zip(ids, rows, strict=True)]
    return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)


def sites_part(digests: NDArray[np.uint8]) -> dict[str, Any]:
    """Return the hashed part of the sites, whatever their order."""
    return {"n": len(digests), "sha256": combined_digest(digests)}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
