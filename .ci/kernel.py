"""Compiles the loops of processing/engine/kernel, for this machine or for every system of QGIS.

python .ci/kernel.py            beside its sources, for this machine
python .ci/kernel.py build      a folder per system, for whoever wants to put the file into an installed plugin
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

SOURCES = Path("processing/engine/kernel")
FLAGS = (
    "-std=c11", "-O3", "-ffp-contract=off", "-fno-fast-math", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror",
    "-g0", "-s", "-shared",
)  # fmt: skip
SYSTEMS = {
    "linux-x86_64": ("x86_64-linux-gnu.2.17", "ecoredline_kernel.so"),
    "linux-aarch64": ("aarch64-linux-gnu.2.17", "ecoredline_kernel.so"),
    "windows-x86_64": ("x86_64-windows-gnu", "ecoredline_kernel.dll"),
    "macos-aarch64": ("aarch64-macos", "ecoredline_kernel.dylib"),
    "macos-x86_64": ("x86_64-macos", "ecoredline_kernel.dylib"),
}


def compile_for(system: str, folder: Path) -> None:
    """Compile for a system; the file gets its name only once it is whole."""
    triple, name = SYSTEMS[system]
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"part-{name}"
    position = [] if "windows" in triple else ["-fPIC"]
    sources = sorted(map(str, SOURCES.glob("*.c")))
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", triple]
    subprocess.run([*compiler, *FLAGS, *position, "-o", str(part), *sources], check=True)
    part.replace(folder / name)
    print(folder / name)


def main(folder: str | None) -> None:
    """Compile what is asked for."""
    if folder is None:
        # A named system, not "native": the same instructions, so the same last digits, on every machine.
        compile_for(f"{platform.system().lower()}-{platform.machine()}", SOURCES)
        return
    for system in SYSTEMS:
        compile_for(system, Path(folder) / "kernels" / system)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
