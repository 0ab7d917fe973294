"""--inspect: what it says of a net is what Caffe makes of it; and --list_layers."""

import json

import numpy as np
import pytest

from numeric import layers, references
from numeric.row import Numbers
from support import caffemodel, converter, prototxt

pytestmark = pytest.mark.usefixtures("mo")

NET = (
    prototxt.input_layer("data", (2, 3, 9, 7))
    + prototxt.layer("conv", "Convolution", ["data"], params="convolution_param { num_output: 4 kernel_size: 3 group: 1 }")
    + prototxt.layer("relu", "ReLU", ["conv"], ["conv"])
    + prototxt.layer("fc", "InnerProduct", ["conv"], params="inner_product_param { num_output: 5 bias_term: false }")
)
CONV, FC = 2 * 4 * 7 * 5 * 3 * 9, 2 * 5 * 4 * 7 * 5  # multiply-adds


def inspected(folder, net, *options, status=0, model=None):
    (folder / "net.prototxt").write_text(net)
    files = ["--input_proto", folder / "net.prototxt", *(["--input_model", model] if model else [])]
    done = converter.run("--inspect=json", *files, *options)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def by_name(report) -> dict:
    return {layer["name"]: layer for layer in report["layers"]}


def test_json_says_shapes_parameters_and_costs(tmp_path):
    report = inspected(tmp_path, NET)
    assert [layer["type"] for layer in report["layers"]] == ["Input", "Convolution", "ReLU", "InnerProduct"]
    conv = by_name(report)["conv"]
    assert conv["bottoms"] == [{"name": "data", "shape": [2, 3, 9, 7]}]
    assert conv["tops"] == [{"name": "conv", "shape": [2, 4, 7, 5]}]
    assert conv["parameters"] == {"num_output": "4", "kernel_size": "3", "group": "1"}
    assert (conv["multiply_adds"], conv["weights"], conv["weight_bytes"]) == (CONV, 4 * 27 + 4, 4 * (4 * 27 + 4))
    assert (by_name(report)["fc"]["multiply_adds"], by_name(report)["fc"]["weights"]) == (FC, 5 * 140)
    assert report["totals"] == {"layers": 4, "multiply_adds": CONV + FC, "weights": 812, "weight_bytes": 3248}
    assert report["trained"] is False and report["messages"] == []


def test_the_table_has_a_line_for_each_layer_and_the_totals(tmp_path):
    (tmp_path / "net.prototxt").write_text(NET)
    lines = converter.run("--inspect", "--input_proto", tmp_path / "net.prototxt").stdout.splitlines()
    assert lines[0].split()[:4] == ["layer", "type", "bottoms", "tops"]
    assert [line.split()[0] for line in lines[1:5]] == ["data", "conv", "relu", "fc"]
    assert "conv [2, 4, 7, 5]" in lines[2] and str(CONV) in lines[2]
    assert lines[-1].startswith("4 layers, ")


