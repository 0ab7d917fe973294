"""Whether the runtime is faster when 1x1 convolutions that read the same input are one convolution and a split.

GoogLeNet's nine Inception modules, each as it is and with its three such convolutions joined, take turns in one process.
Every ratio above 1 says that joining them costs time: then `mo` leaves them as they are.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import openvino
from inference import geometric_mean, interleaved
from measure import machine, put_into
from openvino import opset1 as ops

# Side of the image, channels in, and of the branches: 1x1, 3x3 behind 1x1, 5x5 behind 1x1, 1x1 behind the pooling.
MODULES = {
    "3a": (28, 192, 64, (96, 128), (16, 32), 32),
    "3b": (28, 256, 128, (128, 192), (32, 96), 64),
    "4a": (14, 480, 192, (96, 208), (16, 48), 64),
    "4b": (14, 512, 160, (112, 224), (24, 64), 64),
    "4c": (14, 512, 128, (128, 256), (24, 64), 64),
    "4d": (14, 512, 112, (144, 288), (32, 64), 64),
    "4e": (14, 528, 256, (160, 320), (32, 128), 128),
    "5a": (7, 832, 256, (160, 320), (32, 128), 128),
    "5b": (7, 832, 384, (192, 384), (48, 128), 128),
}
SECONDS = 2.0  # for each module


def convolution(x, channels, side, numbers):
    """Convolution, bias and ReLU; `side` of the kernel."""
    source = x.get_shape()[1]
    weights = ops.constant(numbers.normal(0, 1 / math.sqrt(source), (channels, source, side, side)).astype(np.float32))
    pads = [side // 2] * 2
    y = ops.convolution(x, weights, [1, 1], pads, pads, [1, 1])
    return ops.relu(ops.add(y, ops.constant(numbers.normal(0, 1, (1, channels, 1, 1)).astype(np.float32))))


def module(size, source, one, three, five, pool, joined):
    """An Inception module; the same numbers either way are not needed to time it."""
    numbers = np.random.default_rng(1)
    data = ops.parameter([1, source, size, size], np.float32)
    x = data.output(0)
    widths = [one, three[0], five[0]]
    if joined:
        whole = convolution(x, sum(widths), 1, numbers)
        parts = ops.variadic_split(whole, ops.constant(1), ops.constant(widths))
        heads = [parts.output(i) for i in range(3)]
    else:
        heads = [convolution(x, width, 1, numbers).output(0) for width in widths]
    branches = [heads[0], convolution(heads[1], three[1], 3, numbers), convolution(heads[2], five[1], 5, numbers)]
    pooled = ops.max_pool(data, [1, 1], [1, 1], [1, 1], [3, 3])
    branches.append(convolution(pooled.output(0), pool, 1, numbers))
    return openvino.Model([ops.concat(branches, 1)], [data])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the table into this document")
    arguments = parser.parse_args()
    core = openvino.Core()
    lines = ["| module | apart, ms | joined / apart |", "|---|---|---|"]
    ratios = []
    for name, sizes in MODULES.items():
        requests = []
        for joined in (False, True):
            compiled = core.compile_model(module(*sizes, joined), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
            requests.append(compiled.create_infer_request())
            requests[-1].infer()
        apart, together = interleaved([request.infer for request in requests], SECONDS, 20)
        ratios.append(together / apart)
        lines.append(f"| {name} | {1000 * apart:.3f} | {ratios[-1]:.3f} |")
    lines.append(f"| **geometric mean** | | **{geometric_mean(ratios):.3f}** |")
    print("\n".join(lines))
    if arguments.markdown:
        head = f"{machine()}, OpenVINO {openvino.get_version().split('-')[0]}.\n\n"
        put_into(arguments.markdown, "parallel", head + "\n".join(lines))


if __name__ == "__main__":
    main()
