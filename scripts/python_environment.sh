#!/usr/bin/env bash
# Makes build/venv, the Python environment of the tests, with the OpenVINO runtime and its C++ SDK; does nothing when it
# has what tests/requirements.txt says.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"

venv=$root/build/venv
requirements=$root/tests/requirements.txt
if cmp -s "$requirements" "$venv/requirements.txt"; then exit 0; fi
[ -x "$venv/bin/python" ] || with_progress "Making build/venv" "$root/build/log/venv.log" python3 -m venv "$venv"
with_progress "Installing Python packages" "$root/build/log/pip.log" \
  "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off -r "$requirements"
cp "$requirements" "$venv/requirements.txt"  # last: an interrupted installation is done again
