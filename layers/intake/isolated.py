"""Files that may crash or hang a library are read in a child, which hands over WKB and columns by a file.

``python -m ecoredline.layers.intake.isolated module:function source target options`` is the child's side: the function
takes the source and a dictionary of options and returns `Found`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .. import children
from ..errors import Cancelled, SitesError
from ..noticed import Noticed
from ..progress import Progress
from ..texts import Text
from .shapes import objects

LIMITS = children.Limits(seconds=25.0, memory=3 * 1024**3)
"""For one file of ordinary size; the time grows with the size, see `limits_for`."""
_SECONDS_PER_BYTE = 1e-6


@dataclass(eq=False)
class Found:
    """What a child read.

    Attributes
    ----------
    geometry : ndarray of geometry
        2-D; None where a feature has none.
    columns : dict
        Column to one value per feature: texts, numbers, None.
    crs : str or None
        As the file says.
    noticed : list of Noticed
        What was left out, and why.
    extra : dict
        Plain values that the format adds.
    """

    geometry: NDArray[np.object_]
    columns: dict[str, list[Any]] = field(default_factory=dict)
    crs: str | None = None
    noticed: list[Noticed] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


def limits_for(source: Path) -> children.Limits:
    """Return the limits for a file: 25 s, and a second more per megabyte."""
    size = (
        source.stat().st_size if source.is_file() else sum(f.stat().st_size for f in source.rglob("*") if f.is_file())
    )
    return children.Limits(LIMITS.seconds + size * _SECONDS_PER_BYTE, LIMITS.memory)


def read_apart(
    reader: str,
    source: Path,
    where: str,
    options: Mapping[str, Any] | None = None,
    progress: Progress = Progress(),
    limits: children.Limits | None = None,
) -> Found:
    """Read a file in a child process.

    Parameters
    ----------
    reader : str
        ``module:function`` inside this package, or the name of a module that the child can import.
    source : Path
        The file or folder.
    where : str
        For messages.

    Raises
    ------
    SitesError
        The child refused the file (in its own words), crashed, or took too long or too much memory.
    Cancelled
        The user stopped.
    """
    with children.workplace() as folder:
        target = folder / "found"
        command: list[str | Path] = [
            children.interpreter(), "-m", f"{__package__}.isolated",
            reader, source.absolute(), target, json.dumps({"where": where, **(options or {})}),
        ]  # fmt: skip
        try:
            children.run(command, folder, limits or limits_for(source), progress)
        except Cancelled:
            raise
        except children.ChildError as error:
            raise _refused(target, where, error) from error
        return _load(target)


def _refused(target: Path, where: str, error: children.ChildError) -> SitesError:
    said = target.with_suffix(".error")
    if said.is_file():
        message, cause, remedy = (Text(*part) for part in json.loads(said.read_text(encoding="utf-8")))
        return SitesError(message, cause, remedy)
    return SitesError(
        Text(
            f"{where}：读取时程序异常终止或超时，已停止",
            f"{where}: reading it crashed or took too long",
        ),
        error.cause,
        Text(
            "该文件可能已损坏。请用生成它的软件打开检查，另存为 GeoPackage 或 GeoJSON 后重新导入。",
            "The file may be damaged. Open it where it was made, save it as GeoPackage or GeoJSON and import that.",
        ),
    )


def _load(target: Path) -> Found:
    said = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    data = target.with_suffix(".wkb").read_bytes()
    ends = np.cumsum([0, *said["sizes"]])
    parts = [data[a:b] if b > a else None for a, b in pairwise(ends.tolist())]
    geometry = shapely.from_wkb(objects(parts))
    return Found(geometry, said["columns"], said["crs"], [Noticed(*each) for each in said["noticed"]], said["extra"])


def _dump(found: Found, target: Path) -> None:
    wkb = [shape or b"" for shape in shapely.to_wkb(found.geometry, output_dimension=2)]
    target.with_suffix(".wkb").write_bytes(b"".join(wkb))
    said = {
        "sizes": [len(shape) for shape in wkb],
        "columns": found.columns,
        "crs": found.crs,
        "noticed": [list(each) for each in found.noticed],
        "extra": found.extra,
    }
    target.with_suffix(".json").write_text(json.dumps(said, default=str), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Read in this process and leave what was found, or the error, beside the target."""
    reader, source, target, options = arguments
    module, name = reader.split(":")
    inside = f"{__package__}.{module}"
    package = inside if importlib.util.find_spec(inside) is not None else module
    try:
        _dump(getattr(importlib.import_module(package), name)(Path(source), json.loads(options)), Path(target))
    except SitesError as error:
        said = [list(part) for part in (error.message, error.cause, error.remedy)]
        Path(target).with_suffix(".error").write_text(json.dumps(said), encoding="utf-8")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
