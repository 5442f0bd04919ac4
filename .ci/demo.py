"""Screens the invented sample district through `qgis_process` and prints the verdict table.

python .ci/demo.py build/demo
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pyogrio
from ecoredline.processing.engine.words import CERTAINTY_TEXTS, COMPLETENESS_TEXTS
from ecoredline.processing.maps.catalogue import templates

SETS = "XG-01;XG-31;XG-52"  # the sites of which every map is drawn
WITH = Path(__file__).parent / "with"
COLUMNS = {
    "site_id": "地块 site",
    "name": "名称 name",
    "verdict_zh": "初筛意见 verdict",
    "completeness": "完整性 completeness",
    "certainty": "确定性 certainty",
}


def run(algorithm: str, **parameters: object) -> None:
    """Run one algorithm of the plugin; what it says goes to a log, and to the screen if it fails."""
    start = time.monotonic()
    words = [str(WITH), "qgis_process", "run", f"ecoredline:{algorithm}", "--"]
    words += [f"{name}={value}" for name, value in parameters.items()]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\necoredline:{algorithm} ended with {done.returncode}")
    print(f"ecoredline:{algorithm} {time.monotonic() - start:.1f} s", flush=True)


def width(text: str) -> int:
    """Return the places that a text takes on the screen, two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def show(verdicts: Path) -> None:
    """Print the verdict table and how many sites have which verdict."""
    table = pyogrio.read_dataframe(verdicts, read_geometry=False)
    words = {**COMPLETENESS_TEXTS, **CERTAINTY_TEXTS}
    codes = ["completeness", "certainty"]
    table[codes] = table[codes].replace({str(code): f"{text.zh} {code}" for code, text in words.items()})
    rows = [list(COLUMNS.values()), *table[list(COLUMNS)].fillna("").astype(str).to_numpy().tolist()]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    print()
    for row in rows:
        print("  ".join(cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)).rstrip())
    print()
    print(
        f"{len(table)} 个地块 sites:", "，".join(f"{word} {n}" for word, n in table["verdict"].value_counts().items())
    )


def marked(folder: Path) -> None:
    """Print how many of the pages drawn the map check has marked, by folder, with their names."""
    for check in sorted(folder.glob("*/map_check.json")):
        pages = json.loads(check.read_text(encoding="utf-8"))["pages"]
        faulty = [f"{page['site_id']}-{page['template']}" for page in pages if page["state"] != "drawn"]
        named = f"：{'、'.join(faulty)}" if faulty else ""
        print(f"附图自检 map check {check.parent.name}/: {len(pages)} 页 pages, {len(faulty)} 页标注 marked{named}")


def restore(folder: Path, sample: Path) -> None:
    """Screen and rank what is to be restored, show what came of it, watch the red line, count the uses of the banks."""
    restoration = folder / "restoration"
    run(
        "screenrestoration",
        SITES=sample / "restoration.gpkg",
        LAYER_SET=sample / "district.toml",
        DEM=sample / "dem.tif",
        IMAGES=sample / "images.toml",
        LAND_COVER=sample / "land_cover.tif",
        VERDICTS=restoration / "verdicts.gpkg",
        FINDINGS=restoration / "findings.gpkg",
        INDICATORS=restoration / "indicators.csv",
        PRIORITY=restoration / "priority.csv",
        DOSSIER=restoration / "dossier",
    )
    run(
        "exportproof",
        SITES=sample / "restoration.gpkg",
        IMAGES=sample / "images.toml",
        DEM=sample / "dem.tif",
        SHEETS=restoration / "before-after.docx",
        PDF=restoration / "before-after.pdf",
        ACCEPTANCE=restoration / "acceptance.csv",
    )
    run(
        "watchredline",
        LAYER_SET=sample / "district.toml",
        IMAGES=sample / "images.toml",
        MIN_AREA=1000,
        PATCHES=restoration / "patches.gpkg",
    )
    layer = f"{sample / 'district.gpkg'}|layername="
    run(
        "bankoccupancy",
        BANKS=f"{layer}bank_line",
        USES=sample / "bank_uses.gpkg",
        ZONES=f"{layer}AXGNQ",
        EXTENT=f"{layer}XZQ",
        SEGMENTS=folder / "banks" / "segments.gpkg",
        SUMMARY=folder / "banks" / "summary.csv",
        CHART=folder / "banks" / "strip.svg",
    )


def main(folder: Path) -> None:
    """Make the sample, screen it, write papers and maps."""
    shutil.rmtree(folder, ignore_errors=True)
    sample, dossier, figures = folder / "sample", folder / "dossier", folder / "figures"
    district = sample / "district.toml"
    run("sampledistrict", FOLDER=sample)
    run(
        "screenprojects",
        SITES=sample / "sites.gpkg",
        LAYER_SET=district,
        VERDICTS=folder / "verdicts.gpkg",
        FINDINGS=folder / "findings.gpkg",
        UNITS=folder / "units.gpkg",
        DOSSIER=dossier,
    )
    every = ",".join(templates())
    drawn = {"DOSSIER": dossier, "LAYER_SET": district, "MAKER": "虚构示范制图室"}
    run("exportmaps", **drawn, FORMAT="png", DPI=150, FOLDER=figures)
    run("exportmaps", **drawn, TEMPLATES=every, SITES=SETS, FORMAT="png", DPI=150, FOLDER=figures)
    run("exportreport", DOSSIER=dossier, MAPS=figures, FOLDER=folder / "papers")
    run("exportmaps", **drawn, TEMPLATES=every, SITES=SETS, FORMAT="pdf", FOLDER=folder / "maps")
    run("exportmaps", **drawn, FORMAT="atlas", SHEET="a3_landscape", FOLDER=folder / "atlas")
    run("verifyseal", DOSSIER=dossier, LAYER_SET=district, DIFFERENCES=folder / "differences.csv")
    restore(folder, sample)
    show(folder / "verdicts.gpkg")
    number = json.loads((dossier / "seal.json").read_text(encoding="utf-8"))["number"]
    print(f"\n数据校验码 seal {number}")
    print(f"{folder}: verdicts.gpkg  dossier/ (seal.json)  papers/ (Word, Excel, HTML)  maps/ (PDF)  atlas/")
    marked(folder)
    print(f"{folder}: restoration/ (verdicts, indicators, priority, dossier, before-after, acceptance, patches)")
    print(f"{folder}: banks/ (segments, summary, strip.svg)")
    print("虚构数据，仅供试用。 Invented data, for trying out only.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
