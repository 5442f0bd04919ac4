"""The zip in a fresh profile: enabled, screens, and writes papers where the system has none of the paper libraries."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

ROOT = Path(__file__).absolute().parent.parent.parent
SITE_PACKAGES = next((ROOT / "build" / "venv" / "lib").glob("python3*/site-packages"))
PAPER = re.compile(r"(docx|docxtpl|openpyxl|jinja2|markupsafe|et_xmlfile|typing_extensions|python_docx)([-.].*)?", re.I)
LAYER_SET = """name = "虚构"
[[layer]]
role = "red_line"
source = "红线.gpkg"
authority = "statutory"
"""
# run inside the process by the site customisation: what is hidden even where the system has it
HIDE = """
import importlib.abc, os, runpy, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in {names}:
            from importlib.machinery import PathFinder
            return PathFinder.find_spec(name, [entry for entry in path or sys.path if "vendor" in entry])
sys.meta_path.insert(0, Hidden())
ISOLATED = runpy.run_path({guard!r})["ISOLATED"]
"""
NAMES = {"docx", "docxtpl", "openpyxl", "jinja2", "markupsafe", "et_xmlfile", "typing_extensions"}


@pytest.fixture(scope="module")
def packed():
    """The zip as `make zip` writes it."""
    done = subprocess.run(
        [ROOT / "build" / "venv" / "bin" / "python", ".ci/zip.py", "build"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / done.stdout.splitlines()[-1].partition(":")[0]


@pytest.fixture(scope="module")
def installed(packed, tmp_path_factory):
    """A profile that holds the plugin as the plugin manager leaves it, and the environment in which it runs."""
    home = tmp_path_factory.mktemp("profile 配置")
    plugins = home / "profiles" / "default" / "python" / "plugins"
    with zipfile.ZipFile(packed) as file:
        file.extractall(plugins)
    system = home / "system"
    system.mkdir()
    for entry in SITE_PACKAGES.iterdir():
        if not PAPER.fullmatch(entry.name):
            (system / entry.name).symlink_to(entry)
    customised = home / "customised"
    customised.mkdir()
    guard = str(ROOT / ".ci" / "guard" / "sitecustomize.py")
    (customised / "sitecustomize.py").write_text(HIDE.format(names=NAMES, guard=guard), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "QGIS_PLUGINPATH"}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(customised), str(system)]),
        "PYTHONNOUSERSITE": "1",
        "QGIS_CUSTOM_CONFIG_PATH": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }

    def call(*words: object) -> subprocess.CompletedProcess[str]:
        command = ["qgis_process", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)

    done = call("plugins", "enable", "ecoredline")
    assert done.returncode == 0, done.stdout + done.stderr
    return call, plugins / "ecoredline"


def test_only_runtime_files_are_packed(packed):
    with zipfile.ZipFile(packed) as file:
        names = file.namelist()
        assert file.testzip() is None
        licences = file.read("ecoredline/processing/report/vendor/LICENCES.txt").decode("utf-8")
    assert all(name.startswith("ecoredline/") for name in names)
    tops = {name.split("/")[1] for name in names}
    assert not tops & {"tests", "build", ".ci", "docs", "Makefile", "pyproject.toml", ".gitignore"}
    assert not [name for name in names if name.endswith((".so", ".pyd", ".dll", ".pyc", ".c"))]
    assert {"ecoredline/metadata.txt", "ecoredline/LICENSE", "ecoredline/__init__.py"} <= set(names)
    rows = [line for line in licences.splitlines() if ": " in line]
    assert len(rows) == len(NAMES)
    for row in rows:
        texts = re.search(r"\((.+)\)$", row)[1].split(", ")
        assert all(f"ecoredline/processing/report/vendor/{text}" in names for text in texts), row


def test_what_is_packed_is_what_is_tested():
    """One version each: that of the environment in which every other test runs."""
    setup = ROOT / ".ci" / "setup"
    pins = {
        file: dict(re.findall(r"^([\w-]+)==(\S+)", (setup / file).read_text(encoding="utf-8"), re.MULTILINE))
        for file in ("vendor.txt", "tools.txt")
    }
    shared = pins["vendor.txt"].keys() & pins["tools.txt"].keys()
    assert {"python-docx", "docxtpl", "openpyxl"} <= shared
    for name in shared:
        assert pins["vendor.txt"][name] == pins["tools.txt"][name], name


def test_packing_twice_gives_the_same_bytes(packed):
    before = packed.read_bytes()
    subprocess.run([ROOT / "build" / "venv" / "bin" / "python", ".ci/zip.py", "build"], cwd=ROOT, check=True)
    assert packed.read_bytes() == before


@pytest.fixture(scope="module")
def dossier(installed, tmp_path_factory):
    """One site screened by the plugin of the zip."""
    call, _ = installed
    folder = tmp_path_factory.mktemp("数据")
    red = geopandas.GeoDataFrame({"HXBM": ["HX1"]}, geometry=[shapely.box(106.5, 29.5, 106.52, 29.52)], crs="EPSG:4490")
    red.to_file(folder / "红线.gpkg")
    site = geopandas.GeoDataFrame(
        {"site_id": ["甲"], "nature": ["新建"], "industry": ["C2614"]},
        geometry=[shapely.box(106.515, 29.505, 106.525, 29.515)],
        crs="EPSG:4490",
    )
    site.to_file(folder / "地块.gpkg")
    (folder / "区.toml").write_text(LAYER_SET, encoding="utf-8")
    words = [f"SITES={folder}/地块.gpkg", f"LAYER_SET={folder}/区.toml", f"DOSSIER={folder}/卷宗"]
    done = call("run", "ecoredline:screenprojects", "--", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "卷宗"


def test_writes_papers_with_its_own_libraries(installed, dossier, tmp_path):
    call, plugin = installed
    words = [f"DOSSIER={dossier}", f"FOLDER={tmp_path}/文书", "FORMATS=docx", "FORMATS=xlsx", "FORMATS=html"]
    done = call("run", "ecoredline:exportreport", "--", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"甲.docx", "findings.xlsx", "index.html"} <= {path.name for path in (tmp_path / "文书").iterdir()}
    with zipfile.ZipFile(tmp_path / "文书" / "甲.docx") as paper:
        assert "初步筛查意见表" in paper.read("word/document.xml").decode("utf-8")
    assert (plugin / "processing" / "report" / "vendor" / "docx" / "__init__.py").is_file()


def test_without_the_packed_libraries_the_paper_is_refused_in_words(installed, dossier, tmp_path):
    """The check can fail: what is hidden is hidden."""
    call, plugin = installed
    vendor = plugin / "processing" / "report" / "vendor"
    vendor.rename(vendor.with_name("away"))
    try:
        done = call("run", "ecoredline:exportreport", "--", f"DOSSIER={dossier}", f"FOLDER={tmp_path}/o")
    finally:
        vendor.with_name("away").rename(vendor)
    assert done.returncode != 0
    assert re.search("python-docx|docxtpl|Jinja2", done.stdout + done.stderr)
    assert not list(tmp_path.rglob("*.docx"))


def test_the_system_goes_first(packed, tmp_path):
    """A library that the system has is taken from there."""
    with zipfile.ZipFile(packed) as file:
        file.extractall(tmp_path)
    code = (
        "from ecoredline.layers.vendored import close_vendor, open_vendor; import sys\n"
        "before = list(sys.path); open_vendor(); open_vendor(); assert len(sys.path) == len(before) + 1\n"
        "import docx; print(docx.__file__); close_vendor(); assert sys.path == before"
    )
    # lxml is the system's own: beside the other libraries on one system, in a folder of Debian's on another
    lxml = importlib.util.find_spec("lxml")
    assert lxml is not None and lxml.origin is not None
    alone = tmp_path / "lxml alone"
    alone.mkdir()
    (alone / "lxml").symlink_to(Path(lxml.origin).parent)
    for path, expected in (([tmp_path, SITE_PACKAGES, alone], SITE_PACKAGES), ([tmp_path, alone], tmp_path)):
        environment = {"PYTHONPATH": os.pathsep.join(map(str, path))}
        done = subprocess.run(
            [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.stdout.startswith(str(expected)), done.stderr
