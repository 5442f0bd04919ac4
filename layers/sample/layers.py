"""The layers of the district as the offices would hand them over: names, codes and columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from . import plan
from .geographic import CRS, to_degrees
from .land import Land
from .zones import Zones, blob

UNIT_NAMES = {
    "P1": "西山北段（虚构）优先保护单元",
    "P2": "西山南段（虚构）优先保护单元",
    "P3": "虚江饮用水源及干流（虚构）优先保护单元",
    "P4": "东丘及中丘（虚构）优先保护单元",
    "K1": "北城片区（虚构）重点管控单元",
    "K2": "中坝片区（虚构）重点管控单元",
    "K3": "南坪片区（虚构）重点管控单元",
    "K4": "东岸片区（虚构）重点管控单元",
}
CLASS_WORDS = {"mainstem": "干流", "major_tributary": "重要支流", "tributary": "支流"}
_DAY = date(2024, 3, 19)


def unit_code(key: str) -> str:
    """Return the code of a unit: ZH, county, class, serial."""
    return f"ZH{plan.COUNTY}{1 if key.startswith('P') else 2}{int(key[1]):04d}"


@dataclass(frozen=True)
class SampleLayer:
    """One layer to be written, with what the layer set says about it."""

    name: str
    role: str
    frame: gpd.GeoDataFrame
    accuracy_m: float
    authority: str = "derived"
    crs: str = CRS
    vintage: date = _DAY
    fields: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


def build(rng: np.random.Generator, land: Land, zones: Zones) -> list[SampleLayer]:
    """Return every layer of the district in EPSG:4490; the writer brings some into a projected system."""
    return [
        *_outlines(rng, zones),
        *_red_lines(zones),
        *_units(zones),
        *_waters(land, zones),
        *_protected(zones),
        *_uses(zones),
    ]


def _frame(geometries: object, **columns: Sequence[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=to_degrees(list(geometries)), crs=CRS)  # type: ignore[call-overload]


def _outlines(rng: np.random.Generator, zones: Zones) -> list[SampleLayer]:
    division = zones.division
    district = _frame(
        [division.district, division.neighbour],
        XZQDM=[plan.COUNTY, plan.NEIGHBOUR],
        XZQMC=[plan.COUNTY_NAME, plan.NEIGHBOUR_NAME],
    )
    basin = blob(rng, np.array((0.0, 0.0)), (26_000.0, 30_000.0))
    return [
        SampleLayer("XZQ", "district", district, 2.0, "statutory"),
        # Packs find the basin by its name, so the word 虚构 stands in the remark.
        SampleLayer("LY", "basin", _frame([basin], LYBM=["CJ"], LYMC=["长江流域"], REMARK=["虚构范围"]), 100.0),
    ]


def _red_lines(zones: Zones) -> list[SampleLayer]:
    names = {
        "P1": "西山北段（虚构）水源涵养",
        "P2": "西山南段（虚构）水土保持",
        "P4": "东丘及中丘（虚构）生物多样性维护",
    }
    parts, titles = [], []
    for key, area in zones.division.red.items():
        pieces = sorted(shapely.get_parts(area), key=lambda part: -part.area)
        parts += pieces
        titles += [f"{names[key]}红线{n}" for n in range(1, len(pieces) + 1)]
    codes = [f"HX{plan.COUNTY}{n:03d}" for n in range(1, len(parts) + 1)]
    beyond = list(shapely.get_parts(zones.division.red_neighbour))
    other = _frame(
        beyond,
        HXBM=[f"HX{plan.NEIGHBOUR}{n:03d}" for n in range(1, len(beyond) + 1)],
        HXMC=[f"邻区西山（虚构）红线{n}" for n in range(1, len(beyond) + 1)],
        HXLX=["水源涵养"] * len(beyond),
    )
    own = _frame(parts, HXBM=codes, HXMC=titles, HXLX=[t.split("）")[1].split("红线")[0] for t in titles])
    return [
        SampleLayer("STBHHX", "red_line", own, 5.0, "statutory"),
        SampleLayer("STBHHX_LQ", "red_line", other, 10.0, "derived", crs="EPSG:4523"),
    ]


def _units(zones: Zones) -> list[SampleLayer]:
    units = zones.division.units
    frame = _frame(
        units.values(),
        HJZHGKDYBM=[unit_code(key) for key in units],
        HJZHGKDYMC=[UNIT_NAMES[key] for key in units],
        PROV=["虚构市"] * 8,
        AREA=[plan.COUNTY_NAME] * 8,
        ZHGKDYFL=["1" if key.startswith("P") else "2" for key in units],
        REMARK=["虚构"] * 8,
    )
    air = shapely.union_all([units["K1"], units["K2"]])
    elements = _frame(
        [shapely.union_all(list(zones.division.red.values())), units["K3"], air],
        YSGKFQBM=[f"YS{plan.COUNTY}1110001", f"YS{plan.COUNTY}2230001", f"YS{plan.COUNTY}2340001"],
        YSGKFQMC=["虚构生态保护红线分区", "虚构水环境农业污染重点管控区", "虚构大气环境受体敏感重点管控区"],
        HJYS=["生态", "水", "大气"],
    )
    return [
        SampleLayer("ZHGKDY", "control_unit", frame, 5.0, "statutory"),
        SampleLayer("YSGKFQ", "element_zone", elements, 10.0),
    ]


def _waters(land: Land, zones: Zones) -> list[SampleLayer]:
    streams = list(land.streams.values())
    banks = _frame(
        [line for s in streams for line in (s.left, s.right)],
        AXBM=[f"AX{plan.COUNTY}{n:03d}" for n in range(1, 2 * len(streams) + 1)],
        AXMC=[f"{s.river.name}{side}临水线" for s in streams for side in ("左岸", "右岸")],
        HLMC=[s.river.name for s in streams for _ in "lr"],
        HLLB=[CLASS_WORDS[s.river.river_class] for s in streams for _ in "lr"],
        AB=[side for _ in streams for side in ("左岸", "右岸")],
    )
    brook = land.streams["north_brook"].river
    ranges = _frame(
        zones.brook_range,
        AXBM=[f"GL{plan.COUNTY}001", f"GL{plan.COUNTY}002"],
        AXMC=[f"{brook.name}{side}管理范围线" for side in ("左岸", "右岸")],
        HLMC=[brook.name] * 2,
        HLLB=["支流"] * 2,
        AXDY=["河道管理范围线"] * 2,
        AB=["左岸", "右岸"],
    )
    kept = [(s, area) for s, area in zip(streams, zones.mgmt_range, strict=True) if not area.is_empty]
    management = _frame(
        [area for _, area in kept],
        HDBM=[f"HD{plan.COUNTY}{n:03d}" for n in range(1, len(kept) + 1)],
        HDMC=[f"{s.river.name}河道管理范围" for s, _ in kept],
        HLMC=[s.river.name for s, _ in kept],
    )
    levels = ("一级保护区", "二级保护区", "准保护区")
    source = _frame(
        zones.water_source,
        SYDBM=[f"SY{plan.COUNTY}00{n}" for n in (1, 2, 3)],
        SYDMC=[f"虚构水厂水源地{level}" for level in levels],
        BHQJB=list(levels),
    )
    return [
        SampleLayer("bank_line", "bank_line", banks, 4.0, values={"bank_def": "临水线"}),
        SampleLayer("bank_range", "bank_line", ranges, 4.0, fields={"bank_def": "AXDY", "river": "HLMC", "side": "AB"}),
        SampleLayer("HDGLFW", "river_mgmt_range", management, 5.0),
        SampleLayer("YYSSYBHQ", "water_source", source, 5.0, "statutory"),
    ]


def _protected(zones: Zones) -> list[SampleLayer]:
    frame = _frame(
        [*zones.reserve, zones.nature_park],
        BHDBM=[f"BHD{plan.COUNTY}00{n}" for n in (1, 2, 3)],
        BHDMC=["虚构西山自然保护区核心保护区", "虚构西山自然保护区一般控制区", "虚构东丘森林公园"],
        BHDLX=["自然保护区", "自然保护区", "森林公园"],
        BHDJB=["省级", "省级", "省级"],
        GNFQ=["核心保护区", "一般控制区", "一般控制区"],
    )
    return [SampleLayer("ZRBHD", "protected_area", frame, 5.0, "statutory", vintage=date(2026, 4, 10))]


def _uses(zones: Zones) -> list[SampleLayer]:
    fields, sketch = list(zones.farmland), list(zones.farmland_sketch)
    farmland = _frame(
        fields,
        TBBH=[f"{plan.COUNTY}{n:05d}" for n in range(1, len(fields) + 1)],
        YJJBNTMC=[f"虚构永久基本农田{n}号图斑" for n in range(1, len(fields) + 1)],
    )
    sketched = _frame(
        sketch,
        TBBH=[f"SY{plan.COUNTY}{n:05d}" for n in range(1, len(sketch) + 1)],
        YJJBNTMC=[f"虚构永久基本农田示意{n}号图斑" for n in range(1, len(sketch) + 1)],
    )
    parks = _frame(
        zones.parks, YQBM=["HG001", "HG002"], YQMC=["虚构中坝合规园区", "虚构北城合规园区"], 状态=["现行", "现行"]
    )
    units = [area for key, area in zones.division.units.items() if key.startswith("K")]
    # The three lines do not cross: the key units without their farmland, beside the red line.
    urban = shapely.difference(shapely.union_all(units), shapely.union_all(fields))
    boundary = _frame([urban], 编码=["CZ001"], 名称=["虚构城镇开发边界"])
    if not boundary.is_valid.all():
        # A needle between field and unit closes when it is rounded to the last digit of a degree.
        boundary.geometry = boundary.buffer(0.0)
    chemical = _frame([zones.chemical_park], YQBM=["HGYQ001"], YQMC=["虚构中坝化工园区"], 状态=["现行"])
    return [
        SampleLayer("YJJBNTBHTB", "permanent_farmland", farmland, 2.0, "statutory", crs="EPSG:4524"),
        SampleLayer("YJJBNT_SY", "permanent_farmland", sketched, 30.0, "indicative"),
        SampleLayer("CZKFBJ", "urban_boundary", boundary, 2.0, "statutory"),
        SampleLayer("HGYQ", "compliant_park", parks, 5.0, crs="EPSG:4524"),
        SampleLayer("HGYQ_HG", "chemical_park", chemical, 5.0),
    ]
