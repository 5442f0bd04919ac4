"""Whether a frame that shall hold shapes does."""

from __future__ import annotations

import geopandas as gpd

from .errors import EcoRedlineError
from .texts import Text


def require_shapes(frame: object, where: Text, error: type[EcoRedlineError]) -> None:
    """Refuse a table without geometry, such as QGIS gives for a csv or a sheet.

    Parameters
    ----------
    frame : object
        What was read.
    where : Text
        What it shall be, for the message.
    error : type
        The error to raise.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise error(
            Text(f"{where.zh}：只有属性表，没有图形", f"{where.en}: a table without shapes"),
            remedy=Text(
                "请选择带图形的图层；坐标表请先用“导入项目地块”生成图形。",
                "Choose a layer with shapes; make shapes of a table of coordinates with “Import project sites” first.",
            ),
        )
