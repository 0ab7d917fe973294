#!/usr/bin/env bash
# Builds build/windows/bin/mo.exe, the converter for Windows on x86-64, with mingw-w64 on Debian 12.  It needs no library
# but the system's own.
#
#   scripts/build_windows.sh [-DNAME=VALUE ...]     further arguments go to CMake
#
# Debian has the libraries that mo is linked with for Linux alone: their sources, of the distribution's versions, are built for
# Windows once, into build/windows-libraries.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/packages.sh"
source "$root/scripts/progress.sh"
cd "$root"
libraries=$root/build/windows-libraries
log=$root/build/log
toolchain=$root/cmake/mingw-w64.cmake

# apt with source packages, from where this machine has its packages; the machine's own lists stay as they are.
source_apt() {
  apt-get -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$sources/lists.d" \
    -o "Dir::State::lists=$sources/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
}

fetch_sources() {
  mkdir -p "$sources/lists.d" "$sources/lists/partial"
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >"$sources/lists.d/$(basename "$file" .list).list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$sources/lists.d/$(basename "$file")"
  done
  source_apt update
  (cd "$sources" && source_apt -o APT::Sandbox::User=root --only-source source "${windows_sources[@]}")
}

build_library() {  # FOLDER OF ITS SOURCES
  cmake -S "$1" -B "$sources/build/$1" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$work" -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -DRE2_BUILD_TESTING=OFF -DFMT_TEST=OFF -DBUILD_GMOCK=OFF
  cmake --build "$sources/build/$1" --target install
}

build_libraries() {
  local package
  # Debian leaves these tables to be made again from Unicode's own.
  make -C "$sources"/re2-*/ REBUILD_TABLES=1 re2/perl_groups.cc re2/unicode_casefold.cc re2/unicode_groups.cc
  for package in "${windows_sources[@]}"; do
    build_library "$(echo "$sources/$package"-*/)"
  done
  build_library /usr/src/googletest
  # Headers alone, the same for every system.
  cp -r /usr/include/{protozero,nlohmann,toml,toml.hpp} "$work/include"
  mkdir -p "$work/share/cmake"
  cp -r /usr/share/cmake/nlohmann_json "$work/share/cmake"
}

scripts/install_prerequisites.sh --windows
if [ ! -d "$libraries" ]; then
  sources=$(mktemp -d)
  work=$libraries.part
  trap 'rm -rf "$sources" "$work"' EXIT
  with_progress "Fetching the libraries' sources" "$log/windows-sources.log" fetch_sources
  with_progress "Building them for Windows" "$log/windows-libraries.log" build_libraries
  mv "$work" "$libraries"
fi
with_progress "Configuring the Windows build" "$log/configure-windows.log" \
  cmake -S . -B build/windows -G Ninja -DCMAKE_TOOLCHAIN_FILE="$toolchain" -DCMAKE_BUILD_TYPE=Release \
    -DMO_STATIC=ON -DMO_HDF5=OFF -DMO_PROTOBUF=OFF -DMO_APPS=OFF -DMO_TESTS=OFF "$@"
with_progress "Building it" "$log/build-windows.log" ninja -C build/windows mo
