#!/usr/bin/env bash
# Static checks by clang-tidy with the rules of .clang-tidy; slow (seconds per file).
#
#   scripts/tidy.sh              the .cpp files that differ from the main branch, committed or not
#   scripts/tidy.sh --all        every .cpp file of src and apps
#   scripts/tidy.sh FILE.cpp...  these
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! command -v clang-tidy >/dev/null; then
  echo "clang-tidy is missing: scripts/install_prerequisites.sh --development installs it" >&2
  exit 3
fi
source scripts/progress.sh

foreign=':!src/os/windows'  # its headers are not here
case ${1:-} in
  '') mapfile -t files < <(git diff --name-only --diff-filter=d main -- 'src/*.cpp' 'apps/*.cpp' 'tests/*.cpp' "$foreign") ;;
  --all) mapfile -t files < <(git ls-files 'src/*.cpp' 'apps/*.cpp' "$foreign") ;;
  *) files=("$@") ;;
esac
if ((${#files[@]} == 0)); then
  echo "nothing to check" >&2
  exit 0
fi

# Nothing is built there: it is the list of compile commands, with the tests' own.
with_progress "Configuring" build/log/configure-tidy.log cmake -S . -B build/tidy -G Ninja -DMO_TESTS=ON
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 \
  clang-tidy -p build/tidy --quiet --extra-arg=-Wno-unknown-warning-option
