"""PostGIS with polygons split by hand: ST_Subdivide 128, a shortcut where a site is covered, KNN in a plane.

The server is this process's own: a data folder and a socket in a temporary folder, stopped by its id at the end.
"""

from __future__ import annotations

import contextlib
import io
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from child import Task, measure, missing, task
from outputs import Excuse, Outputs
from places import BANKS, POLYGON_ROLES, REACH_M, RIVER_CLASSES

SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "shared_buffers": "1GB", "work_mem": "256MB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB",
    "jit": "off", "random_page_cost": "1.1", "max_worker_processes": "4", "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "2", "parallel_setup_cost": "0", "parallel_tuple_cost": "0",
    "min_parallel_table_scan_size": "0", "autovacuum": "off",
}  # fmt: skip
PLANE = 4545
# The pair is the nearest of the plane, measured on the ellipsoid: at worst a neighbour that is as near to a few cm.
# Areas are of geodesic edges, not of edges straight in lon/lat.
EXCUSE = Excuse(0.05, 2e-5, share=2e-5)

SPLIT = """
create unlogged table pieces as select layer, feature, ST_Subdivide(geom, 128) geom from raw;
create index on pieces using gist (geom);
create unlogged table banks as select layer, ST_Subdivide(ST_Transform(geom, {plane}), 32) geom from lines;
create index on banks using gist (geom) where layer = 0;
create index on banks using gist (geom) where layer = 1;
create index on sites using gist (geom);
vacuum analyze pieces; vacuum analyze banks; vacuum analyze sites;
"""
HITS = """
create unlogged table hits as
select h.layer, h.site, h.feature, h.area, h.length,
       case kind when 2 then h.area / ST_Area(geom::geography)
                 when 1 then h.length / ST_Length(geom::geography) else 1 end share
from (
  select p.layer, s.feature site, p.feature,
         sum(case when s.kind < 2 then 0 when ST_CoveredBy(s.geom, p.geom) then ST_Area(s.geom::geography)
                  else ST_Area(ST_Intersection(s.geom, p.geom)::geography) end) area,
         sum(case when s.kind <> 1 then 0 when ST_CoveredBy(s.geom, p.geom) then ST_Length(s.geom::geography)
                  else ST_Length(ST_Intersection(s.geom, p.geom)::geography) end) length
  from sites s join pieces p on ST_Intersects(s.geom, p.geom)
  group by 1, 2, 3
) h join sites on sites.feature = h.site;
"""
NEAREST = """
create unlogged table near{layer} as
select f.site, ST_Length(ST_Transform(ST_ShortestLine(f.flat, n.geom), 4490)::geography) metres
from (select feature site, ST_Transform(geom, {plane}) flat from sites) f
cross join lateral (
  select geom from banks where layer = {layer} and ST_DWithin(geom, f.flat, {within}) order by geom <-> f.flat limit 1
) n;
"""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS; end where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: -int(f.parent.name)):
        control = Path("/usr/share/postgresql") / folder.parent.name / "extension" / "postgis.control"
        if (folder / "postgres").exists() and control.exists():
            return folder
    missing("PostgreSQL with PostGIS is not installed (Debian: postgresql-postgis)")
    raise AssertionError


@contextlib.contextmanager
def server() -> Iterator[dict[str, str]]:
    """Run a server of our own and yield how to connect to it."""
    bin_ = programs()
    folder = Path(tempfile.mkdtemp(prefix="bench-postgis-"))
    # PostgreSQL refuses to run as root.
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data = folder / "data"
    run: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
    process = None
    try:
        subprocess.run([bin_ / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-N"], check=True, **run)
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        process = subprocess.Popen([bin_ / "postgres", "-D", data, "-k", folder, *options], **run)
        yield {"host": str(folder), "user": "bench", "dbname": "postgres"}
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # fast: waits for no client
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def connect(where: dict[str, str]) -> Any:
    """Return a connection once the server answers."""
    import psycopg2

    for _ in range(100):
        try:
            connection = psycopg2.connect(**where)
        except psycopg2.OperationalError:
            time.sleep(0.1)
        else:
            connection.autocommit = True
            return connection.cursor()
    raise RuntimeError("the server does not answer")


def fill(cursor: Any, table: str, layer: int, geometry: np.ndarray) -> None:
    """Add geometries to a table, numbered by their rows."""
    kind = shapely.get_dimensions(geometry)
    wkb = shapely.to_wkb(shapely.set_srid(geometry, 4490), hex=True, include_srid=True)
    text = io.StringIO("".join(f"{layer}\t{i}\t{k}\t{g}\n" for i, (k, g) in enumerate(zip(kind, wkb, strict=True))))
    cursor.copy_expert(f"copy {table} (layer, feature, kind, geom) from stdin", text)


def load(cursor: Any, task: Task) -> None:
    """Load layers and sites, split and index them."""
    cursor.execute("create extension postgis")
    for table in ("raw", "lines", "sites"):
        cursor.execute(f"create unlogged table {table} (layer int2, feature int4, kind int2, geom geometry)")
    for number, role in enumerate(POLYGON_ROLES):
        frame = pyogrio.read_dataframe(task.load.layers, layer=role, columns=[])
        fill(cursor, "raw", number, frame.geometry.to_numpy())
    banks = pyogrio.read_dataframe(task.load.layers, layer=BANKS, columns=["river_class"])
    for number, name in enumerate(RIVER_CLASSES):
        fill(cursor, "lines", number, banks.geometry[banks["river_class"] == name].to_numpy())
    fill(cursor, "sites", 0, pyogrio.read_dataframe(task.load.sites(task.n), columns=[]).geometry.to_numpy())
    for statement in SPLIT.format(plane=PLANE).strip().split(";\n"):
        for single in statement.split("; "):
            cursor.execute(single.rstrip(";"))


def facts(cursor: Any) -> Outputs:
    """Return the facts of all sites; the tables are made in the server."""
    cursor.execute("drop table if exists hits, near0, near1")
    cursor.execute(HITS)
    for layer in range(len(RIVER_CLASSES)):
        cursor.execute(NEAREST.format(layer=layer, plane=PLANE, within=REACH_M * 1.001))
    cursor.execute("select layer, site, feature, area, length, share from hits")
    hits = np.array(cursor.fetchall(), dtype=float).reshape(-1, 6).T
    near = []
    for layer in range(len(RIVER_CLASSES)):
        cursor.execute(f"select {layer}, site, metres from near{layer} where metres <= %s", (REACH_M,))
        near += cursor.fetchall()
    classes, sites, metres = np.array(near, dtype=float).reshape(-1, 3).T
    return Outputs(*hits[:3].astype(np.int64), *hits[3:], classes.astype(np.int64), sites.astype(np.int64), metres)


def main() -> None:
    """Measure."""
    try:
        import psycopg2  # noqa: F401
    except ImportError:
        missing("psycopg2 is not installed (.ci/setup/bench.txt)")
    todo = task()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped
    with server() as where:
        cursor = connect(where)

        def ready(task: Task) -> Any:
            load(cursor, task)
            return cursor

        cursor.execute("select version()")
        version = cursor.fetchone()[0].split(" (")[0]
        cursor.execute("select default_version from pg_available_extensions where name = 'postgis'")
        measure(todo, f"PostGIS {cursor.fetchone()[0]}, {version}", ready, facts, EXCUSE)


if __name__ == "__main__":
    main()
