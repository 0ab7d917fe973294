#!/usr/bin/env bash
# Installs what the applications need (OpenCV and libzip from the distribution, the OpenVINO runtime from PyPI into
# build/venv) and builds them: mo-verify, validation_app and the samples, in build/release/bin.  `./mo apps` calls it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if (($# > 0)); then
  sed -n '2,3s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
"$root/scripts/install_prerequisites.sh" --apps
"$root/scripts/python_environment.sh"
"$root/scripts/build.sh" release --apps -DMO_APPS=ON
echo "The applications are in $root/build/release/bin:"
ls -1 "$root"/build/release/bin | grep -vx -e mo -e mo_unit_tests | sed "s/^/  /"
