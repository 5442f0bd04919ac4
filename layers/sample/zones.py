"""What authorities have drawn upon the land: reserve, water source, parks, farmland, river range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from shapely.affinity import rotate, translate

from .land import Land
from .outline import Points, noise_field, pieces, raised, ripple, wobble
from .partition import Areas, rings
from .units import Division, divide

FARMLAND_SHARE = 0.10
# Land beyond the bank, and the reach up and down the river from the intake, m: first, second and quasi zone.
WATER_ZONES = ((60.0, 1000.0, 100.0), (330.0, 2800.0, 260.0), (640.0, 4600.0, 420.0))
INTAKE = (2350.0, -1650.0)
BROOK_RANGE_M = 68.0


@dataclass(frozen=True)
class Zones:
    """All areas of the district, in the plane, m; nested ones as rings, innermost first."""

    division: Division
    water_source: list[shapely.Geometry]
    reserve: list[shapely.Geometry]
    nature_park: shapely.Geometry
    chemical_park: shapely.Geometry
    parks: list[shapely.Geometry]
    farmland: Areas
    farmland_sketch: Areas
    mgmt_range: list[shapely.Geometry]
    brook_range: tuple[shapely.LineString, shapely.LineString]


def draw(rng: np.random.Generator, land: Land) -> Zones:
    """Return everything that is drawn upon the land."""
    reserve = [blob(rng, land.scale * np.array((-3900.0, 3050.0)), r) for r in ((560.0, 900.0), (1050.0, 1560.0))]
    nature_park = blob(rng, land.scale * np.array((3350.0, -3950.0)), (860.0, 1150.0))
    source = _water_source(rng, land)
    division = divide(rng, land, reserve[-1], nature_park, source[0])
    source = rings(source, division.district)
    chemical, parks = _parks(rng, land, division)
    kept = [land.red.buffer(170.0), land.water.buffer(70.0), source[0], *(park.buffer(60.0) for park in parks)]
    open_land = shapely.union_all([division.units[k] for k in ("K1", "K2", "K3", "K4")]).difference(
        shapely.union_all(kept)
    )
    farmland = _farmland(rng, open_land, division.district.area)
    sketched = shapely.contains_properly(division.units["K4"], farmland)
    return Zones(
        division,
        source,
        rings(reserve, division.district),
        rings([nature_park], division.district)[0],
        chemical,
        parks,
        farmland[~sketched],
        farmland[sketched],
        _mgmt_range(land, division.district),
        _brook_range(rng, land),
    )


def blob(rng: np.random.Generator, centre: Points, radii: tuple[float, float]) -> shapely.Polygon:
    """Return a grown area about a centre with radii along x and y, m."""
    turn = np.linspace(0.0, 2 * np.pi, 150, endpoint=False)
    ring = np.column_stack((np.cos(turn) * radii[0], np.sin(turn) * radii[1])) + centre
    return shapely.Polygon(wobble(ring, 0.11 * min(radii), rng, (2, 45), closed=True))


def block(rng: np.random.Generator, centre: shapely.Point, size: tuple[float, float], angle: float) -> shapely.Polygon:
    """Return a planned estate: a rectangle (m) turned by degrees, with cut corners and sides slightly bent."""
    box = shapely.box(-size[0] / 2, -size[1] / 2, size[0] / 2, size[1] / 2).buffer(-70.0).buffer(70.0, quad_segs=2)
    ring = np.asarray(shapely.segmentize(box, 45.0).exterior.coords)[:-1]
    bent = shapely.Polygon(wobble(ring, 6.0, rng, (3, 18), closed=True))
    return translate(rotate(bent, angle, origin=(0, 0)), centre.x, centre.y)


def _water_source(rng: np.random.Generator, land: Land) -> list[shapely.Geometry]:
    """Return three nested zones about an intake on the left bank."""
    stream = land.streams["mainstem"]
    station = stream.axis.project(shapely.Point(land.scale * np.array(INTAKE)))
    zones: list[shapely.Geometry] = []
    for width, up, down in WATER_ZONES:
        stretch = shapely.ops.substring(stream.axis, station - up, station + down)
        reach = stretch.buffer(2 * stream.river.half_width, cap_style="flat").intersection(stream.water)
        bank = shapely.ops.substring(
            stream.left,
            stream.left.project(shapely.Point(stretch.coords[0])),
            stream.left.project(shapely.Point(stretch.coords[-1])),
        )
        strip = bank.buffer(width, cap_style="flat", quad_segs=4)
        if not zones:
            reach = reach.intersection(bank.buffer(stream.river.half_width * 0.9))
        zone = max(shapely.get_parts(shapely.union_all([reach, strip, *zones])), key=shapely.area)
        smooth = shapely.Polygon(zone.exterior) if len(zones) == 0 else zone.buffer(90.0).buffer(-150.0).buffer(60.0)
        zones.append(shapely.Polygon(max(shapely.get_parts(smooth), key=shapely.area).exterior).simplify(1.0))
    rough = [zones[0]]
    for zone in zones[1:]:
        ring = np.asarray(shapely.segmentize(zone, 50.0).exterior.coords)[:-1]
        bent = shapely.Polygon(wobble(ring, 9.0, rng, (20, 160), closed=True)).buffer(0)
        rough.append(shapely.Polygon(max(shapely.get_parts(bent.union(rough[-1])), key=shapely.area).exterior))
    return rough


def _parks(rng: np.random.Generator, land: Land, division: Division) -> tuple[shapely.Polygon, list[shapely.Polygon]]:
    """Return the chemical park, more than 1 km from every bank, and the two estates that hold it and others."""
    clear = division.units["K2"].difference(land.water.buffer(1080.0))
    centre = _pole(clear)
    chemical = block(rng, centre, (900.0, 640.0), 24.0)
    estate = shapely.union_all(
        [chemical, block(rng, shapely.Point(centre.x + 620.0, centre.y - 330.0), (780.0, 560.0), 24.0)]
    )
    town = block(rng, _pole(division.units["K1"].difference(land.water.buffer(700.0))), (1200.0, 820.0), -17.0)
    return chemical, [estate, town]


def _pole(region: shapely.Geometry) -> shapely.Point:
    """Return the point of a region farthest from its border."""
    return shapely.Point(shapely.maximum_inscribed_circle(region, tolerance=5.0).coords[0])


def _farmland(rng: np.random.Generator, region: shapely.Geometry, district_m2: float) -> Areas:
    """Return parcels between field lanes on the flatter land, of the wanted share of the district."""
    west, south, east, north = region.bounds
    x, y = np.arange(west - 130, east + 130, 65.0), np.arange(south - 130, north + 130, 65.0)
    xy = np.column_stack([g.ravel() for g in np.meshgrid(x, y)])
    height = noise_field(rng, (2600.0, 240.0), 0.8)(xy).reshape(len(y), len(x))
    height[[0, -1], :] = height[:, [0, -1]] = -9.0
    # The share of a surface of unit spread above 1.0 is a sixth; the search only corrects it.
    low, high = 0.0, 2.5
    for _ in range(12):
        level = (low + high) / 2
        fields = shapely.intersection(raised(x, y, height, level), region)
        low, high = (level, high) if fields.area > FARMLAND_SHARE * district_m2 else (low, level)
    parcels = shapely.get_parts(pieces(shapely.difference(fields, _lanes(rng, region)), 3000.0))
    out: Areas = parcels[shapely.get_type_id(parcels) == 3]
    return out


def _lanes(rng: np.random.Generator, region: shapely.Geometry) -> shapely.Geometry:
    """Return a net of lanes 8 m wide over a region."""
    west, south, east, north = region.bounds
    reach = np.arange(-9000.0, 9001.0, 60.0)
    lanes = []
    for angle, spacing in ((31.0, 430.0), (118.0, 560.0)):
        turn = np.radians(angle)
        along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        for offset in np.arange(-8500.0, 8501.0, spacing):
            bend = 55.0 * ripple(rng, len(reach), (6, 60))
            lanes.append(shapely.LineString(np.outer(reach, along) + np.outer(offset + bend, across)))
    clipped = shapely.clip_by_rect(shapely.union_all(lanes), west, south, east, north)
    return shapely.buffer(clipped, 4.0, cap_style="flat", quad_segs=1)


def _mgmt_range(land: Land, district: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the range of each river: its water and a strip along the banks."""
    return [
        shapely.intersection(
            stream.water.buffer(75.0 if stream.river.half_width > 50.0 else 25.0, quad_segs=3), district
        )
        for stream in land.streams.values()
    ]


def _brook_range(rng: np.random.Generator, land: Land) -> tuple[shapely.LineString, shapely.LineString]:
    """Return the lines of the management range of the northern brook, left and right, behind the water's edge."""
    stream = land.streams["north_brook"]
    mouth = land.streams["mainstem"].water
    out = []
    for bank, side in ((stream.left, 1.0), (stream.right, -1.0)):
        moved = shapely.offset_curve(bank.simplify(4.0), side * BROOK_RANGE_M, quad_segs=4, join_style="round")
        moved = max(shapely.get_parts(moved), key=shapely.length)
        points = np.asarray(shapely.segmentize(moved, 60.0).coords)
        rough = shapely.LineString(wobble(points, 3.0, rng, (8, 60)))
        out.append(max(shapely.get_parts(shapely.difference(rough, mouth)), key=shapely.length))
    return out[0], out[1]
