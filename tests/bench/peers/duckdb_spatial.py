"""DuckDB with its spatial extension: spatial joins, areas on the spheroid, nearest banks as the least of a join."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import frames
from child import Task, measure, missing, task
from outputs import Excuse, Outputs
from places import REACH_M

try:
    import duckdb
    import duckdb_extension_spatial
except ImportError:
    missing("duckdb or duckdb-extension-spatial is not installed (.ci/setup/bench.txt)")

# Areas are of geodesic edges, not of edges straight in lon/lat; the nearest pair of the plane is measured on the
# ellipsoid: at worst a neighbour that is as near to a few cm.
EXCUSE = Excuse(0.05, 2e-5, share=2e-5)

HITS = """
create or replace temp table hits as
with size as (
  select site, case kind when 2 then ST_Area_Spheroid(ST_FlipCoordinates(geom))
                         when 1 then ST_Length_Spheroid(ST_FlipCoordinates(geom)) else 1 end as size from sites
), met as (
  select f.layer, s.site, f.feature, s.kind,
         case when s.kind = 0 then null when ST_CoveredBy(s.geom, f.geom) then s.geom
              else ST_Intersection(s.geom, f.geom) end as common
  from sites s join features f on ST_Intersects(s.geom, f.geom)
), measured as (
  select layer, site, feature, any_value(kind) as kind,
         sum(case kind when 2 then ST_Area_Spheroid(ST_FlipCoordinates(common)) else 0 end) as area,
         sum(case kind when 1 then ST_Length_Spheroid(ST_FlipCoordinates(common)) else 0 end) as length
  from met group by all
)
select layer, site, feature, area, length,
       case kind when 2 then area / size when 1 then length / size else 1 end as share
from measured join size using (site)
"""
NEAREST = f"""
create or replace temp table near as
with flat as (
  select site, ST_Transform(geom, '{frames.DEGREES}', '{frames.PLANE}', always_xy := true) as geom from sites
), pairs as (
  select b.river_class, f.site, arg_min(ST_ShortestLine(f.geom, b.geom), ST_Distance(f.geom, b.geom)) as line
  from flat f join banks b on ST_DWithin(f.geom, b.geom, {REACH_M * 1.001}) group by all
)
select river_class, site, ST_Length_Spheroid(ST_FlipCoordinates(
         ST_Transform(line, '{frames.PLANE}', '{frames.DEGREES}', always_xy := true))) as metres
from pairs
"""


def ready(task: Task) -> Any:
    """Load all tables; banks go to the plane in which they are searched."""
    extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
    connection = duckdb.connect()
    connection.execute(f"load '{extension}'")
    connection.execute("set threads = 2")
    put(connection, "sites", frames.sites(task))
    put(connection, "features", frames.features(task))
    put(connection, "banks", frames.banks(task).to_crs(frames.PLANE))
    return connection


def put(connection: Any, name: str, frame: gpd.GeoDataFrame) -> None:
    """Make a table of a frame."""
    data = pd.DataFrame(frame.drop(columns="geometry"))
    columns = ", ".join(data.columns)
    data["wkb"] = shapely.to_wkb(frame.geometry.to_numpy())
    connection.register("data", data)
    connection.execute(f"create table {name} as select {columns}, ST_GeomFromWKB(wkb) as geom from data")
    connection.unregister("data")


def facts(connection: Any) -> Outputs:
    """Return the facts of all sites."""
    connection.execute(HITS)
    connection.execute(NEAREST)
    hits = connection.execute("select * from hits").fetchnumpy()
    near = connection.execute(f"select * from near where metres <= {REACH_M}").fetchnumpy()
    columns = [*hits.values(), *near.values()]
    return Outputs(*(np.asarray(column) for column in columns))


if __name__ == "__main__":
    measure(task(), f"DuckDB {duckdb.__version__}", ready, facts, EXCUSE)
