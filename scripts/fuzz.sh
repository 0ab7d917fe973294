#!/usr/bin/env bash
# Builds the fuzz targets with clang, AddressSanitizer and UndefinedBehaviorSanitizer, and runs each for a while.
#
#   scripts/fuzz.sh [--minutes N] [TARGET ...]      all targets, one minute each, unless told otherwise
#
# What is found lies in build/fuzz/found, inputs that reach new code in build/fuzz/corpus/TARGET, from where the next run
# goes on.  The last line of each target says how many inputs it ran.  Status 1 when one of them found something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minutes=1
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=$2; shift 2 ;;
    -*) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz/*_fuzzer.cpp; do targets+=("$(basename "$file" _fuzzer.cpp)"); done
fi

# Debian's clang++ may carry its version in its name.
compiler=$(command -v clang++ || compgen -c clang++- | sort -V | tail -1 || true)
[ -n "$compiler" ] || { echo "fuzzing needs clang++: install the package clang" >&2; exit 2; }
mkdir -p build/log
cmake -S . -B build/fuzz -G Ninja -DCMAKE_C_COMPILER="${compiler/++/}" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMO_SANITIZE=address,undefined -DMO_FUZZ=ON -DMO_TESTS=OFF -DMO_APPS=OFF \
  >build/log/configure-fuzz.log 2>&1 || { cat build/log/configure-fuzz.log; exit 1; }
ninja -C build/fuzz mo "${targets[@]/%/_fuzzer}"

mkdir -p build/fuzz/found
# The words of the formats: what layers are called and their parameters, options, and awkward numbers.
{
  build/fuzz/bin/mo --list_layers=json | grep -o '"[A-Za-z_0-9.]*"' | tr '.' '\n' | tr -d '"' | sort -u | sed 's/.*/"&"/'
  printf '"layer { name: \\"x\\" type: \\""\n"bottom: \\""\n"top: \\""\n"2147483648"\n"-1"\n"nan"\n"1e400"\n'
} | grep -v '^""$' >build/fuzz/words
status=0
for target in "${targets[@]}"; do
  mkdir -p "build/fuzz/corpus/$target"
  echo "== $target"
  if [ "$target" = pair ] && [ -z "$(ls build/fuzz/corpus/pair)" ]; then  # the example, as a seed
    { cat examples/digits/digits.prototxt; printf '\n%%%%\n'; cat examples/digits/digits.caffemodel; } >build/fuzz/corpus/pair/digits
  fi
  "build/fuzz/bin/${target}_fuzzer" -max_total_time=$((minutes * 60)) -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
    -dict=build/fuzz/words -artifact_prefix="build/fuzz/found/$target-" -print_final_stats=1 \
    "build/fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1 || { status=1; tail -30 "build/fuzz/$target.log"; }
  grep -E 'Done|number_of_executed_units|peak_rss' "build/fuzz/$target.log" || true
done
exit $status
