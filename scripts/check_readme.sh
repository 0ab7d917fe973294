#!/usr/bin/env bash
# Follows README.md as a new user does, on a bare Debian 12: from a clone to an inference in a Python script of his own, with
# the seconds that each step took.  Needs root, for chroot.
#
#   scripts/check_readme.sh [FOLDER OF A BARE DEBIAN]     made in build/bookworm by debootstrap, and copied for each run
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
log=$repository/build/log
mkdir -p "$log"
source "$repository/scripts/progress.sh"
source "$repository/scripts/bare_system.sh"
make_system "${1:-$repository/build/bookworm}"
git clone -q "$repository" "$system/srv/mo"
cp /etc/ssl/certs/ca-certificates.crt "$system/srv/"  # of this network

begin=$SECONDS
step() { printf '%4d s  %s\n' $((SECONDS - begin)) "$1"; }
in_clone() { inside env SSL_CERT_FILE=/srv/ca-certificates.crt PIP_CERT=/srv/ca-certificates.crt sh -c "cd /srv/mo && $1"; }

with_progress "Converting, for the first time" "$log/readme-convert.log" \
  in_clone "./mo --input_model examples/digits/digits.caffemodel --scale 255"
grep -q "SUCCESS.*digits.xml" "$log/readme-convert.log"
step "prerequisites installed, converter built, model converted"
with_progress "Installing OpenVINO and OpenCV for Python" "$log/readme-pip.log" in_clone \
  "apt-get -y -q install python3-venv && python3 -m venv /srv/venv && /srv/venv/bin/pip install openvino opencv-python-headless"
step "the runtime from PyPI is in an environment of its own"
# The script of README.md as it stands there.
sed -n '/```python/,/```/{//!p}' "$repository/README.md" | sed 's/^   //' >"$system/srv/mo/mine.py"
[ "$(in_clone "/srv/venv/bin/python mine.py")" = 2 ]
step "his own script has read the first image as the 2 that it is"
in_clone "./mo --input_model examples/digits/digits.caffemodel --scale 255" >/dev/null
step "converted once more"
