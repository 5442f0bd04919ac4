"""Packs the tracked files of the plugin and the paper libraries as build/ecoredline-<version>.zip.

The same files give the same bytes.

python .ci/zip.py build
"""

from __future__ import annotations

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import vendor

NOT_PACKED = (".ci/", ".gitignore", "Makefile", "docs/", "pyproject.toml", "tests/")
SOURCES = (".c", ".h")  # of the compiled loops, which QGIS's repository of plugins admits in no form
REQUIRED = (
    "name", "description", "about", "version", "qgisMinimumVersion", "qgisMaximumVersion", "author", "email",
    "repository", "tracker", "homepage", "icon", "supportsQt6", "hasProcessingProvider",
)  # fmt: skip
EPOCH = (1980, 1, 1, 0, 0, 0)


def metadata(path: Path) -> configparser.SectionProxy:
    """Return the section of metadata.txt that QGIS reads, complete and without a bare ``%``."""
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    general = parser["general"]
    missing = [name for name in REQUIRED if not general.get(name, "").strip()]
    if missing:
        sys.exit(f"metadata.txt lacks {', '.join(missing)}")
    if not Path(general["icon"]).is_file():
        sys.exit(f"metadata.txt names an icon that is not there: {general['icon']}")
    return general


def main(folder: Path) -> None:
    """Write the zip."""
    version = metadata(Path("metadata.txt"))["version"]
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    names = [name for name in listed if name and not name.startswith(NOT_PACKED) and not name.endswith(SOURCES)]
    files = {name: Path(name).read_bytes() for name in names if Path(name).is_file()}
    files |= dict(vendor.packed(folder / "vendor"))
    target = folder / f"ecoredline-{version}.zip"
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(f"ecoredline/{name}", EPOCH), data, zipfile.ZIP_DEFLATED)
    part.replace(target)
    print(f"{target}: {len(files)} files, {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
