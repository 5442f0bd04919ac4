"""Walks the whole path in the real window of QGIS, with the plugin installed from its zip, one picture per step.

python .ci/gui_shots.py build/gui-shots
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
WALK = ROOT / "tests" / "gui" / "walk.py"
KEY_STATES = 5
VARIANTS = {
    "zh": {"locale": "zh-Hans", "size": "1640x1010"},
    "en": {"locale": "en_US", "size": "1640x1010", "keys": True},
    "dark": {"locale": "zh-Hans", "size": "1640x1010", "keys": True, "theme": "Night Mapping"},
    "large": {"locale": "zh-Hans", "size": "2460x1520", "keys": True, "scale": "1.5"},
}
SETTINGS = """[PythonPlugins]
ecoredline=true
[locale]
overrideFlag=true
userLocale={locale}
[UI]
UITheme={theme}
[qgis]
showTips=false
newsFeed/disabled=true
"""


def plugin_zip() -> Path:
    """Return the zip that `make zip` wrote last."""
    found = sorted((ROOT / "build").glob("ecoredline-*.zip"), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit("No zip in build/: run `make zip` first.")
    return found[-1]


def walk(name: str, variant: dict[str, object], target: Path, home: Path) -> None:
    """Walk the path once, in a profile of its own."""
    place = home / "profiles" / "default"
    (place / "QGIS").mkdir(parents=True)
    theme = variant.get("theme", "default")
    text = SETTINGS.format(locale=variant["locale"], theme=theme)
    (place / "QGIS" / "QGIS3.ini").write_text(text, encoding="utf-8")
    with zipfile.ZipFile(plugin_zip()) as packed:
        packed.extractall(place / "python" / "plugins")
    environment = {name: value for name, value in os.environ.items() if name != "QGIS_PLUGINPATH"}
    site = next((ROOT / "build" / "venv" / "lib").glob("python3*/site-packages"))
    environment |= {
        "PYTHONPATH": f"{ROOT / '.ci' / 'guard'}:{site}",
        "ECOREDLINE_GUARD": str(ROOT / ".ci" / "guard"),
        "ECOREDLINE_SHOTS": str(target / name),
        "ECOREDLINE_KEYS": "1" if variant.get("keys") else "",
        "ECOREDLINE_HANDS": str(WALK.parent),
        "ECOREDLINE_OUTPUT": str(home / "output"),
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": str(variant.get("scale", "1")),
        "PYTHONNOUSERSITE": "1",
        "LC_ALL": "C.UTF-8",
    }
    command = ["xvfb-run", "-a", "-s", f"-screen 0 {variant['size']}x24", "qgis", "--nologo", "--noversioncheck"]
    command += ["--profiles-path", str(home), "--code", str(WALK)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    taken = [line for line in done.stdout.splitlines() if line.startswith("TAKEN ")]
    if done.returncode != 0 or not taken:
        sys.exit(f"{done.stdout[-3000:]}\n{done.stderr[-6000:]}\nThe walk {name} ended with {done.returncode}")
    pictures = sorted((target / name).glob("*.png"))
    if variant.get("keys") and len(pictures) < KEY_STATES:
        sys.exit(f"The walk {name} took {len(pictures)} pictures, fewer than {KEY_STATES}")
    print(f"{name}: {len(pictures)} pictures", flush=True)


def main(target: Path, wanted: list[str]) -> None:
    """Walk in every variant; the pictures of an earlier time go."""
    for name in wanted or list(VARIANTS):
        shutil.rmtree(target / name, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="ecoredline-window-") as home:
            walk(name, VARIANTS[name], target, Path(home))
    print(f"{target}: one folder per variant")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2:])
