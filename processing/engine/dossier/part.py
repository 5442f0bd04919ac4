"""What a judged chunk adds to a dossier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .tally import Tally


@dataclass(frozen=True)
class Part:
    """A judged chunk: its tables by name, its counts, and one digest per site of what went in and what came out."""

    tables: dict[str, pd.DataFrame]
    tally: Tally
    site_digests: NDArray[np.uint8]
    result_digests: NDArray[np.uint8]
