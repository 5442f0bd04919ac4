"""What metadata.txt says of the product: the single source of its version."""

from __future__ import annotations

from configparser import ConfigParser
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "metadata.txt"


@cache
def version() -> str:
    """Return the version of EcoRedline."""
    metadata = ConfigParser(interpolation=None)
    metadata.read(FILE, encoding="utf-8")
    return metadata["general"]["version"]
