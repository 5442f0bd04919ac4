#!/bin/sh
# Makes build/venv with the Python that QGIS uses. Where the system's own geopandas serves, only what it lacks is added;
# else (Debian 12) wheels fill an environment of their own.
set -eu
venv=build/venv
if /usr/bin/python3 -c 'import geopandas, shapely; raise SystemExit(shapely.__version__ < "2" or geopandas.__version__ < "1")' 2>/dev/null; then
  kind=system options=--system-site-packages requirements=.ci/setup/tools.txt
else
  kind=wheels options= requirements=".ci/setup/wheels.txt .ci/setup/tools.txt"
fi
base=$("$venv/bin/python" -c 'import sys; print(sys.base_prefix)' 2>/dev/null || true)
if [ "$base" != /usr ]; then
  rm -rf "$venv"
  /usr/bin/python3 -m venv $options "$venv"
fi
echo "Python packages ($kind) into $venv"
for file in $requirements; do set -- "$@" -r "$file"; done
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
# Types are checked against the same numpy on every system.
[ $kind = wheels ] || "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade --target build/typing \
  --no-deps --python-version 3.11 --only-binary=:all: "$(grep '^numpy==' .ci/setup/wheels.txt)"
