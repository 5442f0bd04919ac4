"""What a judged chunk adds to a dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .storing import Layout, Rows
from .tally import Tally


@dataclass(frozen=True)
class Part:
    """A judged chunk: its tables by name, its counts, and one digest per site of what went in and what came out."""

    tables: dict[str, pd.DataFrame]
    tally: Tally
    site_digests: NDArray[np.uint8]
    result_digests: NDArray[np.uint8]


@dataclass(frozen=True)
class RowsInFile:
    """Rows that another process wrote to a file: the columns that each table has there, by its name."""

    path: Path
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PackedPart:
    """A judged chunk as it is stored, little enough to pass from process to process.

    Attributes
    ----------
    layouts : mapping of str to tuple
        All columns of each table, by its name.
    counts : mapping of str to int
        How many rows each table has.
    rows : mapping of str to Rows, or RowsInFile
    digests : bytes
        Of each site what went in and what came out, and the box of its shape: what ends up in one file a kind.
    """

    layouts: Mapping[str, Layout]
    counts: Mapping[str, int]
    rows: Mapping[str, Rows] | RowsInFile
    tally: Tally
    digests: bytes
    boxes: bytes