def test_nothing_is_written(tmp_path):
    inspected(tmp_path, NET, "--output_dir", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["net.prototxt"]


def test_shapes_and_cuts_of_the_command_line_count(tmp_path):
    report = inspected(tmp_path, NET, "--input_shape", "[1,3,5,5]", "--output", "conv")
    assert by_name(report)["conv"]["tops"][0]["shape"] == [1, 4, 3, 3]
    assert "fc" not in by_name(report)


def test_the_report_is_the_json(tmp_path):
    report = inspected(tmp_path, NET, "--report", tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text()) == report


def test_all_problems_are_said_and_the_rest_is_shown(tmp_path):
    broken = (
        prototxt.layer("odd", "Oddity", ["conv"]) + prototxt.layer("behind", "ReLU", ["odd"])
        + prototxt.layer("late", "Pooling", ["nowhere"], params="pooling_param { kernel_size: 2 }")
        + prototxt.layer("shadow", "ReLU", ["conv"], params="relu_param { negative_slope: 0.1 } power_param { shift: 1 }")
    )  # fmt: skip
    report = inspected(tmp_path, NET + broken, status=1)
    assert {m["code"] for m in report["messages"]} == {"unsupported-layer", "unknown-bottom", "ignored-parameter"}
    assert report["status"] == 1
    found = by_name(report)
    assert found["conv"]["tops"][0]["shape"] == [2, 4, 7, 5]
    assert found["odd"]["bottoms"][0]["shape"] == [2, 4, 7, 5]
    assert [found[name]["tops"][0]["shape"] for name in ("odd", "behind", "late")] == [None, None, None]


def test_other_forms_are_refused():
    done = converter.run("--inspect=xml", "--input_proto", "net.prototxt")
    assert done.returncode == 2 and "--inspect=json" in done.stderr and done.stdout == ""


def test_weights_of_the_caffemodel_are_counted(tmp_path):
    numbers = Numbers("inspect")
    weights = {"conv": [numbers.weights(4, 3, 3, 3), numbers.normal(4)], "fc": [numbers.weights(5, 140)]}
    caffemodel.write(tmp_path / "net.caffemodel", NET, weights)
    report = inspected(tmp_path, NET, model=tmp_path / "net.caffemodel")
    assert report["trained"] is True and report["totals"]["weights"] == 812


@pytest.mark.parametrize("family", layers.FAMILIES)
def test_a_prototxt_alone_says_the_shapes_and_weights_of_the_trained_net(family, tmp_path):
    """Over all tables of layers: shapes as Caffe has them, and as many weights as the caffemodel."""
    seen = 0
    for row in layers.rows(family):
        report = inspected(tmp_path, row.net, *row.options)
        shapes = {top["name"]: top["shape"] for layer in report["layers"] for top in layer["tops"]}
        for top, value in references.expected(family, row).items():
            if shapes.get(top) is not None:
                assert shapes[top] == list(value.shape), f"{row.name}: {top}"
        found = by_name(report)
        for name, blobs in row.weights.items():
            seen += 1
            assert found[name]["weights"] == sum(np.asarray(b).size for b in blobs), f"{row.name}: {name}\n{row.net}"
    if family in ("convolution", "inner_product", "normalization"):
        assert seen > 5


def test_layers_that_cannot_be_converted_are_grouped_with_counts_and_names(tmp_path):
    def python(name, layer):
        return prototxt.layer(name, "Python", ["data"], params=f"python_param {{ module: 'mine' layer: '{layer}' }}")

    net = prototxt.input_layer("data", (1, 3, 8, 8)) + "".join(
        [*(prototxt.layer(f"f{i}", "Convolutoin", ["data"]) for i in range(3)), python("p1", "Magic"),
         python("p2", "Magic"), python("p3", "Other")]
    )  # fmt: skip
    messages = [m for m in inspected(tmp_path, net, status=1)["messages"] if m["severity"] == "error"]
    assert [m["code"] for m in messages] == ["unsupported-layer"] * 3
    misspelt, magic, other = messages
    assert '"Convolutoin"' in misspelt["cause"] and "3 in this net: f0, f1, f2" in misspelt["cause"]
    assert '"Convolution"' in misspelt["remedy"] and "--output" in misspelt["remedy"]
    assert "mine.Magic" in magic["cause"] and "2 such layers in this net: p1, p2" in magic["cause"]
    assert "mine.Other" in other["cause"] and "p1" not in other["cause"]
    assert "custom layer" in magic["remedy"] and "--output" in magic["remedy"]


def test_the_list_of_layers_says_what_each_becomes():
    listed = json.loads(converter.run("--list_layers=json").stdout)
    by_type = {name: entry for entry in listed for name in entry["types"]}
    assert len(by_type) > 120
    pooling = by_type["Pooling"]
    assert {"path": "pooling_param.stride", "default": "1"} in pooling["parameters"]
    assert (pooling["opset"]["layers"], pooling["legacy"]["layers"]) == (["MaxPool"], ["Pooling"])
    assert by_type["Dropout"]["opset"] == {"layers": [], "problem": ""}
    assert by_type["Data"]["is_input"] is True
    assert by_type["Correlation1D"]["legacy"]["layers"] == ["Correlation"]
    assert "ReduceMean" in by_type["Correlation1D"]["opset"]["layers"]
    # An example that cannot be converted would make this list say so of a layer that can.
    refused = {"Filter", "WindowData", "YoloDetectionOutput"}
    problems = {entry["types"][0] for entry in listed if entry["opset"]["problem"] and entry["legacy"]["problem"]}
    assert problems == refused
