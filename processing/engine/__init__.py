"""Sites × layers → facts → findings → verdicts. No QGIS.

`kernel` holds compiled loops, `prepared` layers made ready, `facts` what lies where, `judging` what the law says of
it, `dossier` what a run leaves, `proof` how it is run again; each knows only those before it. `screen` and `session`
are the ways in. `restoration` and `occupancy` measure more than a verdict needs.

What stands behind each door is imported when the door is first used: facts as arrays need
neither pandas nor geopandas, which take longer to import than the facts of a site take.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .dossier.dossier import open_dossier, write_dossier
    from .dossier.screening import Screening
    from .facts.arrays import facts_of
    from .proof.verify import verify_seal
    from .screen import screen

__all__ = ["Screening", "facts_of", "open_dossier", "screen", "verify_seal", "write_dossier"]

_WHERE = {
    "Screening": "dossier.screening",
    "facts_of": "facts.arrays",
    "open_dossier": "dossier.dossier",
    "screen": "screen",
    "verify_seal": "proof.verify",
    "write_dossier": "dossier.dossier",
}


class _Doors(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name not in _WHERE:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f".{_WHERE[name]}", self.__name__), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        # Importing the module `screen` would hide the function that bears its name.
        hidden = isinstance(value, ModuleType) and name in _WHERE
        super().__setattr__(name, getattr(value, name) if hidden else value)


sys.modules[__name__].__class__ = _Doors
