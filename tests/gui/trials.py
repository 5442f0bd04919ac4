"""Runs inside the real window of QGIS: one trial after another, each told as "ok" or by its traceback.

xvfb-run -a .ci/with qgis --nologo --noversioncheck --profiles-path FOLDER --code tests/gui/trials.py
ECOREDLINE_TRIALS names the folder with small.toml; the answer is one line of JSON.
"""

import json
import os
import sys
import time
import traceback

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QApplication
from qgis.utils import iface

sys.path.insert(0, os.environ["ECOREDLINE_HANDS"])
from trial import brought, drawing, kept, on_the_map, under_way
from trial.stage import HOME


def trials():
    yield drawing.no_layers_at_all
    for crs in ("EPSG:4490", "EPSG:4544", "EPSG:3857", "EPSG:4326"):
        yield f"drawn in {crs}", drawing.drawn_in(crs)
    yield drawing.every_kind_is_drawn
    yield drawing.result_follows_a_move
    yield drawing.result_follows_an_attribute
    yield drawing.typing_is_not_lost_when_another_site_is_chosen
    yield under_way.project_closed_during_a_run
    yield under_way.layer_removed_during_a_run
    yield under_way.layer_edited_during_a_run
    yield under_way.dead_source
    yield under_way.source_deleted_after_it_was_read
    yield under_way.two_runs_at_once
    yield under_way.cancelled_screening_leaves_the_result_as_it_was
    yield under_way.cancelled_keeping_and_export_leave_no_file
    yield brought.selection_is_copied_and_the_layer_left_alone
    yield brought.selection_in_an_old_datum_is_refused
    yield brought.what_is_open_is_told_in_the_language_of_the_window
    yield on_the_map.candidates_are_shown_on_the_map
    yield on_the_map.finding_is_shown_on_the_map
    yield kept.layer_set_is_kept_in_the_project
    yield kept.superseded_data_are_a_state_of_their_own
    yield kept.strictness_and_profile_are_kept_in_the_project
    yield kept.every_control_has_a_name_and_takes_the_keyboard
    yield drawing.warm_verdict


def main():
    QgsSettings().setValue("ecoredline/output", str(HOME / "output"))
    iface.mainWindow().resize(1500, 950)
    wanted, answer = os.environ.get("ECOREDLINE_ONLY", ""), {}
    escaped = []
    sys.excepthook = lambda *fault: escaped.append("".join(traceback.format_exception(*fault)))
    for each in trials():
        name, trial = (each.__name__, each) if callable(each) else each
        if wanted not in name:
            continue
        start = time.monotonic()
        try:
            told = trial()
            assert not escaped, escaped
            answer[name] = {"ok": True, "told": told}
        except BaseException:
            answer[name] = {"ok": False, "told": traceback.format_exc() + "".join(escaped)}
        escaped.clear()
        answer[name]["s"] = round(time.monotonic() - start, 1)
        print(name, answer[name], file=sys.stderr, flush=True)
    return answer


try:
    ANSWER = main()
except BaseException:
    ANSWER = {"": {"ok": False, "told": traceback.format_exc()}}
print("ANSWER " + json.dumps(ANSWER, ensure_ascii=False), flush=True)
QApplication.processEvents()
os._exit(0)
