"""Every topology through `mo`, the OpenVINO runtime, and OpenCV as the independent executor.

The short form keeps every layer and takes small images and a quarter of the channels; MO_FULL=1 takes the published
sizes.
"""

import re
from collections import Counter

import pytest

from numeric import topologies
from numeric.topologies import resnet
from support import converter
from support.compare import cosine, worst_error
from support.executors import read_ir, run_opencv, run_openvino

FULL = converter.is_full()


def independent(name, net, weights, full):
    """OpenCV computes Axpy wrongly, so it gets the same sum and product by other layers."""
    text = net.text
    if name in resnet.AXPY:
        _, size, short = topologies.BUILDERS[name]
        text = resnet.composed(name, *((size, 1, 1000) if full else (short, 4, 50))).text
    return run_opencv(text, weights, net.inputs, {"prob": "prob"})["prob"]


def convert(net, folder, *options):
    (folder / "net.prototxt").write_text(net.text)
    if not (folder / "net.caffemodel").exists():
        net.write(folder / "net.caffemodel")
    done = converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net", *options)
    assert done.status == 0, done.text
    return done


@pytest.mark.parametrize("name", topologies.BUILDERS)
def test_topology_gives_the_numbers_of_the_independent_executor(name, mo, tmp_path, record_property):
    net = topologies.build(name, FULL)
    done = convert(net, tmp_path)
    wanted = independent(name, net, tmp_path / "net.caffemodel", FULL)
    result = run_openvino(done.xml, net.inputs)["prob"]
    error = worst_error(result, wanted)
    record_property("error", error)
    assert error <= 1e-4, f"off by {error:.3g}"
    half = run_openvino(convert(net, tmp_path, "--data_type", "FP16").xml, net.inputs)["prob"]
    assert half.argmax() == wanted.argmax()
    assert cosine(half, wanted) >= 0.999


@pytest.mark.parametrize("name", topologies.BUILDERS)
def test_builders_make_nets_worth_comparing(name, tmp_path):
    """Outputs that are flat, saturated or not finite would agree whatever the converter did."""
    net = topologies.build(name)
    net.write(tmp_path / "net.caffemodel")
    probabilities = independent(name, net, tmp_path / "net.caffemodel", False).ravel()
    assert probabilities.sum() == pytest.approx(1, abs=1e-3)
    assert 1.05 / probabilities.size < probabilities.max() < 0.9


def ops_of(xml) -> Counter:
    return Counter(re.findall(r'<layer [^>]*\btype="(\w+)"', xml.read_text()))


def test_nothing_is_left_of_the_batch_norms_of_resnet50(mo, tmp_path):
    """53 convolutions with a bias each, the inner product with its bias, and 16 sums of blocks."""
    net = topologies.build("resnet50")
    ops = ops_of(convert(net, tmp_path).xml)
    assert ops["Convolution"] == 53
    assert ops["MatMul"] == 1
    assert ops["Multiply"] == 0
    assert ops["Add"] == 53 + 1 + 16
    assert not {"BatchNormInference", "Subtract", "Divide", "Power", "Sqrt"} & set(ops)


def test_switching_fusing_off_leaves_the_batch_norms(mo, tmp_path):
    net = topologies.build("resnet50")
    fused = run_openvino(convert(net, tmp_path).xml, net.inputs)["prob"]
    unfused = convert(net, tmp_path, "--disable_fusing")
    assert ops_of(unfused.xml)["Multiply"] >= 53
    assert worst_error(run_openvino(unfused.xml, net.inputs)["prob"], fused) <= 1e-5


def test_the_runtime_recognises_compressed_weights(mo, tmp_path):
    """FP16 constants of the file are halves followed by their decompression."""
    net = topologies.build("squeezenet_v1.1")
    convert(net, tmp_path)
    whole = (tmp_path / "net.bin").stat().st_size
    done = convert(net, tmp_path, "--data_type", "FP16")
    assert done.bin.stat().st_size < 0.55 * whole
    kinds = Counter(
        str(op.get_element_type()) for op in read_ir(done.xml).get_ops() if op.get_type_name() == "Constant"
    )
    assert any("f16" in kind or "float16" in kind for kind in kinds), kinds
