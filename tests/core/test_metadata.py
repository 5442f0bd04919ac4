"""What the plugin repository and QGIS ask of metadata.txt."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).absolute().parent.parent.parent
TEXT = (ROOT / "metadata.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def general():
    parser = configparser.ConfigParser()  # interpolation on, as in QGIS: a bare % would raise
    parser.optionxform = str
    parser.read_string(TEXT)
    return dict(parser["general"])


def test_required_fields_are_filled(general):
    for name in ("name", "description", "about", "version", "author", "email", "repository", "tracker", "homepage"):
        assert general[name].strip(), name


def test_range_of_versions_and_kind(general):
    assert general["qgisMinimumVersion"] == "3.40"
    assert general["qgisMaximumVersion"] == "4.99"
    assert general["supportsQt6"] == "True"
    assert general["hasProcessingProvider"] == "yes"
    assert re.fullmatch(r"\d+\.\d+\.\d+", general["version"])


def test_no_bare_percent_sign():
    assert "%" not in TEXT


def test_texts_are_in_both_languages(general):
    for name in ("description", "about", "changelog"):
        assert re.search("[一-鿿]", general[name]), name
        assert re.search("[a-z]{4}", general[name]), name


def test_icon_is_a_drawing(general):
    assert ElementTree.parse(ROOT / general["icon"]).getroot().tag.endswith("svg")


def test_changelog_knows_the_version(general):
    assert f"## {general['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_placeholder_addresses_are_said_to_be_so(general):
    held = [name for name in ("email", "homepage", "repository", "tracker") if ".example" in general[name]]
    assert ("reserved name" in general["about"]) == bool(held), held


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_pictures_of_the_readme_are_there_and_small(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    pictures = [ROOT / path for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)]
    assert len(pictures) == 3
    assert all(path.stat().st_size < 300_000 for path in pictures)


def test_every_picture_is_shown():
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").iterdir() if f"docs/{path.name}" not in shown] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_links_of_the_readme_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [path for path in re.findall(r"\]\(([^)]+)\)", text) if not (ROOT / path).exists()] == []
