"""Sites written back in the formats in which they come: 界址点 TXT, KML, shapefile, GeoPackage."""

from .door import FORMATS, write_sites

__all__ = ["FORMATS", "write_sites"]
