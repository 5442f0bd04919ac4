"""The pure Python libraries packed with the zip: found after everything that the system has."""

from __future__ import annotations

import sys
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "processing" / "report" / "vendor"


def open_vendor() -> None:
    """Let Python find the packed copies where the system has none; does nothing in a checkout, which holds none."""
    folder = str(VENDOR)
    if VENDOR.is_dir() and folder not in sys.path:
        sys.path.append(folder)


def close_vendor() -> None:
    """Take the folder out of Python's path again."""
    while str(VENDOR) in sys.path:
        sys.path.remove(str(VENDOR))
