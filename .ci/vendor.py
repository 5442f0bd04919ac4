"""The paper libraries that the zip brings along: pinned, fetched by pip, checked by hash, pure Python only."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

PINS = Path(".ci/setup/vendor.txt")
LICENCES = Path(".ci/licences")  # texts that a wheel names and does not hold
FOLDER = "processing/report/vendor"
COMPILED = (".so", ".pyd", ".dll", ".dylib", ".c", ".pyi")
UNUSED = ("docx/templates/default-docx-template/",)  # the source of default.docx, which is what is read
RECORDS = ("RECORD", "WHEEL", "top_level.txt", "INSTALLER")
# One wheel for everybody, whatever machine packs: of markupsafe only the Python files are taken.
PLATFORM = (
    "--platform",
    "manylinux2014_x86_64",
    "--python-version",
    "3.11",
    "--implementation",
    "cp",
    "--abi",
    "cp311",
)


def wheels(cache: Path) -> list[Path]:
    """Return the pinned wheels, fetched where the cache does not hold them."""
    wanted = set(re.findall(r"sha256:([0-9a-f]{64})", PINS.read_text(encoding="utf-8")))
    cache.mkdir(parents=True, exist_ok=True)
    if wanted != set(_held(cache, wanted)):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        options = ["--only-binary=:all:", "--require-hashes", *PLATFORM, "--dest", str(cache), "-r", str(PINS)]
        subprocess.run([*pip, *options], check=True)
    held = _held(cache, wanted)
    if wanted != set(held):
        sys.exit(f"{PINS}: not every wheel could be had 未能取得全部软件包")
    return sorted(held.values())


def _held(cache: Path, wanted: set[str]) -> dict[str, Path]:
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in cache.glob("*.whl")}
    return {digest: path for digest, path in files.items() if digest in wanted}


def packed(cache: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name inside the package and bytes of every file of the libraries, and the list of their licences."""
    rows = []
    for path in wheels(cache):
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if _runs(name)]
            about = next(name for name in names if name.endswith(".dist-info/METADATA"))
            metadata = Parser().parsestr(wheel.read(about).decode("utf-8"))
            files = {name: wheel.read(name) for name in names}
        files |= _licence_text(about, metadata, files)
        rows.append(_row(metadata, files))
        for name, data in sorted(files.items()):
            yield f"{FOLDER}/{name}", data
    head = "Packed with EcoRedline, used only where the system has none. 随插件附带，系统已有时不使用。\n\n"
    yield f"{FOLDER}/LICENCES.txt", (head + "\n".join(rows) + "\n").encode("utf-8")


def _runs(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    if not last or name.endswith(COMPILED) or name.startswith(UNUSED):
        return False
    return not (".dist-info/" in name and last in RECORDS)


def _licence_text(about: str, metadata: Message, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the text of the licence where the wheel names one and does not hold it."""
    if any("licen" in name.lower() for name in files):
        return {}
    text = LICENCES / f"{_licence(metadata).removesuffix('-only')}.txt"
    if not text.is_file():
        sys.exit(f"{metadata['Name']}: no text of its licence ({text}) 缺少许可证文本")
    return {about.replace("METADATA", "LICENSE"): text.read_bytes()}


def _licence(metadata: Message) -> str:
    named = metadata.get("License-Expression") or metadata.get("License")
    if named:
        return str(named).splitlines()[0]
    kinds = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return kinds[0].rsplit(":: ", 1)[-1] if kinds else "?"


def _row(metadata: Message, files: dict[str, bytes]) -> str:
    licence = _licence(metadata)
    if licence == "?":
        sys.exit(f"{metadata['Name']}: names no licence 未注明许可证")
    texts = ", ".join(sorted(name for name in files if "licen" in name.lower()))
    return f"{metadata['Name']} {metadata['Version']}: {licence} ({texts})"
