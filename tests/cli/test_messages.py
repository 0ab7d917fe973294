"""Wrong values on the command line: each is named by its code, exits as documented, and leaves no file."""

import numpy as np
import pytest

from cli import nets
from support import caffemodel, converter, executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


CASES = [
    (["-ms", "1,2,3"], "mean-scale-syntax"),
    (["-ms", "data[1,2,3],[1,2,3]"], "mean-scale-syntax"),
    (["--scale_values", "[1,a,3]"], "mean-scale-syntax"),
    (["-ms", "[1,2]"], "mean-scale-count"),
    (["-ms", "[1,2,3],[1,2,3]"], "mean-scale-count"),
    (["--scale_values", "daat[1,2,3]"], "mean-scale-input"),
    (["--scale_values", "[1,0,3]"], "zero-scale"),
    (["--scale", "0"], "zero-scale"),
    (["--scale", "x"], "command-line"),
    (["--scale", "2", "--scale_values", "[1,2,3]"], "conflicting-options"),
    (["-mf", "small", "-ms", "[1,2,3]"], "conflicting-options"),
    (["--input", "data[1,3,9,9]", "--input_shape", "[1,3,9,9]"], "conflicting-options"),
    (["-mf", "small"], "mean-file-size"),
    (["-mf", "grey"], "mean-file-size"),
    (["-mf", "large", "-mo", "(5,0)"], "mean-file-offsets"),
    (["-mf", "large", "-mo", "(-1,0)"], "mean-file-offsets"),
    (["-mf", "large", "-mo", "(1)"], "mean-file-offsets"),
    (["-mf", "large", "-mo", "1,2"], "mean-file-offsets"),
    (["--preprocess", "auto"], "no-preprocessing"),
    (["--preprocess", "other"], "command-line"),
    (["--input", "a,,b"], "command-line"),
    (["--output", ","], "command-line"),
    (["--input", "data{f99}"], "command-line"),
    (["--framework", "tf"], "unknown-framework"),
    (["--input_shape", "1,3,9,9"], "input-shape-syntax"),
    (["--input_shape", "[1,3,9,9],[1,3,9,9]"], "input-shape-count"),
]


@pytest.mark.parametrize(("options", "code"), CASES, ids=lambda v: " ".join(v) if isinstance(v, list) else v)
def test_wrong_values(net, options, code):
    nets.mean_file(net.folder / "small", np.zeros((1, 3, 5, 5)))
    nets.mean_file(net.folder / "grey", np.zeros((1, 1, 20, 20)))
    nets.mean_file(net.folder / "large", np.zeros((1, 3, 16, 16)))
    stderr = net.convert(*options, status=2).stderr
    assert f"FAQ.md#{code}" in stderr
    assert not (net.folder / "ir").exists() or not list((net.folder / "ir").iterdir())


def test_mean_file_of_two_inputs(tmp_path):
    net = nets.two_inputs(tmp_path)
    nets.mean_file(tmp_path / "mean", np.zeros((1, 3, 8, 8)))
    assert "mean-file-inputs" in net.convert("-mf", "mean", status=2).stderr


def test_mean_file_that_is_none(net):
    (net.folder / "text").write_bytes(b"\x00\x01\x02 no blob")
    assert "damaged-mean-file" in net.convert("-mf", "text", status=1).stderr
    assert "file-not-found" in net.convert("-mf", "absent", status=3).stderr


def test_mean_of_an_input_that_is_cut_off(net):
    done = net.convert("--input", "conv2", "-ms", "data[1,2,3]")
    assert "not part of what is converted" in done.stderr


def test_several_problems_in_one_run(net):
    stderr = net.convert("-ms", "1", "--scale", "0", "--data_type", "FP8", "--no_such_option", status=2).stderr
    for code in ("mean-scale-syntax", "zero-scale", "command-line", "unknown-option"):
        assert code in stderr


@pytest.mark.parametrize("ending", ["onnx", "pb", "params", "nnet"])
def test_model_of_another_framework(net, ending):
    """Without --framework the file's name tells; with it, the file is read as what the user says."""
    path = net.folder / f"net.{ending}"
    path.write_bytes(net.model.read_bytes())
    done = converter.run("--input_model", path, cwd=net.folder)
    assert done.returncode == 2
    assert "unknown-framework" in done.stderr and "this build reads caffe" in done.stderr
    assert converter.run("--input_model", path, "--framework", "caffe", cwd=net.folder).returncode == 0


def test_prototxt_without_a_caffemodel(net):
    done = converter.run("--input_proto", net.prototxt, cwd=net.folder)
    assert done.returncode == 1
    assert "2 such layers in this net: conv1, conv2" in done.stderr
    assert "missing-weights" in done.stderr and "--input_model" in done.stderr
    assert not (net.folder / "net.xml").exists()


def test_prototxt_of_a_net_without_weights(tmp_path):
    (tmp_path / "sum.prototxt").write_text(
        input_layer("a", (1, 2, 3, 4)) + input_layer("b", (1, 2, 3, 4)) + layer("sum", "Eltwise", ["a", "b"])
    )
    done = converter.run("--input_proto", "sum.prototxt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    x = {name: nets.pixels(1, 2, 3, 4, seed=name) for name in "ab"}
    assert np.array_equal(executors.run_openvino(tmp_path / "sum.xml", x)["sum"], x["a"] + x["b"])


ARITIES = {
    "convolution of two without a second top": (
        layer("y", "Convolution", ["data", "data"], ["y"], "convolution_param { num_output: 1 kernel_size: 1 }"), "2 bottoms and 1 tops"),
    "known Python layer without a top": (
        layer("y", "Python", ["data"], [], 'python_param { module: "m" layer: "SpatialDropoutLayer" }'), "it has 0 tops"),
}  # fmt: skip


@pytest.mark.parametrize("what", ARITIES)
def test_counts_that_the_parameters_decide_on(what, tmp_path):
    """No defect of the program: what a type takes in general does not say it all."""
    text, cause = ARITIES[what]
    (tmp_path / "net.prototxt").write_text(input_layer("data", (1, 2, 4, 4)) + text + layer("z", "TanH", ["data"]))
    caffemodel.write(tmp_path / "net.caffemodel", (tmp_path / "net.prototxt").read_text(), {"y": [np.ones((1, 2, 1, 1)), np.ones(1)]})
    done = converter.run("--input_model", tmp_path / "net.caffemodel", "-o", tmp_path)
    assert done.returncode == 1, done.stderr
    assert 'layer "y"' in done.stderr and cause in done.stderr and "#wrong-arity" in done.stderr
