"""What became of each page of a run: kept while it runs, so that a stopped one goes on, and told at its end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ...layers.files import whole_file
from ...layers.product import version
from .catalogue import FOLDER, STYLES
from .issues import Issue, issue_of
from .page import Job

JOURNAL = ".maps-run.jsonl"
CHECK = "map_check.json"
DRAWN, MARKED, FAILED = "drawn", "marked", "failed"


@dataclass(frozen=True)
class PageResult:
    """What became of one page.

    Attributes
    ----------
    site_id, template : str
        The page.
    file : str
        Name of its file; empty where none was written.
    size : int
        Bytes of the file.
    scale : int
        Denominator; 0 where none was written.
    state : str
        ``drawn``, ``marked`` (written with its faults marked on it) or ``failed`` (not written).
    issues : tuple of Issue
        What the map check noticed, or why it could not be drawn.
    """

    site_id: str
    template: str
    file: str
    size: int
    scale: int
    state: str
    issues: tuple[Issue, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """Return it as it stands in a file."""
        own = {name: getattr(self, name) for name in ("site_id", "template", "file", "size", "scale", "state")}
        return {**own, "issues": [issue.as_row() for issue in self.issues]}


def result_of(row: dict[str, Any]) -> PageResult:
    """Return a result from its row in a file."""
    return PageResult(**{**row, "issues": tuple(issue_of(issue) for issue in row["issues"])})


def run_key(job: Job, format_: str, dpi: int) -> str:
    """Return a hash of all that pages depend on but site, template and day."""
    styles = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted([*STYLES.glob("*"), *FOLDER.glob("*")])
        if path.is_file()
    ]
    sources = []
    for source in job.store.layer_set.sources:
        path = Path(source.source)
        stat = path.stat() if source.frame is None and path.exists() else None
        sources.append((source.role, source.layer, stat.st_size if stat else 0, stat.st_mtime_ns if stat else 0))
    said = [version(), job.screening.seal.number, job.sheet.id, format_, dpi, job.secrecy, job.scale, job.maker]
    return hashlib.sha256(json.dumps([said, styles, sources], default=str).encode()).hexdigest()


class Journal:
    """The pages done so far by a run into a folder; those of a stopped run with the same key are taken over.

    Parameters
    ----------
    folder : Path
        Where the pages go.
    parts : Path
        Where their files lie.
    key : str
        See `run_key`.
    today : date
        The day of drawing, of a run that starts anew.
    """

    def __init__(self, folder: Path, parts: Path, key: str, today: date) -> None:
        self.path = folder / JOURNAL
        self.drawn_on = today
        self.done: dict[tuple[str, str], PageResult] = {}
        if not self._taken_over(parts, key):
            self.done = {}
            self.path.write_text(json.dumps({"key": key, "drawn_on": today.isoformat()}) + "\n", "utf-8")

    def _taken_over(self, parts: Path, key: str) -> bool:
        if not self.path.exists():
            return False
        try:
            head, *rows = [json.loads(line) for line in self.path.read_text("utf-8").splitlines() if line.endswith("}")]
            if head["key"] != key:
                return False
            self.drawn_on = date.fromisoformat(head["drawn_on"])
            results = [result_of(row) for row in rows]
        except (ValueError, KeyError, TypeError):
            return False  # a journal that was cut in the middle of a line
        for result in results:
            file = parts / result.file
            if result.state != FAILED and file.is_file() and file.stat().st_size == result.size:
                self.done[result.site_id, result.template] = result
        return True

    def add(self, result: PageResult) -> None:
        """Keep a result on disk."""
        self.done[result.site_id, result.template] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result.as_row(), ensure_ascii=False) + "\n")


def write_check(folder: Path, job: Job, drawn_on: date, results: Iterable[PageResult]) -> Path:
    """Write the table of the map check and return its path; pages of earlier runs of the same seal stay in it."""
    path = folder / CHECK
    rows = [result.as_row() for result in results]
    told = {
        "product": f"EcoRedline {version()}",
        "seal": job.screening.seal.number,
        "layer_set": job.store.layer_set.name,
        "sheet": job.sheet.id,
        "secrecy": job.secrecy,
        "drawn_on": drawn_on.isoformat(),
        "pages": [*_earlier(path, job.screening.seal.number, {row["file"] for row in rows}), *rows],
    }
    with whole_file(path) as draft:
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    return path


def _earlier(path: Path, seal: str, drawn: set[str]) -> list[dict[str, Any]]:
    try:
        before = json.loads(path.read_text("utf-8"))
        rows = before["pages"] if before["seal"] == seal else []
        kept = [row for row in rows if row["file"] and row["file"] not in drawn]
        return [row for row in kept if (path.parent / row["file"]).is_file()]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # no table, or none of this product
