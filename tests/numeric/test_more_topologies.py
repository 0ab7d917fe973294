"""Small nets of detection, segmentation and others, against OpenCV and published formulas, layer by layer."""

import pytest

from numeric import test_topologies
from numeric.net_formulas import FORMULAS
from numeric.topologies import detection, segmentation
from support import layerwise
from support.compare import cosine, unmatched_detections, worst_error
from support.executors import run_openvino

NETS = {**segmentation.NETS, **detection.NETS}


@pytest.mark.parametrize("name", NETS)
def test_topology_gives_the_numbers_of_its_layers(name, mo, tmp_path):
    net = NETS[name]()
    done = test_topologies.convert(net, tmp_path)
    wanted = layerwise.run(net.text, tmp_path / "net.caffemodel", net.inputs, FORMULAS)
    results = run_openvino(done.xml, net.inputs)
    assert wanted and set(results) == set(wanted)
    half = run_openvino(test_topologies.convert(net, tmp_path, "--data_type", "FP16").xml, net.inputs)
    for top, value in wanted.items():
        assert value.std() > 1e-3 * abs(value).max() > 0, f"{top} is flat"
        if value.shape[:2] == (1, 1) and value.shape[-1] == 7:
            assert (value[..., 2] > 0.1).sum() >= 3, "nothing is detected"
            assert unmatched_detections(results[top], value) == 0
            continue
        found = results[top][: len(value)]  # behind them: fillers for regions that there are not
        assert worst_error(found, value) <= 1e-4, top
        if name not in detection.CHOOSING:  # half weights choose other regions or places
            assert cosine(half[top], value) >= 0.999, top
