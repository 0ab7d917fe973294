"""The expected results, judged by a second executor: OpenCV's reader of Caffe files.

Where a row says that OpenCV is wrong or lacks the layer, BVLC Caffe is believed.
"""

import re

import pytest

from numeric import layers, references
from support import caffemodel
from support.compare import unmatched_detections, worst_error
from support.executors import run_opencv

# Layers of Caffe and its forks that OpenCV 4.14 has not.
LACKED_BY_OPENCV = {
    *("ArgMax", "BN", "BatchReindex", "Clip", "CropCenter", "CuDNNBatchNorm", "Embed", "GRN", "GSTiling", "HSigmoid"),
    *("HSwish", "Im2col", "RNN", "Reduction", "Reverse", "SPP", "Threshold"),
}


def lacked(row) -> bool:
    return not LACKED_BY_OPENCV.isdisjoint(re.findall(r'type:\s*"(\w+)"', row.reference_net))


CASES = [
    pytest.param(family, row, id=f"{family}-{row.name}")
    for family in layers.FAMILIES
    for row in layers.rows(family)
    if not row.opencv and not lacked(row)
]


def producers(net: str) -> dict:
    """Top -> the last layer that writes it, and which of its tops it is."""
    found = {}
    for block in re.split(r"\blayers?\s*\{", net)[1:]:
        name = re.search(r'\bname:\s*["\']([^"\']+)', block)
        for index, top in enumerate(re.findall(r'\btop:\s*["\']([^"\']+)', block)):
            found[top] = (name.group(1), index)
    return found


@pytest.mark.parametrize("family, row", CASES)
def test_opencv_agrees_with_caffe(family, row, tmp_path):
    wanted = references.expected(family, row)
    weights = tmp_path / "net.caffemodel"
    caffemodel.write(weights, row.reference_net, row.weights, row.encoding)
    where = producers(row.reference_net)
    tops = {top: where[top][0] for top in wanted if where[top][1] == 0}
    results = run_opencv(row.reference_net, weights, row.inputs, tops)
    for top in tops:
        if top in row.detections:
            assert unmatched_detections(results[top], wanted[top]) == 0, top
            continue
        if top in row.padded:
            count = (wanted[top] != 0).any(1).sum()
            assert worst_error(results[top][:count], wanted[top][:count]) <= 1e-4, top
            continue
        assert results[top].size == wanted[top].size, top
        assert worst_error(results[top].reshape(wanted[top].shape), wanted[top]) <= 1e-4, top
