"""One site in a process that knows nothing yet: facts as arrays, or `screen()`, on a prepared folder.

The process writes how many facts it found; its whole life is the measure, from outside.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Answer for one site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["arrays", "screen"])
    parser.add_argument("layer_set", type=Path)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("site", help="WKB in hexadecimal digits")
    options = parser.parse_args()
    site = bytes.fromhex(options.site)
    print(_arrays(site, options) if options.what == "arrays" else _screen(site, options))


def _arrays(site: bytes, options: argparse.Namespace) -> int:
    from ecoredline.processing.engine import facts_of

    return len(facts_of([site], options.layer_set, options.prepared))


def _screen(site: bytes, options: argparse.Namespace) -> int:
    import geopandas as gpd
    import shapely
    from ecoredline.processing.engine import screen

    frame = gpd.GeoDataFrame({"nature": ["新建"]}, geometry=[shapely.from_wkb(site)], crs=4490)
    return len(screen(frame, options.layer_set, prepared=options.prepared).facts)


if __name__ == "__main__":
    main()
