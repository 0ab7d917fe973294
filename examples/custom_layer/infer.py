"""Runs an IR with the layer Ripple and compares the result with the layer's formula.

Usage: infer.py ripple.xml [ripple_runtime.so]; without the library, ripple_op.py computes the layer.
"""

import sys

import numpy as np
import openvino
from ripple_op import Ripple, formula


def infer(xml, x, extension=Ripple):
    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    core.add_extension(extension)
    return core.compile_model(xml, "CPU")(x)[0]


if __name__ == "__main__":
    data = np.random.default_rng(0).normal(size=(1, 3, 4, 5)).astype(np.float32)
    expected = np.maximum(formula(data, frequency=2.5, amplitude=0.5, phase=0.25), 0)
    difference = np.abs(infer(*sys.argv[1:2], data, *sys.argv[2:3]) - expected).max()
    print(f"largest difference from the formula: {difference:.1e}")
    sys.exit(int(difference > 1e-5))
