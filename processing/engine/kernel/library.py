"""Finds and loads the compiled loops; whoever calls them must do without where there are none."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path

VERSION = 5
SWITCH = "ECOREDLINE_KERNEL"  # "off" does without
NAMES = {"win32": "ecoredline_kernel.dll", "darwin": "ecoredline_kernel.dylib"}


def file_name(platform: str = sys.platform) -> str:
    """Return the name of the compiled file on a platform of Python."""
    return NAMES.get(platform, "ecoredline_kernel.so")


@cache
def kernel() -> ctypes.CDLL | None:
    """Return the compiled loops, None where the file is missing, of another version or machine, or switched off."""
    path = Path(__file__).with_name(file_name())
    if os.environ.get(SWITCH, "").lower() == "off" or not path.is_file():
        return None
    try:
        library = ctypes.CDLL(str(path))
        library.kernel_version.restype = ctypes.c_int32
        return library if library.kernel_version() == VERSION else None
    except (OSError, AttributeError):
        return None


def described() -> str:
    """Return what a seal tells beside its number: the version of the loops in use, or that GEOS did it all."""
    return f"compiled {VERSION}" if kernel() else "none"
