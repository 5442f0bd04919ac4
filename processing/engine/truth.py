"""The three truth values of predicates, ordered: the least of several is their "and", the greatest their "or"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)
Truth = NDArray[np.int8]
