"""Many pages as one PDF, in volumes of a size that can be printed and mailed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...layers.errors import MissingLibraryError
from ...layers.files import whole_file
from ...layers.progress import Progress
from ...layers.texts import Text

VOLUME = 500
NAME = "atlas"


def need_pypdf() -> None:
    """Refuse an atlas where the library that joins PDFs is missing.

    Raises
    ------
    MissingLibraryError
        pypdf cannot be imported.
    """
    try:
        import pypdf  # noqa: F401
    except ImportError as error:
        raise MissingLibraryError(
            Text("合订 PDF 需要 Python 库 pypdf", "an atlas needs the Python library pypdf"),
            remedy=Text(
                "请安装 pypdf（Debian：python3-pypdf），或选择每幅一个 PDF。",
                "Install pypdf (on Debian python3-pypdf), or choose one PDF per map.",
            ),
        ) from error


def bind(parts: Sequence[tuple[str, Path]], folder: Path, progress: Progress) -> list[Path]:
    """Join PDFs of one page each, in order, with their titles as bookmarks; return the volumes.

    Parameters
    ----------
    parts : sequence of (title, file)
    folder : Path
        Where ``atlas.pdf`` goes, or ``atlas-1.pdf`` … beyond `VOLUME` pages.
    """
    from pypdf import PdfWriter

    starts = range(0, len(parts), VOLUME)
    volumes = []
    for number, start in enumerate(starts, 1):
        path = folder / (f"{NAME}.pdf" if len(starts) == 1 else f"{NAME}-{number}.pdf")
        progress.step(start / len(parts), Text(f"合订 {path.name}", f"binding {path.name}"))
        with PdfWriter() as writer:
            for title, file in parts[start : start + VOLUME]:
                writer.append(str(file), outline_item=title)
            writer.add_metadata({"/Producer": "EcoRedline"})
            with whole_file(path) as draft:
                writer.write(str(draft))
        volumes.append(path)
    return volumes
