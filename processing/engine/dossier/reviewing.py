"""人工复核意见: what a person makes of a computed verdict, written beside it into the dossier and never over it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from ....layers.errors import DossierError
from ....layers.texts import Text
from ..tables import REVIEWS
from ..words import Verdict
from .dossier import FILE, open_dossier, told
from .storing import write_table


def add_review(
    folder: Path | str, site_id: str, reviewed_verdict: str, reason: str, who: str, when: datetime | None = None
) -> pd.DataFrame:
    """Add a review of one site to a dossier; earlier ones stay, and the seal does not cover them.

    Parameters
    ----------
    folder : path-like
        The dossier.
    site_id : str
        The site.
    reviewed_verdict : str
        A value of `Verdict`; the same as the computed one where the person agrees.
    reason, who : str
        Both must be given.
    when : datetime, optional
        Now if not given; written to the second, in local time.

    Returns
    -------
    DataFrame
        `tables.REVIEWS` as it now stands in the dossier.

    Raises
    ------
    DossierError
        The dossier is not whole, has no such site, reason or name are empty, the verdict is none, or it cannot be
        written.
    """
    screening = open_dossier(folder)
    row = screening.verdicts[screening.verdicts["site_id"] == site_id]
    if not len(row):
        raise DossierError(
            Text(f"卷宗中没有地块 {site_id}", f"The dossier has no site {site_id}"),
            remedy=Text("请核对地块编号。", "Check the site's id."),
        )
    if reviewed_verdict not in set(Verdict):
        raise DossierError(
            Text(
                f"复核结论 {reviewed_verdict!r} 不是六种结论之一", f"{reviewed_verdict!r} is none of the six verdicts"
            ),
            remedy=Text("请从列表中选择。", "Choose one from the list."),
        )
    if not reason.strip() or not who.strip():
        raise DossierError(
            Text("复核意见缺少理由或复核人", "A review needs a reason and a name"),
            remedy=Text("请写明理由和复核人。", "Give both."),
        )
    moment = (when or datetime.now()).isoformat(sep=" ", timespec="seconds")
    added = {
        "site_id": site_id, "verdict": str(row["verdict"].iloc[0]), "reviewed_verdict": reviewed_verdict,
        "reason": reason.strip(), "who": who.strip(), "when": moment,
    }  # fmt: skip
    file = Path(folder) / FILE
    with told(Path(folder)):
        write_table(file, REVIEWS.name, REVIEWS.frame(pd.DataFrame([added])), append=_held(file))
    return open_dossier(folder).reviews


def _held(file: Path) -> bool:
    try:
        return REVIEWS.name in {str(name) for name, _ in pyogrio.list_layers(file)}
    except (DataSourceError, DataLayerError):
        return False
