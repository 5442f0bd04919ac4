"""What lives in the district as the offices would hand it over: names, codes and columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd

from .ecology import Ecology, Named
from .geographic import CRS, to_degrees
from .layers import SampleLayer

MINE, REACH = "矿山", "岸线"


def build(life: Ecology, areas: Sequence[Named]) -> list[SampleLayer]:
    """Return the layers of wetlands, drawdown zone, bank function zones, space, receptors, mines and plans."""
    return [
        SampleLayer("SD", "wetland", _frame(life.wetlands), 5.0, "statutory", vintage=date(2025, 6, 30)),
        SampleLayer("XLQ", "drawdown_zone", _frame(life.drawdown), 5.0, vintage=date(2025, 9, 30)),
        SampleLayer("AXGNQ", "bank_function_zone", _frame(life.function_zones), 5.0, vintage=date(2023, 12, 20)),
        SampleLayer("STKJ", "eco_space", _frame(life.eco_space), 10.0, vintage=date(2024, 12, 31)),
        SampleLayer("HJBHMB", "sensitive_receptor", _frame(life.receptors), 5.0, vintage=date(2026, 3, 31)),
        SampleLayer("KS", "mine_site", _listed(areas, MINE, "KS"), 5.0, vintage=date(2025, 12, 31)),
        SampleLayer("XFQ", "restoration_area", _listed(areas, REACH, "XFQ"), 5.0, vintage=date(2025, 12, 31)),
    ]


def uses(life: Ecology) -> gpd.GeoDataFrame:
    """Return the lines of use along the banks."""
    return _frame(life.bank_uses)


def _frame(found: Sequence[Named]) -> gpd.GeoDataFrame:
    columns = {name: [each.columns[name] for each in found] for name in found[0].columns}
    return gpd.GeoDataFrame(columns, geometry=to_degrees([each.geometry for each in found]), crs=CRS)


def _listed(areas: Sequence[Named], kind: str, prefix: str) -> gpd.GeoDataFrame:
    """Return the areas of a kind as the list of an office names them."""
    return _frame(
        [
            Named(
                area.geometry,
                {
                    "编码": f"{prefix}500199{str(area.columns['site_id'])[-2:]}",
                    "名称": area.columns["name"],
                    "类型": kind,
                    "状态": area.columns["restoration_state"],
                },
            )
            for area in areas
            if area.columns["kind"] == kind
        ]
    )
