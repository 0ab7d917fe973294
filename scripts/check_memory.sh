#!/usr/bin/env bash
# A sample of what the program does, under valgrind (reads of what was never written, leaks) and, with the threads that
# write weights and convert many models, under ThreadSanitizer.  Status 1 when one of them has something to say.
#
#   scripts/check_memory.sh [valgrind|threads]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
which=${1:-all}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
digits=examples/digits/digits

sample() {  # PROGRAM...: conversions to each form, from it, and reports
  local version
  for version in 3 7 11; do
    "$@" --input_model $digits.caffemodel --output_dir "$out" --model_name "v$version" --ir_version $version --silent
  done
  "$@" --input_model $digits.caffemodel --output_dir "$out" --model_name half --data_type FP16 --scale 255 --silent
  "$@" --input_model $digits.caffemodel --output_dir "$out" --model_name onnx --output_format onnx --silent
  "$@" --upgrade_ir "$out/v3.xml" --output_dir "$out" --model_name new --silent
  "$@" --check_ir "$out/v7.xml"
  "$@" --input_proto $digits.prototxt --inspect=json >/dev/null
  "$@" --input_model $digits.caffemodel --output_dir "$out" --report "$out/r.html" --graph "$out/g.html" --silent
  ! "$@" --input_model $digits.prototxt --output_dir "$out" 2>/dev/null || return 1
}

if [ "$which" != threads ]; then
  command -v valgrind >/dev/null || { echo "valgrind is missing: scripts/install_prerequisites.sh --reliability" >&2; exit 3; }
  scripts/build.sh
  sample valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
    --trace-children=yes build/release/bin/mo >"$out/log"
  echo "valgrind: no finding"
fi
if [ "$which" != valgrind ]; then
  scripts/build.sh tsan
  export TSAN_OPTIONS=exitcode=66
  sample build/tsan/bin/mo >"$out/log"
  for name in a b c d e f; do
    for file in prototxt caffemodel; do cp $digits.$file "$out/$name.$file"; done
    echo "$out/$name.caffemodel"
  done >"$out/list"
  build/tsan/bin/mo --manifest "$out/list" --jobs 4 --output_dir "$out/many" >"$out/log"
  [ "$(find "$out/many" -name '*.bin' | wc -l)" = 6 ]
  # Weights of 64 MiB are written by several threads.
  build/venv/bin/python - "$out" <<'PYTHON'
import sys
sys.path.insert(0, "tests")
from pathlib import Path
import numpy as np
from support import caffemodel
from support.prototxt import input_layer, layer
text = input_layer("data", (1, 4096)) + layer("fc", "InnerProduct", ["data"], params="inner_product_param { num_output: 4096 }")
Path(sys.argv[1], "large.prototxt").write_text(text)
caffemodel.write(Path(sys.argv[1], "large.caffemodel"), text, {"fc": [np.ones((4096, 4096), "f4"), np.ones(4096, "f4")]})
PYTHON
  for options in "" "--data_type FP16" "--output_format onnx"; do
    # shellcheck disable=SC2086  # words
    build/tsan/bin/mo --input_model "$out/large.caffemodel" --output_dir "$out" $options --silent >"$out/log"
  done
  echo "ThreadSanitizer: no finding"
fi
