"""In the real window: what a person may do while screenings are under way, and what the data may do to them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

ROOT = Path(__file__).absolute().parent.parent.parent
SCRIPT = ROOT / "tests" / "gui" / "trials.py"
NAMES = (
    "no_layers_at_all",
    "drawn in EPSG:4490",
    "drawn in EPSG:4544",
    "drawn in EPSG:3857",
    "drawn in EPSG:4326",
    "every_kind_is_drawn",
    "result_follows_a_move",
    "result_follows_an_attribute",
    "typing_is_not_lost_when_another_site_is_chosen",
    "project_closed_during_a_run",
    "layer_removed_during_a_run",
    "layer_edited_during_a_run",
    "dead_source",
    "source_deleted_after_it_was_read",
    "two_runs_at_once",
    "cancelled_screening_leaves_the_result_as_it_was",
    "cancelled_keeping_and_export_leave_no_file",
    "selection_is_copied_and_the_layer_left_alone",
    "selection_in_an_old_datum_is_refused",
    "what_is_open_is_told_in_the_language_of_the_window",
    "candidates_are_shown_on_the_map",
    "finding_is_shown_on_the_map",
    "layer_set_is_kept_in_the_project",
    "superseded_data_are_a_state_of_their_own",
    "strictness_and_profile_are_kept_in_the_project",
    "every_control_has_a_name_and_takes_the_keyboard",
    "warm_verdict",
)

pytestmark = pytest.mark.skipif(
    shutil.which("xvfb-run") is None and "ECOREDLINE_GUARD" not in os.environ, reason="no QGIS, or no display for it"
)


LAYERS = {
    "district": ("XZQ", {"XZQDM": ["500199"], "XZQMC": ["试验区"]}, [shapely.box(106.4, 29.4, 106.6, 29.6)]),
    "red_line": ("STBHHX", {"HXBM": ["H1"], "HXMC": ["红线一"]}, [shapely.box(106.5, 29.49, 106.52, 29.52)]),
    "control_unit": (
        "ZHGKDY",
        {"HJGKDYBM": ["ZH50019910001", "ZH50019930002"], "HJGKDYMC": ["优先一", "一般二"]},
        [shapely.box(106.5, 29.4, 106.6, 29.6), shapely.box(106.4, 29.4, 106.5, 29.6)],
    ),
    "water_source": (
        "YYSSY",
        {"BHQMC": ["水源一"], "级别": ["一级"]},
        [shapely.box(106.55, 29.42, 106.56, 29.43)],
    ),
}


def write_small_set(folder: Path) -> None:
    """Write small.gpkg, small.toml, and dead.toml, whose water source is a file that is not there."""
    lines = ['name = "试验"', ""]
    for role, (name, columns, shapes) in LAYERS.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4490")
        frame.to_file(folder / "small.gpkg", layer=name, driver="GPKG")
        lines += ["[[layer]]", f'role = "{role}"', 'source = "small.gpkg"', f'layer = "{name}"', "accuracy_m = 1.0", ""]
    text = "\n".join(lines)
    (folder / "small.toml").write_text(text, encoding="utf-8")
    head, _, tail = text.rpartition('source = "small.gpkg"')
    (folder / "dead.toml").write_text(head + 'source = "gone.gpkg"' + tail, encoding="utf-8")


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    home = tmp_path_factory.mktemp("trials")
    write_small_set(home)
    profile = home / "profile"
    place = profile / "profiles" / "default" / "QGIS"
    place.mkdir(parents=True)
    (place / "QGIS3.ini").write_text("[PythonPlugins]\necoredline=true\n", encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
    environment |= {"ECOREDLINE_TRIALS": str(home), "ECOREDLINE_HANDS": str(SCRIPT.parent)}
    options = ["--nologo", "--noversioncheck", "--profiles-path", str(profile), "--code", str(SCRIPT)]
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    command = [*screen, str(ROOT / ".ci" / "with"), "qgis", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    assert lines, done.stdout[-2000:] + done.stderr[-6000:]
    return json.loads(lines[-1].removeprefix("ANSWER "))


@pytest.mark.parametrize("name", NAMES)
def test_trial(answer, name):
    assert name in answer, answer.get("", sorted(answer))
    assert answer[name]["ok"], answer[name]["told"]


def test_nothing_was_tried_that_is_not_asked_for(answer):
    assert set(answer) == set(NAMES)
