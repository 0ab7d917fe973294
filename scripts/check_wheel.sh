#!/usr/bin/env bash
# Builds the Python wheel, installs it with the OpenVINO runtime into a fresh environment as a user would, and uses it
# there: converts, infers, catches an error, runs the program, and has a type checker read the package.
#
#   scripts/check_wheel.sh [PYTHON]     python3 by default; the wheel is built by it and used by it
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/progress.sh"
python=${1:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

MO_WHEEL_PYTHON=$python "$root/scripts/build_wheel.sh" "$work/dist" >/dev/null
wheel=$(echo "$work"/dist/*.whl)
echo "$(basename "$wheel"): $(stat -c %s "$wheel") bytes"

with_progress "Making an environment" "$root/build/log/check-venv.log" "$python" -m venv "$work/venv"
runtime=$(grep '^openvino==' "$root/tests/requirements.txt")
with_progress "Installing the wheel and the runtime" "$root/build/log/check-pip.log" \
  "$work/venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off "$wheel" "$runtime" mypy==2.4.1
cp "$root"/examples/digits/digits.{caffemodel,prototxt} "$work"
cd "$work"
env -i "PATH=/usr/bin:/bin" venv/bin/python - <<'USE'
import logging

import caffe_mo
import numpy
import openvino

image = numpy.random.default_rng(0).random((1, 1, 8, 8), numpy.float32)
ir = caffe_mo.convert_to_ir("digits.caffemodel")
ir.save("by_package.xml")
exact = {"INFERENCE_PRECISION_HINT": "f32"}
from_file = openvino.Core().compile_model("by_package.xml", "CPU", exact)({"data": image})["prob"]
from_memory = openvino.Core().compile_model(caffe_mo.convert_model("digits.caffemodel"), "CPU", exact)({"data": image})["prob"]
numpy.testing.assert_array_equal(from_memory, from_file)
assert abs(float(from_memory.sum()) - 1) < 1e-5
try:
    caffe_mo.convert_model("digits.caffemodel", input_proto="none.prototxt")
except caffe_mo.FileError as error:
    assert error.code == "file-not-found" and open(error.faq.removeprefix("file://").partition("#")[0]).read()
else:
    raise SystemExit("no error")
print(f"convert_model and inference: right, openvino {openvino.__version__}")
USE
env -i "PATH=/usr/bin:/bin" venv/bin/mo --input_model digits.caffemodel --model_name by_program --silent >/dev/null
cmp by_package.bin by_program.bin
echo "$(venv/bin/mo --version | head -1)"
cat >typed.py <<'TYPED'
import caffe_mo

ir: caffe_mo.Ir = caffe_mo.convert_to_ir("net.caffemodel", mean_values=[1, 2, 3], compress_to_fp16=True)
name: str = ir.inputs[0].name
layers: tuple[caffe_mo.Layer, ...] = caffe_mo.inspect("net.caffemodel").layers
wrong: int = ir.xml
caffe_mo.convert_to_ir("net.caffemodel", compress_to_fp16="yes")
TYPED
(venv/bin/python -m mypy --strict --no-error-summary typed.py || true) >types.txt
# The two mistakes of the last lines and nothing else.
test "$(wc -l <types.txt)" = 2 && grep -q 'typed.py:6: error: Incompatible types' types.txt &&
  grep -q 'typed.py:7: error: Argument "compress_to_fp16"' types.txt || {
  cat types.txt >&2
  exit 1
}
venv/bin/python -m mypy --strict --no-error-summary --package caffe_mo
echo "the package is typed"
