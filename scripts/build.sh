#!/usr/bin/env bash
# Builds the converter; quick and quiet when nothing has changed.
#
#   scripts/build.sh [release|debug|asan|tsan] [--apps|--tests] [-DNAME=VALUE ...]
#
# The program is build/PRESET/bin/mo, the library build/PRESET/libmodel_optimizer.so.  --apps builds the applications too, --tests everything; further arguments go to
# CMake.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"

preset=release
targets=(mo model_optimizer)
definitions=()
for argument in "$@"; do
  case $argument in
    release | debug | asan | tsan) preset=$argument ;;
    --apps) targets=(mo model_optimizer apps) ;;
    --tests) targets=(all); definitions+=(-DMO_TESTS=ON) ;;
    -D*=*) definitions+=("$argument") ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

cd "$root"
mkdir -p build/log
build=build/$preset
# Two builds at a time in one folder would spoil each other.
exec 9>"build/log/$preset.lock"
flock 9

is_configured() {
  [ -f "$build/build.ninja" ] || return 1
  local definition name
  for definition in "${definitions[@]}"; do
    name=${definition#-D}
    grep -q "^${name%%=*}:[A-Z]*=${name#*=}\$" "$build/CMakeCache.txt" || return 1
  done
}

if ! is_configured; then
  # The converter alone needs no test framework.
  if [ "${targets[*]}" != all ] && [ ! -f "$build/build.ninja" ]; then definitions=(-DMO_TESTS=OFF "${definitions[@]}"); fi
  with_progress "Configuring" "build/log/configure-$preset.log" cmake --preset "$preset" "${definitions[@]}"
fi
with_progress "Building" "build/log/build-$preset.log" ninja -C "$build" "${targets[@]}"
touch "$build/built"  # ./mo compares it with the last checkout
