"""Sites × layers → facts → findings → verdicts. No QGIS."""

from .dossier import open_dossier, write_dossier
from .proof.verify import verify_seal
from .screen import screen
from .screening import Screening

__all__ = ["Screening", "open_dossier", "screen", "verify_seal", "write_dossier"]
