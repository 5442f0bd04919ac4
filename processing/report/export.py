"""The one door to the papers: a dossier in, Word, Excel and HTML files out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ...layers.errors import DossierError
from ...layers.files import file_stems, whole_file
from ...layers.progress import Progress
from ...layers.texts import Text
from . import libraries
from .annex import Annex, find_maps
from .options import Options
from .paper import Papers
from .source import Screening, collect

FORMATS = ("docx", "xlsx", "html")
BOOK, PAGE, ALL_SITES = "findings.xlsx", "index.html", "all-sites"
MOST_IN_ONE_FILE = 300
_PACKAGES = {"docx": libraries.WORD, "xlsx": libraries.EXCEL}
Tell = Callable[[Text], None]


def _untold(_note: Text) -> None:
    """Tell nobody."""


def export(
    screening: Screening,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    maps: Path | None = None,
    secrecy: bool = False,
    progress: Progress | None = None,
    template: Path | None = None,
    options: Options | None = None,
    one_file: bool = False,
    tell: Tell = _untold,
) -> list[Path]:
    """Write the papers of a run.

    Parameters
    ----------
    screening : Screening
        A finished run, or an opened dossier.
    folder : Path
        Where the files go; made if absent. Two Word papers per site, ``<site_id>.docx`` (初步筛查意见表) and
        ``conformity/<site_id>.docx`` (分区管控符合性分析), with characters that file systems refuse as ``%XX``;
        ``findings.xlsx`` and ``index.html``.
    formats : sequence of str
        Any of ``docx``, ``xlsx``, ``html``.
    maps : Path, optional
        Folder of PNG files ``<site_id>-<template>.png`` for 附图, of this dossier by its ``map_check.json``.
    secrecy : bool
        Tell of controlled layers only whether they are touched, the area and the
        unit code; no coordinates, names or ids of their features, file paths or maps.
    progress : Progress, optional
        Told, and asked whether to stop, at every site.
    template : Path, optional
        A Word template of the user's own (docxtpl tags, values of `word_values`); then only
        ``<site_id>.docx`` is made, from it.
    options : Options, optional
        Name of the report, radii of the environmental targets.
    one_file : bool
        Write all sites into one Word paper, ``all-sites.docx``, at most 300.
    tell : callable
        Takes what the user should know of the maps: left out, or of unknown origin.

    Returns
    -------
    list of Path
        The files, each written whole or not at all.

    Raises
    ------
    TemplateError
        If the template is broken or holds what none may; file and place are named.
    DossierError
        If there are too many sites for one file, a format is unknown, the folder cannot be written, a map is no PNG
        or the maps are of another dossier.
    MissingLibraryError
        If python-docx, docxtpl or openpyxl is absent.
    Cancelled
        If the user stopped; files already whole remain.
    """
    progress = progress or Progress()
    wanted = _checked(formats)
    for name in wanted:
        libraries.need(_PACKAGES.get(name, ()), Text(f"输出 {name} ", f"Writing {name}"))
    papers = Papers(collect(screening, secrecy), options)
    stems = file_stems(papers.site_ids)
    annexes = _annexes(maps, stems, papers.run.seal, secrecy, tell) if "docx" in wanted else {}
    _make(folder)
    written: list[Path] = []
    for place, name in enumerate(wanted):
        part = progress.part(place / len(wanted), (place + 1) / len(wanted))
        if name == "docx":
            groups = _groups(papers, stems, one_file)
            written += _write_words(papers, folder, groups, annexes, template, part)
        elif name == "xlsx":
            written.append(_write_book(papers, folder / BOOK, part))
        else:
            written.append(_write_page(papers, folder / PAGE, part))
    progress.step(1.0)
    return written


def _annexes(maps: Path | None, stems: dict[str, str], seal: str, secrecy: bool, tell: Tell) -> dict[str, list[Annex]]:
    if maps is None:
        return {}
    if secrecy:
        tell(Text("受控数据模式下不放入附图。", "In controlled-data mode the maps are left out."))
        return {}
    found = find_maps(maps, stems, seal)
    unchecked = sum(not annex.checked for annexes in found.values() for annex in annexes)
    if unchecked:
        tell(
            Text(
                f"{unchecked} 幅附图不在 {maps} 的 map_check.json 中，无法核对是否出自本卷宗，图名旁注“来源未核”。",
                f"map_check.json in {maps} does not list {unchecked} maps, so whether they are of this dossier is not "
                "known; their captions say so.",
            )
        )
    if not found:
        tell(Text(f"附图文件夹 {maps} 中没有本卷宗地块的 PNG 附图。", f"No PNG map of a site of this run in {maps}."))
    return found


def _groups(papers: Papers, stems: dict[str, str], one_file: bool) -> dict[str, list[str]]:
    """Return the sites of each file by its stem."""
    if not one_file:
        return {stem: [site_id] for site_id, stem in stems.items()}
    if len(stems) > MOST_IN_ONE_FILE:
        raise DossierError(
            Text(
                f"{len(stems)} 个地块不能写入一个 Word 文件（最多 {MOST_IN_ONE_FILE} 个）",
                f"{len(stems)} sites are too many for one Word file (at most {MOST_IN_ONE_FILE})",
            ),
            remedy=Text("请分批筛查，或者按地块分别输出。", "Screen in batches, or write one file per site."),
        )
    return {ALL_SITES: papers.site_ids}


def _write_words(
    papers: Papers,
    folder: Path,
    groups: dict[str, list[str]],
    annexes: dict[str, list[Annex]],
    own: Path | None,
    progress: Progress,
) -> list[Path]:
    from . import word  # needs docxtpl
    from .word_template import WordTemplate

    if own is not None:
        templates = {folder: WordTemplate(own)}
    else:
        templates = {folder: word.shipped(word.SCREENING), folder / "conformity": word.shipped(word.CONFORMITY)}
    written: list[Path] = []
    for place, (stem, site_ids) in enumerate(groups.items()):
        progress.step(place / len(groups), Text(f"Word：{site_ids[0]}", f"Word: {site_ids[0]}"))
        sites = [papers.site(site_id) for site_id in site_ids]
        for where, template in templates.items():
            _make(where)
            path = where / f"{stem}.docx"
            with whole_file(path) as temporary:
                word.write(temporary, template, sites, papers.run, annexes)
            written.append(path)
    return written


def _write_book(papers: Papers, path: Path, progress: Progress) -> Path:
    from . import excel  # needs openpyxl

    progress.step(0.0, Text("Excel：全部表格", "Excel: all tables"))
    with whole_file(path) as temporary:
        excel.write(temporary, papers, progress)
    return path


def _write_page(papers: Papers, path: Path, progress: Progress) -> Path:
    from . import html

    progress.step(0.0, Text("HTML：离线页面", "HTML: the page"))
    with whole_file(path) as temporary:
        html.write(temporary, papers, progress)
    return path


def _checked(formats: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(formats))
    for name in named:
        if name not in FORMATS:
            known = "、".join(FORMATS)
            raise DossierError(
                Text(f"未知的成果格式 {name!r}", f"Unknown paper format {name!r}"),
                remedy=Text(f"可用格式：{known}", f"There are: {', '.join(FORMATS)}"),
            )
    if not named:
        raise DossierError(
            Text("没有指定成果格式", "No paper format was given"),
            remedy=Text("请至少选择 docx、xlsx、html 中的一种。", "Choose at least one of docx, xlsx, html."),
        )
    return named


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DossierError(
            Text(f"无法建立文件夹 {folder}", f"Cannot make the folder {folder}"),
            Text(str(error), str(error)),
            Text("请检查路径与写入权限，或另选文件夹。", "Check path and rights, or choose another folder."),
        ) from error
