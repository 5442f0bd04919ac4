"""Where a load lies and what is in it; needs nothing but Python, so that every peer can read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "bench"
SEED, VERSION = 2026, 3
POLYGON_ROLES = (
    "red_line", "control_unit", "permanent_farmland", "protected_area", "water_source", "wetland", "geohazard_zone",
)  # fmt: skip
BANKS = "bank_line"
RIVER_CLASSES = ("mainstem", "tributary")
REACH_M = 5_000.0


@dataclass(frozen=True)
class Load:
    """A load on disk: one GeoPackage with a table per role, the layer set that names them, files of sites."""

    scale: float
    parent: Path = FOLDER

    @property
    def folder(self) -> Path:
        """Its folder; there only when the layers are whole."""
        return self.parent / f"load-{self.scale:g}-{SEED}-{VERSION}"

    @property
    def layers(self) -> Path:
        """All layers."""
        return self.folder / "layers.gpkg"

    @property
    def layer_set(self) -> Path:
        """The layer set that names them."""
        return self.folder / "layers.toml"

    def sites(self, n: int) -> Path:
        """The file of n sites."""
        return self.folder / f"sites-{n}.gpkg"
