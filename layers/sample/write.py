"""The sample on disk: every file beside its final name first, and renamed when whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd

from ..files import GEOPACKAGE_VERSION, whole_file
from ..profile import load_profile
from ..progress import Progress
from .geographic import CRS
from .layers import SampleLayer

ACCESS_LIST = Path(__file__).with_name("access_list.csv")
# What the second layer set says it does not hold.
NOT_HELD = ("forest_land", "soil_loss_zone")


def write_layers(path: Path, layers: Sequence[SampleLayer], progress: Progress) -> Path:
    """Write all layers into one GeoPackage, each in its own coordinate system."""
    with whole_file(path) as part:
        # GDAL makes the file itself and takes an empty one for a broken one.
        part.unlink()
        for n, layer in enumerate(layers):
            progress.step(n / len(layers))
            frame = layer.frame.to_crs(layer.crs) if layer.crs != CRS else layer.frame
            frame.to_file(part, layer=layer.name, driver="GPKG", VERSION=GEOPACKAGE_VERSION)
    return path


def write_sites(path: Path, sites: gpd.GeoDataFrame, layer: str = "sites") -> Path:
    """Write sites, or what belongs to them, into a GeoPackage with one layer."""
    with whole_file(path) as part:
        part.unlink()
        sites.to_file(part, layer=layer, driver="GPKG", VERSION=GEOPACKAGE_VERSION)
    return path


def copy_access_list(path: Path) -> Path:
    """Write the access list of the invented units."""
    with whole_file(path) as part:
        part.write_bytes(ACCESS_LIST.read_bytes())
    return path


def write_layer_set(
    path: Path,
    name: str,
    layers: Sequence[SampleLayer],
    source: Path,
    access_list: Path,
    day: date,
    not_held: Sequence[str] = (),
) -> Path:
    """Write a layer set.

    Parameters
    ----------
    path : Path
        The TOML file; the sources stand beside it.
    name : str
        Its title.
    layers : sequence of SampleLayer
    source, access_list : Path
        GeoPackage and table of access list items.
    day : date
        The day on which the roles without a source were said to have no features here.
    not_held : sequence of str
        Optional roles that this set does not hold instead.
    """
    lines = [f"name = {_quoted(name)}", "", "[access_list]", f"source = {_quoted(access_list.name)}"]
    for layer in layers:
        lines += ["", *_layer_lines(layer, source)]
    loaded = {layer.role for layer in layers}
    for role in sorted(set(load_profile(None).optional) - loaded):
        lines += ["", "[[absent]]", f"role = {_quoted(role)}"]
        if role in not_held:
            lines += ['state = "not_held"']
        else:
            lines += [
                'state = "absent_confirmed"',
                'by = "虚构示范区生态环境局"',
                'basis = "虚构：示范区未生成此类要素"',
                f"date = {day.isoformat()}",
            ]
    with whole_file(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _layer_lines(layer: SampleLayer, source: Path) -> list[str]:
    lines = [
        "[[layer]]",
        f"role = {_quoted(layer.role)}",
        f"source = {_quoted(source.name)}",
        f"layer = {_quoted(layer.name)}",
        f"vintage = {layer.vintage.isoformat()}",
        f"accuracy_m = {layer.accuracy_m}",
        f"authority = {_quoted(layer.authority)}",
    ]
    for key, pairs in (("fields", layer.fields), ("values", layer.values)):
        if pairs:
            lines.append(f"{key} = {{ " + ", ".join(f"{k} = {_quoted(v)}" for k, v in pairs.items()) + " }")
    return lines


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
