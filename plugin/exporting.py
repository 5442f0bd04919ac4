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

MAPS = {"png": "maps", "pdf": "maps-pdf"}
DRAWING, WRITING = Text("绘制附图", "Drawing maps"), Text("写出文书", "Writing papers")
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
        Show of controlled layers only what secrecy allows.
    templates : tuple of str
        Which maps, by the ids of the catalogue.
    """

    folder: Path
    formats: tuple[str, ...]
    maps: bool
    pdf: bool
    secrecy: bool
    templates: tuple[str, ...] = ("overview",)


@dataclass(frozen=True)
class Exported:
    """Where the papers are, what could not be drawn, and what the check of the maps found on the pages drawn."""

    folder: Path
    faults: tuple[EcoRedlineError, ...]
    noticed: tuple[str, ...] = ()


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
    noticed: list[str] = []
    order.folder.mkdir(parents=True, exist_ok=True)
    pictures = order.folder / MAPS["png"] if order.maps and layer_set is not None else None
    with children.workplace() as desk:
        if layer_set is not None and (order.maps or order.pdf):
            progress.step(0.02, DRAWING)
            if kept is None:
                write_dossier(run.screening, desk / "dossier")
            layerset_writing.write(layer_set, desk / "layer_set.toml")
            for form in ("png",) * order.maps + ("pdf",) * order.pdf:
                try:
                    noticed += _draw(kept or desk / "dossier", desk, form, order, progress)
                except children.ChildError as error:
                    faults.append(error)
        progress.step(0.6, WRITING)
        if order.formats:
            papers = order.folder / "papers"
            screening = run.screening if kept is None else open_dossier(kept)
            export_papers(screening, papers, order.formats, pictures, order.secrecy, progress.part(0.6, 1.0))
    return Exported(order.folder, tuple(faults), tuple(dict.fromkeys(noticed)))


def _draw(dossier: Path, desk: Path, form: str, order: Order, progress: Progress) -> list[str]:
    """Draw into a folder beside, move what is whole, and return what the check of the pages found."""
    target = order.folder / MAPS[form]
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".part-") as part:
        command = [
            children.interpreter(), "-m", "ecoredline.plugin.map_child", dossier, desk / "layer_set.toml", part, form,
            "150", "yes" if order.secrecy else "no", ",".join(order.templates), texts.language(),
        ]  # fmt: skip
        try:
            said = children.run(command, desk, LIMITS, progress).out
        finally:  # a page bears its name only when it is whole; what a child that was stopped leaves begins with a dot
            for page in Path(part).glob("[!.]*"):
                page.replace(target / page.name)
    return [line for line in said.splitlines() if line.strip()]
