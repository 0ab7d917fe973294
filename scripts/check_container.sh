#!/usr/bin/env bash
# Builds the container of the Dockerfile and converts in it.  Needs root and buildah; the base image is a bare Debian 12.
#
#   scripts/check_container.sh [FOLDER OF A BARE DEBIAN]     build/bookworm, which scripts/check_packages.sh makes
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$repository/scripts/progress.sh"
bare=${1:-$repository/build/bookworm}
command -v buildah >/dev/null || { echo "buildah is missing: apt-get install buildah" >&2; exit 3; }
[ -x "$bare/usr/bin/apt-get" ] || { echo "$bare is no Debian: scripts/check_packages.sh makes build/bookworm" >&2; exit 3; }

work=$(mktemp -d)
in_store() { buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"; }
trap 'in_store rm --all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
base=$(in_store from scratch)
in_store add --quiet "$base" "$bare" / >/dev/null
in_store commit --quiet "$base" bare >/dev/null
with_progress "Building the container" "$repository/build/log/container.log" \
  in_store bud --isolation chroot --build-arg BASE=localhost/bare -t caffe-model-optimizer "$repository"

container=$(in_store from localhost/caffe-model-optimizer)
in_store copy --quiet "$container" "$repository"/examples/digits/digits.{caffemodel,prototxt} /models/ >/dev/null
in_store run --isolation chroot "$container" -- mo --input_model digits.caffemodel --output_dir out --silent >/dev/null
folder=$(in_store mount "$container")
mkdir "$work/expected"
"$repository/build/release/bin/mo" --input_model "$repository/examples/digits/digits.caffemodel" --output_dir "$work/expected" \
  --silent >/dev/null
for kind in xml bin mapping; do cmp "$folder/models/out/digits.$kind" "$work/expected/digits.$kind"; done
echo "the container converts"
