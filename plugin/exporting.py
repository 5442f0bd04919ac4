"""Papers and maps of a run, off the main thread: maps in a child process, papers in the task."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..layers import children, layerset_writing, texts
from ..layers.errors import EcoRedlineError
from ..layers.progress import Progress
from ..layers.sources import LayerSet
from ..layers.texts import Text
from .dock.told import RunTold

MAPS, DRAWING, WRITING = "maps", Text("绘制附图", "Drawing maps"), Text("写出文书", "Writing papers")
LIMITS = children.Limits(seconds=1800.0, memory=8 * 1024**3)


@dataclass(frozen=True)
class Order:
    """What is wanted.

    Attributes
    ----------
    folder : Path
        Where it goes.
    formats : tuple of str
        Of docx, xlsx, html.
    maps : bool
        Maps as PNG, which also go into the Word papers.
    pdf : bool
        Maps as PDF.
    secrecy : bool
        Leave out coordinates.
    """

    folder: Path
    formats: tuple[str, ...]
    maps: bool
    pdf: bool
    secrecy: bool


@dataclass(frozen=True)
class Exported:
    """Where the papers are, and what could not be drawn."""

    folder: Path
    faults: tuple[EcoRedlineError, ...]


def export(run: RunTold, kept: Path | None, layer_set: LayerSet | None, order: Order, progress: Progress) -> Exported:
    """Write what was ordered; a map that cannot be drawn is told, and keeps no paper from being written.

    Parameters
    ----------
    kept : Path or None
        The dossier of the run, which holds the reviews too; None where it was not kept.

    Raises
    ------
    EcoRedlineError
        A paper or the folder cannot be written; `Cancelled` where the user stopped.
    """
    from ..processing.engine import open_dossier, write_dossier
    from ..processing.report import export as export_papers

    faults: list[EcoRedlineError] = []
    order.folder.mkdir(parents=True, exist_ok=True)
    pictures = order.folder / MAPS if order.maps and layer_set is not None else None
    with children.workplace() as desk:
        if layer_set is not None and (order.maps or order.pdf):
            progress.step(0.02, DRAWING)
            if kept is None:
                write_dossier(run.screening, desk / "dossier")
            layerset_writing.write(layer_set, desk / "layer_set.toml")
            for form in ("png",) * order.maps + ("pdf",) * order.pdf:
                try:
                    _draw(kept or desk / "dossier", desk, order.folder / MAPS, form, order.secrecy, progress)
                except children.ChildError as error:
                    faults.append(error)
        progress.step(0.6, WRITING)
        if order.formats:
            papers = order.folder / "papers"
            screening = run.screening if kept is None else open_dossier(kept)
            export_papers(screening, papers, order.formats, pictures, order.secrecy, progress.part(0.6, 1.0))
    return Exported(order.folder, tuple(faults))


def _draw(dossier: Path, desk: Path, target: Path, form: str, secrecy: bool, progress: Progress) -> None:
    """Draw into a folder beside, and move what is whole."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".part-") as part:
        command = [
            children.interpreter(), "-m", "ecoredline.plugin.map_child", dossier, desk / "layer_set.toml",
            part, form, "150", "yes" if secrecy else "no", texts.language(),
        ]  # fmt: skip
        try:
            children.run(command, desk, LIMITS, progress)
        finally:  # a page bears its name only when it is whole
            for page in Path(part).iterdir():
                page.replace(target / page.name)
