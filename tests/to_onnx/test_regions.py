"""ROIPooling as look-ups in a table of maxima: the results of MaxRoiPool, bit by bit, in each runtime."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from cli import nets
from support import executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

SCALE = 1 / 16
HEIGHT, WIDTH = 38, 63


def regions(count: int, images: int) -> np.ndarray:
    """Whole numbers, whose halves are then rounded; some beyond the map, some without any pixel of it, some wide ones."""
    numbers = np.random.default_rng(7)
    x = np.sort(numbers.integers(-40, WIDTH * 16 + 200, (count, 2)), axis=1)
    y = np.sort(numbers.integers(-40, HEIGHT * 16 + 200, (count, 2)), axis=1)
    x[:60] = [[0, 16 * wide] for wide in range(60)]  # 57 and 114 pixels in 7 cells: Caffe's last cell gains one
    y[60] = (3000, 3100)
    x[61] = x[61][::-1]
    image = numbers.integers(0, images, count)
    return np.stack([image, x[:, 0], y[:, 0], x[:, 1], y[:, 1]], axis=1).astype(np.float32)


def max_roi_pool(x, rois, pooled) -> np.ndarray:
    """By ONNX Runtime's own operator, which is Caffe's code."""
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape) for name, array in (("x", x), ("r", rois))]
    node = helper.make_node("MaxRoiPool", ["x", "r"], ["y"], pooled_shape=pooled, spatial_scale=SCALE)
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    model = helper.make_model(helper.make_graph([node], "net", values, [output]), ir_version=8,
                              opset_imports=[helper.make_opsetid("", 17)])  # fmt: skip
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x, "r": rois})[0]


def pooling(folder, images: int, count: int, pooled: tuple) -> nets.Net:
    text = input_layer("x", (images, 8, HEIGHT, WIDTH)) + input_layer("r", (count, 5))
    params = f"pooled_h: {pooled[0]} pooled_w: {pooled[1]} spatial_scale: {SCALE}"
    return nets.Net(folder, text + layer("y", "ROIPooling", ["x", "r"], params=f"roi_pooling_param {{ {params} }}"), {})


def convert(net, *options):
    return net.convert("--output_format", "onnx", *options, out="onnx").xml.with_suffix(".onnx")


@pytest.mark.parametrize(("images", "pooled"), [(1, (7, 7)), (3, (6, 14)), (1, (1, 1)), (1, (13, 3))])
def test_regions_of_every_kind(images, pooled, tmp_path):
    x = np.random.default_rng(1).normal(size=(images, 8, HEIGHT, WIDTH)).astype(np.float32)
    rois = regions(300, images)
    wanted = max_roi_pool(x, rois, pooled)
    model = convert(pooling(tmp_path, images, 300, pooled))
    assert "MaxRoiPool" not in {node.op_type for node in onnx.load(model).graph.node}
    assert (wanted == 0).any() and not (wanted == 0).all()
    for run in (executors.run_onnxruntime, executors.run_openvino):
        np.testing.assert_array_equal(run(model, {"x": x, "r": rois})["y"], wanted)


def test_maps_of_free_size_are_left_to_the_runtime(tmp_path):
    model = convert(pooling(tmp_path, 1, 20, (7, 7)), "--input", "x,r", "--input_shape", "[1,8,?,?],[20,5]")
    assert {node.op_type for node in onnx.load(model).graph.node} == {"MaxRoiPool"}


def test_a_table_above_1_gib_is_left_to_the_runtime(tmp_path):
    net = pooling(tmp_path, 1, 20, (7, 7))
    for channels, types in ((512, False), (8192, True)):
        model = convert(net, "--input", "x,r", "--input_shape", f"[1,{channels},{HEIGHT},{WIDTH}],[20,5]")
        assert ("MaxRoiPool" in {node.op_type for node in onnx.load(model).graph.node}) == types
