#!/bin/sh
# What only `make bench` needs: PostGIS where apt has it, and the peers' wheels in an environment of their own. A peer that
# cannot be had here is left out of the table, which says so.
set -eu
export DEBIAN_FRONTEND=noninteractive
if command -v apt-get >/dev/null && ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then
  if [ "$(id -u)" -eq 0 ]; then
    echo "PostgreSQL with PostGIS"
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 postgresql-postgis >build/postgis.log 2>&1 ||
      { tail -n 5 build/postgis.log >&2; echo "PostGIS is left out. 跳过 PostGIS。" >&2; }
  else
    echo "PostGIS is left out: only root can install postgresql-postgis. 跳过 PostGIS：须由管理员安装。" >&2
  fi
fi
venv=build/bench/venv
[ -x "$venv/bin/python" ] || /usr/bin/python3 -m venv "$venv"
echo "Python packages of the peers into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r .ci/setup/bench.txt
