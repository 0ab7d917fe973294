#!/usr/bin/env bash
# Builds the Python wheel with its libraries inside, for Linux with the glibc of this machine or a later one, and every
# Python from 3.12 on (built by an older one: for that one).
#
#   scripts/build_wheel.sh [FOLDER]     build/dist by default
#
# MO_WHEEL_PYTHON: the Python that builds it; python3 by default.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"
folder=${1:-$root/build/dist}
mkdir -p "$folder" "$root/build/log"
"$root/scripts/install_prerequisites.sh"

tools=$root/build/wheel-tools
python=${MO_WHEEL_PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
with_progress "Making build/wheel-tools" "$root/build/log/wheel-venv.log" "$python" -m venv --clear "$tools"
with_progress "Installing auditwheel" "$root/build/log/wheel-pip.log" \
  "$tools/bin/python" -m pip install --disable-pip-version-check --progress-bar off -r "$root/scripts/wheel_requirements.txt"
export PATH=$tools/bin:$PATH CC=cc CXX=c++
# HDF5 as Debian builds it takes thirty more libraries along.
with_progress "Building the wheel" "$root/build/log/wheel.log" \
  python -m pip wheel --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir "$work" \
  -Ccmake.define.MO_WERROR=ON -Ccmake.define.MO_HDF5=OFF "$root"
with_progress "Taking the libraries in" "$root/build/log/wheel-repair.log" \
  auditwheel repair --wheel-dir "$folder" "$work"/*.whl
find "$folder" -name '*.whl' -newer "$work" | sort
