#!/usr/bin/env bash
# Builds the fuzz targets with clang, AddressSanitizer and UndefinedBehaviorSanitizer, and runs one after the other.
#
#   scripts/fuzz.sh [--minutes N] [--runs N] [TARGET ...]
#
# Of each target (all, unless told otherwise) N inputs are run, or for N minutes: one minute by default.  What is found lies
# in build/fuzz/found, inputs that reach new code in build/fuzz/corpus/TARGET, from where the next run goes on.  Each run adds
# a line to build/fuzz/history.tsv: target, inputs run, seconds, edges of code covered, inputs kept, exit status;
# `scripts/fuzz.sh --sum` adds them up.  Status 1 when something was found.  Needs build/venv (scripts/python_environment.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=build/fuzz

sum_up() {
  sort "$folder/history.tsv" | awk -F '\t' '
    { runs[$1] += $2; seconds[$1] += $3; covered[$1] = $4 > covered[$1] ? $4 : covered[$1]; kept[$1] = $5; found += $6 != 0 }
    END {
      for (target in runs) {
        printf "%-13s %10d inputs %6.2f h %6d edges %6d inputs kept\n", target, runs[target], seconds[target] / 3600,
               covered[target], kept[target]
        total += runs[target]; time += seconds[target]
      }
      printf "%-13s %10d inputs %6.2f h; %d runs ended by a finding\n", "~ total", total, time / 3600, found
    }' | sort
}

limit=(-max_total_time=60)
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) limit=(-max_total_time="$(awk "BEGIN { print int($2 * 60) }")"); shift 2 ;;
    --runs) limit=(-runs="$2"); shift 2 ;;
    --sum) sum_up; exit ;;
    -*) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz/*_fuzzer.cpp; do targets+=("$(basename "$file" _fuzzer.cpp)"); done
fi

# Debian's clang++ may carry its version in its name.
compiler=$(command -v clang++ || compgen -c clang++- | sort -V | tail -1 || true)
[ -n "$compiler" ] || { echo "fuzzing needs clang++: scripts/install_prerequisites.sh --reliability installs it" >&2; exit 2; }
mkdir -p build/log "$folder/found"
# build FOLDER SANITIZERS TARGET...
build() {
  cmake -S . -B "$1" -G Ninja -DCMAKE_C_COMPILER="${compiler/++/}" -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMO_SANITIZE="$2" -DMO_FUZZ=ON -DMO_TESTS=OFF -DMO_APPS=OFF \
    >build/log/configure-fuzz.log 2>&1 || { cat build/log/configure-fuzz.log; exit 1; }
  ninja -C "$1" "${@:3}" >build/log/build-fuzz.log || { tail -40 build/log/build-fuzz.log; exit 1; }
}
# Each input of hdf5 has a process of its own, which AddressSanitizer's memory makes seven times as slow.
folder_of() { [ "$1" = hdf5 ] && echo "$folder/hdf5" || echo "$folder"; }
others=()
for target in "${targets[@]}"; do [ "$target" = hdf5 ] || others+=("${target}_fuzzer"); done
build "$folder" address,undefined mo "${others[@]}"
[[ " ${targets[*]} " != *" hdf5 "* ]] || build "$(folder_of hdf5)" undefined hdf5_fuzzer
# Into place as a whole: an interrupted run leaves no half of the seeds.
if [ ! -d "$folder/inputs" ]; then
  rm -rf "$folder/inputs.new"
  ASAN_OPTIONS=detect_leaks=0 build/venv/bin/python scripts/fuzz_inputs.py "$folder/bin/mo" "$folder/inputs.new"
  mv "$folder/inputs.new" "$folder/inputs"
fi

# Short stacks and a small quarantine: the sanitizer takes as much time as the code otherwise.
export ASAN_OPTIONS=malloc_context_size=4:quarantine_size_mb=16:thread_local_quarantine_size_kb=64
[ -d /dev/shm ] && export TMPDIR=/dev/shm  # where a target needs a file
status=0
for target in "${targets[@]}"; do
  corpus=$folder/corpus/$target log=$folder/$target.log
  mkdir -p "$corpus" "$folder/inputs/seeds/$target"
  longest=8192
  timeout=20
  [ "$target" = hdf5 ] && longest=20000 timeout=100  # its smallest files are long, and the library may take its time
  arguments=(-timeout=$timeout -rss_limit_mb=2048 -max_len=$longest -artifact_prefix="$folder/found/$target-" -print_final_stats=1)
  [ -f "$folder/inputs/$target.dict" ] && arguments+=(-dict="$folder/inputs/$target.dict")
  [ "$target" = hdf5 ] && arguments+=(-detect_leaks=0)  # libhdf5 loses memory on damaged files
  begin=$SECONDS code=0
  "$(folder_of "$target")/bin/${target}_fuzzer" "${limit[@]}" "${arguments[@]}" "$corpus" "$folder/inputs/seeds/$target" \
    >"$log" 2>&1 || code=$?
  runs=$(grep -oP 'number_of_executed_units: \K\d+' "$log" || grep -oP '^#\K\d+' "$log" | tail -1 || echo 0)
  covered=$(grep -oP ' cov: \K\d+' "$log" | tail -1 || echo 0)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$target" "${runs:-0}" $((SECONDS - begin)) "${covered:-0}" "$(ls "$corpus" | wc -l)" $code |
    tee -a "$folder/history.tsv"
  if [ $code -ne 0 ]; then status=1; grep -A12 -E 'ERROR:|runtime error|SUMMARY' "$log" | head -40; fi
done
exit $status
