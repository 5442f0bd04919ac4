"""The parsers of texts under fire: sites, a question or a SitesError, never anything else.

`make fuzz` sets ECOREDLINE_FUZZ_SECONDS; without it a short run.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
import warnings

import pytest
from ecoredline.layers.errors import SitesError
from ecoredline.layers.intake import boundary_txt, csv_table, formats, geojson, kml, wkt
from ecoredline.layers.intake.angles import angle_of, pair_of
from ecoredline.layers.intake.plain_text import decode
from ecoredline.layers.sites import read_text

SECONDS = float(os.environ.get("ECOREDLINE_FUZZ_SECONDS", "4"))
SEED = int(os.environ.get("ECOREDLINE_FUZZ_SEED", str(time.time_ns() % 2**32)))
TXT = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=36\n精度=0.001\n[地块坐标]\n4,4.0,A,甲,面,,工业,0601,@\n"
    "J1,1,3265600.000,36354500.000\nJ2,1,3265600.000,36354700.000\nJ3,1,3265400.000,36354700.000\n"
    "J4,2,3265550.0,36354550.0\nJ5,2,3265550.0,36354600.0\nJ6,2,3265500.0,36354600.0\n"
)
CSV = "地块编号,点号,圈号,经度,纬度,备注\n"
CSV += "甲,1,1,106.5,29.5,x\n甲,2,1,106.51,29.5,\n甲,3,1,106.51,29.52,=1\n乙,1,1,107,30,\n"
DMS = "104度46分4.592秒, 29度14分11.494秒\n东经104°46′9″，北纬29°14′11.494″\nE104:46:9 N29:14:17.494\n"
WKT = "SRID=4490;POLYGON ((106.5 29.5, 106.51 29.5, 106.51 29.512, 106.5 29.5))\nMULTIPOINT ((106 29), (107 30))"
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
    "<name>甲</name><Polygon><outerBoundaryIs><LinearRing><coordinates>106.49,29.4 106.5,29.4 106.5,29.41 106.49,29.4"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)
JSON = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":[[[106.5,29.5],[106.51,29.5],[106.51,29.51],[106.5,29.5]]]}}]}'  # noqa: E501
WORDS = (
    ",  ,,  @  J1  1e308  -1e308  nan  inf  1e-320  °  ′  ″  度  分  秒  E  N  0  -  =  ；  ，  "
    "((((  ))))  [  ]  "
    "{  }  <  >  &  36354500.0  3265600.0  106.5  29.5  104°61′  点号  经度  纬度  X  Y  面  线  点  \"  '  \\  "
    "中央子午线=108  带号=99  POLYGON((  EMPTY  ²  ١  "
)
SPICE = [*WORDS.split("  "), "\n", "\n\n", "\t", "\0", "\ufeff", "\u2028", "9" * 400, "9" * 5000, "\U0001f600"]
SEEDS = {
    "txt": (TXT, boundary_txt.parse),
    "csv": (CSV, csv_table.parse),
    "dms": (DMS, csv_table.parse),
    "wkt": (WKT, wkt.parse),
    "kml": (KML, lambda text, where: kml.parse(text.encode("utf-8", "replace"), where)),
    "geojson": (JSON, geojson.parse),
    "any": (TXT + CSV + DMS, lambda text, where: formats.parse_text(text, where)),
    "door": (CSV, lambda text, where: read_text(text)),
    "placed": (DMS, lambda text, where: read_text(text, crs="EPSG:4490")),
}


def spoiled(text: str, chance: random.Random) -> str:
    """A text with some pieces lost, doubled, moved, or spiced."""
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(text) + 1), chance.randint(0, 12)
        what = chance.randrange(5)
        if what == 0:
            text = text[:at] + text[at + length :]
        elif what == 1:
            text = text[:at] + chance.choice(SPICE) + text[at:]
        elif what == 2:
            text = text[:at] + chance.choice(SPICE) + text[at + length :]
        elif what == 3:
            text = text[:at] + text[at : at + length] * chance.randint(2, 20) + text[at + length :]
        else:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
    return text


@pytest.mark.parametrize("name", SEEDS)
def test_no_unexpected_exception(name):
    text, parse = SEEDS[name]
    chance = random.Random(f"{SEED}{name}")
    end = time.monotonic() + SECONDS / len(SEEDS)
    runs = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while time.monotonic() < end:
            given = spoiled(text, chance)
            try:
                parse(given, "x")
            except SitesError:
                pass
            except Exception as error:
                raise AssertionError(f"seed {SEED}, run {runs}: {given!r}") from error
            runs += 1
    assert runs > 20


def test_bytes_and_angles_of_any_kind():
    chance = random.Random(f"{SEED}bytes")
    end = time.monotonic() + SECONDS / len(SEEDS)
    while time.monotonic() < end:
        data = bytearray(TXT.encode(chance.choice(["utf-8", "gbk", "utf-16", "utf-16-be", "utf-32"])))
        for _ in range(chance.randint(0, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(SitesError):
            decode(bytes(data), "x")
        for read in (angle_of, pair_of):
            with contextlib.suppress(ValueError):
                read(spoiled(DMS, chance)[: chance.randint(0, 60)])
