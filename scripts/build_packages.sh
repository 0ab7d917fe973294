#!/usr/bin/env bash
# Builds what users install: the Debian package of this machine's release (program, library, headers), and an archive with
# a program that needs glibc alone, in a folder that can lie anywhere.
#
#   scripts/build_packages.sh [FOLDER]     build/dist by default
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"
folder=$(realpath -m "${1:-$root/build/dist}")
mkdir -p "$folder" "$root/build/log"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

scripts/install_prerequisites.sh --package
scripts/build.sh release
with_progress "Making the Debian package" build/log/deb.log cpack --config build/release/CPackConfig.cmake -B "$work/deb"

with_progress "Configuring the static build" build/log/configure-static.log \
  cmake -S . -B build/static -G Ninja -DCMAKE_BUILD_TYPE=Release -DMO_STATIC=ON -DMO_TESTS=OFF -DMO_APPS=OFF -DMO_WERROR=ON
with_progress "Building it" build/log/build-static.log ninja -C build/static mo
with_progress "Making the archive" build/log/archive.log cpack --config build/static/CPackConfig.cmake -B "$work/archive"

for package in "$work"/deb/*.deb "$work"/archive/*.tar.gz; do
  cp "$package" "$folder"
  echo "$folder/$(basename "$package")"
done
