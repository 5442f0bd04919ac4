"""A thousand random sites in every candidate system: the right one first, or the case unclear; never wrong and sure."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

import numpy as np
import pyproj
import pytest
import shapely
from ecoredline.layers.errors import SitesError
from ecoredline.layers.intake import forensics, offsets
from ecoredline.layers.intake.forensics import Evidence, Expected
from ecoredline.layers.intake.shapes import Header
from ecoredline.layers.sites import read, read_text

SITES = int(os.environ.get("ECOREDLINE_FORENSIC_SITES", "40"))  # make fuzz takes 1,000
RNG = np.random.default_rng(20261124)
WIDE = Expected()


def site() -> np.ndarray:
    """A ring of 4 to 12 corners, 50 to 800 m wide, somewhere in Chongqing; longitude, latitude."""
    centre = RNG.uniform((105.6, 28.5), (109.9, 31.9))
    angles = np.sort(RNG.uniform(0, 2 * np.pi, RNG.integers(4, 13)))
    radius = RNG.uniform(25, 400) * RNG.uniform(0.6, 1.0, len(angles))
    ring = centre + np.column_stack([np.cos(angles) * radius / 97_000, np.sin(angles) * radius / 111_000])
    return np.vstack([ring, ring[:1]])


@cache
def forward(code: str) -> pyproj.Transformer:
    crs = pyproj.CRS.from_user_input(code)
    return pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def sexagesimal(values: np.ndarray, packed: bool) -> np.ndarray:
    seconds = np.round(values * 3600, 2)
    degrees, rest = np.divmod(seconds, 3600)
    minutes, seconds = np.divmod(rest, 60)
    number = degrees * 1e4 + minutes * 100 + seconds
    return np.round(number, 2) if packed else np.round(number / 1e4, 6)


def written(lonlat: np.ndarray, word: str) -> np.ndarray:
    """The ring as somebody writes it in a system; old datums lie some 80 m off."""
    name, *suffixes = word.split("+")
    if name in ("GCJ-02", "BD-09"):
        shift = offsets.to_gcj02 if name == "GCJ-02" else offsets.to_bd09
        xy = np.round(np.column_stack(shift(lonlat[:, 0], lonlat[:, 1])), 7)
    elif name == "EPSG:4490":
        pack = next((s for s in suffixes if s != "yx"), "")
        xy = sexagesimal(lonlat, pack == "packed") if pack else np.round(lonlat, 8)
    else:
        old = pyproj.CRS(name).geodetic_crs.datum.name.startswith(("Xian", "Beijing"))
        moved = lonlat + np.array([0.0008, -0.0002]) * old
        xy = np.round(np.column_stack(forward(name).transform(moved[:, 0], moved[:, 1])), 3)
    return xy[:, ::-1] if "yx" in suffixes else xy


def words_for(lon: float) -> list[str]:
    """Every system that a surveyor could use there: the zone it lies in and its neighbours."""
    zone, six = int((lon + 1.5) // 3), int(lon // 6) + 1
    found = ["EPSG:4490", "EPSG:4490+dms", "EPSG:4490+packed", "GCJ-02", "BD-09", "EPSG:3857"]
    for z in (zone - 1, zone, zone + 1):
        if 34 <= z <= 38:
            found += [f"EPSG:{base + z}" for base in (4488, 4509, 2324, 2345, 2376, 2397)]
    found += [f"EPSG:{base + six}" for base in (4478, 2314, 21400)]
    return [*found, *(f"{word}+yx" for word in found if "+" not in word)]


def header_for(word: str, lon: float) -> Header:
    name = word.split("+")[0]
    if name in ("GCJ-02", "BD-09"):
        return Header({"GCJ-02": "gcj02", "BD-09": "bd09"}[name])
    crs = pyproj.CRS(name)
    datum = crs.geodetic_crs.datum.name
    kind = "xian80" if datum.startswith("Xian") else "beijing54" if datum.startswith("Beijing") else "cgcs2000"
    if not crs.is_projected or name == "EPSG:3857":
        return Header(kind)
    meridian = next(p.value for p in crs.coordinate_operation.params if p.name == "Longitude of natural origin")
    return Header(kind, meridian, 6 if "3-degree" not in crs.name else 3)


def same(found: str, word: str) -> bool:
    """A zone of 6 degrees without prefix is that of 3 degrees on the same meridian."""
    return set(found.split("+")) == set(word.split("+"))


def run(evidence_of, count: int) -> Counter:
    tally: Counter = Counter()
    for _ in range(count):
        ring = site()
        for word in words_for(float(ring[0, 0])):
            geometry = np.array([shapely.Polygon(written(ring, word))], dtype=object)
            evidence, expected = evidence_of(geometry, ring, word)
            found = forensics.candidates(evidence, expected)
            assert found, word
            assert any(same(one.system.word, word) for one in found), word
            sure = forensics.clear(found)
            first = same(found[0].system.word, word)
            tally["first"] += first
            tally["sure"] += sure is not None
            if sure is not None and not same(sure.system.word, word):
                tally["wrong and sure"] += 1
                tally[f"{word} taken for {sure.system.word}"] += 1
            tally["all"] += 1
    return tally


def test_without_a_word_about_the_datum_nothing_is_sure():
    tally = run(lambda geometry, ring, word: (Evidence(geometry), WIDE), SITES)
    assert tally["wrong and sure"] == 0, tally
    assert tally["sure"] == 0  # 2000, Xian 1980 and Beijing 1954 look alike, and so do degrees and shifted degrees


def test_a_header_makes_it_sure_and_right():
    tally = run(lambda geometry, ring, word: (Evidence(geometry, header_for(word, ring[0, 0])), WIDE), SITES)
    assert tally["wrong and sure"] == 0, tally
    assert tally["first"] > 0.97 * tally["all"]
    assert tally["sure"] > 0.4 * tally["all"]  # a zone far from the site is asked about whatever the header says


def test_a_neighbour_makes_it_sure_and_right():
    def evidence(geometry, ring, word):
        centre = ring[:-1].mean(axis=0)
        outside = shapely.Polygon(centre + 3 * (ring - centre), [ring])  # the plots around share its border
        return Evidence(geometry), Expected(WIDE.region, np.array([outside], dtype=object))

    tally = run(evidence, SITES // 2)
    assert tally["wrong and sure"] == 0, tally
    assert tally["sure"] > 0.1 * tally["all"]  # old datums stay open: they are off by 80 m whatever is chosen


def test_a_wrong_header_is_never_believed_against_the_coordinates():
    def evidence(geometry, ring, word):
        right = header_for(word, ring[0, 0])
        wrong = Header("cgcs2000", (right.meridian or 105.0) + 3.0, 3)
        return Evidence(geometry, wrong), WIDE

    prefixed = lambda word: 4512 < int(word[5:9]) < 4534 if word.startswith("EPSG:4") else False  # noqa: E731
    for _ in range(50):
        ring = site()
        for word in filter(prefixed, words_for(float(ring[0, 0]))):
            geometry = np.array([shapely.Polygon(written(ring, word))], dtype=object)
            found = forensics.candidates(*evidence(geometry, ring, word))
            assert forensics.clear(found) is None


def test_declared_areas_tell_degrees_typed_as_decimals():
    ring = np.array([(106.5004, 29.5004), (106.5032, 29.5004), (106.5032, 29.5041), (106.5004, 29.5004)])
    real = np.column_stack([np.round(ring, 4)])
    from ecoredline.layers.geodesy.area import polygon_areas

    as_decimal = polygon_areas(np.array([shapely.Polygon(real)], dtype=object))
    found = forensics.candidates(Evidence(np.array([shapely.Polygon(real)], dtype=object), area_m2=as_decimal))
    assert found[0].system.word == "EPSG:4490"
    packed = found[[one.system.word for one in found].index("EPSG:4490+dms")]
    assert packed.against
    assert "面积" in "".join(reason.zh for reason in packed.reasons)


def test_a_small_district_tells_the_zone_of_coordinates_without_prefix():
    ring = np.array([(106.48, 29.45), (106.49, 29.45), (106.49, 29.46), (106.48, 29.45)])
    geometry = np.array([shapely.Polygon(written(ring, "EPSG:4544"))], dtype=object)
    district = Expected(shapely.box(106.2, 29.3, 106.7, 29.7))
    header = Header("cgcs2000")
    wide = forensics.candidates(Evidence(geometry, header))
    assert forensics.clear(wide) is None  # 640 km east is Chongqing in zone 35 and in zone 36
    near = forensics.clear(forensics.candidates(Evidence(geometry, header), district))
    assert near is not None
    assert near.system.word == "EPSG:4544"


def test_the_table_gives_place_score_and_reasons():
    ring = np.array([(106.48, 29.45), (106.49, 29.45), (106.49, 29.46), (106.48, 29.45)])
    table = forensics.table(forensics.candidates(Evidence(np.array([shapely.Polygon(ring)], dtype=object))))
    assert table["crs"].tolist()[:3] == ["EPSG:4490", "GCJ-02", "BD-09"]
    assert table["shifted"].tolist()[:3] == [False, True, True]
    assert table["score"].is_monotonic_decreasing
    assert table["score"].sum() == pytest.approx(1.0, abs=1e-3)
    assert (table["reasons"].str.len() > 5).all()
    assert table.geometry[0].bounds == pytest.approx((106.48, 29.45, 106.49, 29.46))
    metres = table.geometry[0].centroid.distance(table.geometry[1].centroid) * 111_000
    assert 400 < metres < 600


# ---------------------------------------------------------------- through the door


def pasted(lonlat: np.ndarray, word: str) -> str:
    return "\n".join(f"{i},{x!r},{y!r}" for i, (x, y) in enumerate(written(lonlat, word).tolist(), 1))


@pytest.mark.parametrize(
    "word",
    ["EPSG:4490", "EPSG:4490+yx", "GCJ-02", "BD-09", "GCJ-02+yx", "EPSG:4524", "EPSG:4524+yx", "EPSG:4544", "EPSG:3857",
     "EPSG:4490+dms", "EPSG:4490+packed", "EPSG:4490+yx+dms"],
)  # fmt: skip
def test_the_word_of_a_candidate_brings_the_sites_to_their_place(word):
    ring = np.array([(106.48, 29.45), (106.492, 29.451), (106.491, 29.4613), (106.48, 29.45)])
    text = pasted(ring, word)
    asked = read_text(text)
    assert asked.sites.empty
    assert asked.diagnosis["problem"].tolist()[-1] == "no_crs"
    offered = asked.candidates["crs"].tolist()
    chosen = next(offer for offer in offered if same(offer, word))
    placed = read_text(text, crs=chosen).sites
    corners = shapely.get_coordinates(placed.geometry[0])
    assert all(np.abs(corners - corner).max(axis=1).min() < 2e-7 for corner in ring)  # 0.01″ of the packed ones
    note = placed["coordinate_note"][0]
    assert note == ("偏移坐标反算，不得作为界址依据" if word.startswith(("GCJ", "BD")) else None)


def test_degrees_that_lie_on_the_reference_only_when_shifted_back_are_asked_about():
    ring = np.array([(106.48, 29.45), (106.492, 29.451), (106.491, 29.4613), (106.483, 29.46), (106.48, 29.45)])
    reference = np.array([shapely.Polygon(ring)], dtype=object)
    gcj = shapely.Polygon(written(ring, "GCJ-02"))
    text = '{"type":"Feature","properties":{},"geometry":' + shapely.to_geojson(gcj) + "}"
    plain = read_text(text)
    assert "standard_crs" in plain.diagnosis["problem"].tolist()  # warned of even without evidence
    asked = read_text(text, expected=Expected(reference=reference))
    assert asked.sites.empty
    assert "suspected_shift" in asked.diagnosis["problem"].tolist()
    assert asked.candidates["crs"][0] == "GCJ-02"
    assert not read_text(text, crs="EPSG:4490", expected=Expected(reference=reference)).sites.empty


def test_old_datums_are_suspected_only_and_refused_without_the_users_shift():
    ring = np.array([(106.48, 29.45), (106.492, 29.451), (106.491, 29.4613), (106.48, 29.45)])
    text = pasted(ring, "EPSG:2360")
    with pytest.raises(SitesError, match="Xian 1980"):
        read_text(text, crs="EPSG:2360")
    reasons = read_text(text).candidates.set_index("crs")["reasons"]
    assert "疑似" in reasons["EPSG:2360"]


def test_a_chosen_system_that_is_none_is_said_and_how_to_write_one(tmp_path):
    path = northing_first(tmp_path)
    for word in ("EPSG:99999", "EPSG:99999+yx", "abc"):
        with pytest.raises(SitesError) as caught:
            read(path, word)
        told = str(caught.value.message) + str(caught.value.cause) + str(caught.value.remedy)
        assert word in told and "+yx" in told and "EPSG:4490" in told
        assert "[[layer]]" not in told and "proj" not in told.lower()


def test_a_chosen_system_with_its_columns_exchanged_names_the_spelling_that_works(tmp_path):
    path = northing_first(tmp_path)
    with pytest.raises(SitesError) as caught:
        read(path, "EPSG:4545")
    assert "EPSG:4545+yx" in caught.value.remedy.zh and "EPSG:4545+yx" in caught.value.remedy.en
    assert len(read(path, "EPSG:4545+yx").sites) == 1
    easting = tmp_path / "e.csv"
    easting.write_text("编号,X,Y\n1,400000,3264000\n1,400100,3264000\n1,400100,3264100\n", encoding="utf-8")
    with pytest.raises(SitesError) as caught:
        read(easting, "EPSG:4545+yx")
    assert caught.value.remedy.en.endswith("EPSG:4545.")
    assert len(read(easting, "EPSG:4545").sites) == 1


def northing_first(folder):
    path = folder / "n.csv"
    path.write_text("编号,X,Y\n1,3264000,400000\n1,3264000,400100\n1,3264100,400100\n", encoding="utf-8")
    return path
