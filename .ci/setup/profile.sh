#!/bin/sh
# Links the checkout as the package and plugin `ecoredline`, and enables it once in a QGIS profile of its own.
set -eu
mkdir -p build/dev build/profile
ln -sfn ../.. build/dev/ecoredline
.ci/with qgis_process plugins enable ecoredline >build/profile.log 2>&1 ||
  grep -q "already enabled" build/profile.log || { cat build/profile.log >&2; exit 1; }
