#!/bin/sh
# Installs what the targets need from the system: QGIS 3.40 or later, Chinese fonts, PDF tools, a display without a screen.
# An installed QGIS that is new enough is never touched.
set -eu
export DEBIAN_FRONTEND=noninteractive
[ -r /etc/os-release ] && . /etc/os-release

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
missing_of() { for package in "$@"; do installed "$package" || echo "$package"; done; }

others="python3-venv fonts-noto-cjk poppler-utils xvfb xauth"
if [ "${ID:-}" = debian ] && [ "${VERSION_ID:-0}" -ge 13 ]; then
  others="$others python3-shapely python3-geopandas python3-pyogrio python3-rasterio python3-fiona python3-pyproj python3-lxml python3-ezdxf python3-pypdf"
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  if command -v qgis_process >/dev/null && /usr/bin/python3 -c 'from qgis.core import Qgis; raise SystemExit(Qgis.QGIS_VERSION_INT < 34000)'; then exit 0; fi
  echo "No apt on this machine. Install QGIS 3.40 or later with its Python bindings, and the like of: $others" >&2
  echo "本机没有 apt，请自行安装 QGIS 3.40 及以上版本（含 Python 绑定）及上列软件包。" >&2
  exit 1
fi

qgis=$(missing_of qgis python3-qgis)
version=$(dpkg-query -W -f='${Version}' qgis 2>/dev/null || true)
if [ -n "$version" ] && dpkg --compare-versions "$version" lt 3.40 && dpkg --compare-versions "$version" ge 0; then qgis="qgis python3-qgis"; fi
missing=$(missing_of $others)
[ -n "$qgis$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "These packages are missing and only root can install them:" $qgis $missing >&2
  echo "缺少以上软件包，须由管理员安装；Debian 12 的 QGIS 3.40 来自 bookworm-backports。" >&2
  echo "On Debian 12, QGIS 3.40 comes from bookworm-backports." >&2
  exit 1
fi

targets() { apt-get indextargets --format "$1" 'Created-By: Packages' 'Origin: Debian Backports' "Codename: $2" 2>/dev/null | head -n 1; }
archive() { apt-get indextargets --format "$1" 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' "Codename: $2" 'Component: main' 2>/dev/null | head -n 1; }

apt-get update -qq
release=
if [ "${VERSION_CODENAME:-}" = bookworm ] && [ -n "$qgis" ] && { [ -z "$version" ] || dpkg --compare-versions "$version" lt 3.40; }; then
  release=bookworm-backports
  if [ -z "$(targets '$(REPO_URI)' $release)" ]; then
    mirror=$(archive '$(REPO_URI)' bookworm)
    key=$(archive '$(SIGNED_BY)' bookworm)
    if [ -z "$mirror" ]; then echo "No Debian archive among the sources of apt; add $release by hand. 请手工添加 $release 软件源。" >&2; exit 1; fi
    case $key in /*) ;; *) key= ;; esac  # apt prints the format where no key is named
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s' "$mirror" "$release" "${key:+Signed-By: $key
}" >/etc/apt/sources.list.d/ecoredline-backports.sources
    apt-get update -qq
  fi
fi
install() { apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >build/packages.log 2>&1 || { tail -n 20 build/packages.log >&2; exit 1; }; }
[ -z "$missing" ] || install $missing
[ -z "$qgis" ] || install ${release:+-t $release} $qgis
