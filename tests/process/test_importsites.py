"""An upload imported by `qgis_process`, with its diagnosis, in one start."""

from __future__ import annotations

import geopandas
import pyogrio
import shapely


def test_a_boundary_file_becomes_sites_with_a_diagnosis(run, tmp_path):
    rows = "\n".join(
        f"J{i},1,{x:.3f},{y:.3f}"
        for i, (x, y) in enumerate([(3265600, 36354500), (3265600, 36354900), (3265400, 36354900)], 1)
    )
    text = f"[属性描述]\n坐标系=2000国家大地坐标系\n带号=36\n[地块坐标]\n9,4.0,甲-1,化工厂,面,,,,@\n{rows}\n"
    (tmp_path / "界址点.txt").write_bytes(text.encode("gbk"))
    out, diagnosis = tmp_path / "sites.gpkg", tmp_path / "diagnosis.csv"
    done = run("importsites", INPUT=tmp_path / "界址点.txt", OUTPUT=out, DIAGNOSIS=diagnosis)
    assert done.returncode == 0, done.stdout + done.stderr
    sites = geopandas.read_file(out)
    assert sites["site_id"].tolist() == ["甲-1"]
    assert sites.crs.to_epsg() == 4490
    assert shapely.get_num_coordinates(sites.geometry[0]) > 4  # the long edges measure as they were drawn
    told = pyogrio.read_dataframe(diagnosis)
    assert {"encoding", "point_count", "crs_found", "area_proof"} >= set(told["problem"]) - {"area_differs"}
    assert "point_count" in told["problem"].tolist()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["diagnosis.csv", "sites.gpkg", "界址点.txt"]
