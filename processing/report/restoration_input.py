"""What sheets of before and after are refused for: sites without an area, a file name of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...layers.errors import SitesError
from ...layers.site_table import find_columns
from ...layers.texts import Text

SHOWN = 10


def need_areas(sites: Any) -> None:
    """Refuse sites that are no areas.

    Parameters
    ----------
    sites : GeoDataFrame
        Restoration areas.

    Raises
    ------
    SitesError
        If one is a line or a point; the first ones are named.
    """
    bare = sites.geometry.notna() & ~sites.geometry.geom_type.isin(("Polygon", "MultiPolygon"))
    if not bare.any():
        return
    columns = find_columns([str(name) for name in sites.columns if name != sites.geometry.name], "SITES")
    ids = sites[columns["site_id"]] if "site_id" in columns else [f"#{place}" for place in range(1, len(sites) + 1)]
    named = [str(site_id) for site_id, is_bare in zip(ids, bare, strict=True) if is_bare]
    listed = ", ".join(named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
    raise SitesError(
        Text(f"{len(named)} 个修复地块不是面：{listed}", f"{len(named)} sites are no areas: {listed}"),
        Text(
            "前后对比按面积统计影像，线和点没有面积。", "Images are compared over an area; lines and points have none."
        ),
        Text("请改为面状范围，或者先选出面状地块。", "Give them as areas, or choose the areas first."),
    )


def checked_path(path: Path, ending: str) -> Path:
    """Return a path that ends as its format does.

    Raises
    ------
    SitesError
        If it ends otherwise.
    """
    if path.suffix.lower() != ending:
        raise SitesError(
            Text(f"文件名应以 {ending} 结尾：{path.name}", f"The file name must end in {ending}: {path.name}"),
            remedy=Text(f"请将文件名改为 {path.stem}{ending}。", f"Name it {path.stem}{ending}."),
        )
    return path
