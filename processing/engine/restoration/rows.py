"""The table of indicators while it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....layers.texts import Text
from .classes import Scheme
from .coverage import Floats
from .sums import Shares, Sums, ratio
from .tables import INDICATORS


@dataclass
class Rows:
    """Rows by indicator, one per area each.

    Parameters
    ----------
    site_ids : ndarray of str, shape (n,)
    """

    site_ids: NDArray[np.object_]
    notes: list[Text] = field(default_factory=list)
    _frames: list[pd.DataFrame] = field(default_factory=list)

    @property
    def n(self) -> int:
        """The number of areas."""
        return len(self.site_ids)

    def put(
        self, indicator: str, value: Floats, covered: Floats, unit: str = "", day: str = "", only: Floats | None = None
    ) -> None:
        """Add an indicator; with `only`, for the areas where it is above 0."""
        frame = pd.DataFrame(
            {
                "site_id": self.site_ids,
                "indicator": indicator,
                "date": day,
                "value": np.asarray(value, dtype=np.float64),
                "unit": unit,
                "covered_share": np.clip(np.nan_to_num(covered), 0.0, 1.0),
            }
        )
        self._frames.append(frame if only is None else frame[only > 0.0])

    def put_mean(self, indicator: str, sums: Sums, size: Floats, unit: str = "", day: str = "") -> None:
        """Add a mean."""
        self.put(indicator, sums.mean, ratio(sums.weight, size), unit, day)

    def put_shares(self, scheme: Scheme, shares: Shares, size: Floats, day: str = "") -> None:
        """Add the share of every class."""
        covered = ratio(shares.weight, size)
        for kind in range(len(scheme.names)):
            self.put(scheme.indicator(kind), shares.share(kind), covered, "", day)

    def note(self, texts: Sequence[Text]) -> None:
        """Remember what was assumed, once."""
        self.notes += [text for text in dict.fromkeys(texts) if text not in self.notes]

    def table(self) -> pd.DataFrame:
        """Return all rows, by site in the order given, then by indicator as they were added."""
        frames = [frame for frame in self._frames if len(frame)]
        if not frames:
            return INDICATORS.empty()
        out = pd.concat(frames, ignore_index=True)
        place = {site_id: i for i, site_id in enumerate(self.site_ids)}
        out = out.iloc[np.argsort(out["site_id"].map(place).to_numpy(), kind="stable")]
        return INDICATORS.frame(out.reset_index(drop=True))
