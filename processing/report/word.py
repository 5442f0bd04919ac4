"""Word papers from templates, of one site or many: 初步筛查意见表 and 分区管控符合性分析（初稿）."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docx.shared import Mm
from docxtpl import InlineImage, RichText

from ..engine.words import PAPER_TITLE
from .annex import Annex
from .model import RunPaper, SitePaper
from .word_clean import clean, last_line
from .word_template import Filled, WordTemplate
from .word_values import CONFORMITY_TITLE, run_values, site_values

FOLDER = Path(__file__).parent / "word_templates"
SCREENING, CONFORMITY = FOLDER / "screening.docx", FOLDER / "conformity.docx"
TITLES = {SCREENING: PAPER_TITLE, CONFORMITY: CONFORMITY_TITLE}
MAP_WIDTH_MM, MAP_HEIGHT_MM = 163.0, 205.0


@cache
def shipped(path: Path) -> WordTemplate:
    """Return a template of the plugin, read and compiled once."""
    return WordTemplate(path)


def write(
    path: Path,
    template: WordTemplate,
    sites: Sequence[SitePaper],
    run: RunPaper,
    annexes: Mapping[str, Sequence[Annex]],
) -> None:
    """Write one paper.

    Parameters
    ----------
    path : Path
        The file to write.
    template : WordTemplate
        Shipped or the user's own.
    sites : sequence of SitePaper
        The sites it is about, in order.
    run : RunPaper
        What all sites of the run share.
    annexes : mapping
        Maps for 附图 per site, PNG files with their titles.

    Raises
    ------
    TemplateError
        If the template is broken; file and place are named.
    """
    document = template.document()
    document.init_docx()
    told = [
        {
            **site_values(site, run, _coloured),
            "maps": [_map(document, place, annex) for place, annex in enumerate(annexes.get(site.site_id, ()), 1)],
        }
        for site in sites
    ]
    subject = sites[0].site_id if len(sites) == 1 else f"{len(sites)} 个地块"
    document.fill({"run": run_values(run), "sites": told, "subject": subject})
    last_line(document.docx, run.seal)
    clean(document.docx, TITLES.get(template.path, PAPER_TITLE), subject)
    document.save(str(path))


def _coloured(text: str, colour: str) -> RichText:
    return RichText(text, color=colour.lstrip("#"), bold=True)


def _map(document: Filled, place: int, annex: Annex) -> dict[str, Any]:
    across, down = annex.size
    wide = across * MAP_HEIGHT_MM <= down * MAP_WIDTH_MM
    size = {"height": Mm(MAP_HEIGHT_MM)} if wide else {"width": Mm(MAP_WIDTH_MM)}
    return {"image": InlineImage(document, str(annex.path), **size), "caption": f"附图 {place}　{annex.told}"}
