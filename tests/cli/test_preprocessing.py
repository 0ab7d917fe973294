"""Mean, scale and reversal: the IR computes net((reverse(x) - mean) / scale), wherever that ends in it."""

import random
from xml.etree import ElementTree

import numpy as np
import pytest

from cli import grid, nets
from support.compare import worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")
LIMIT = 1e-4


def types(xml) -> list:
    return [e.get("type") for e in ElementTree.parse(xml).iterfind("./layers/layer")]


@pytest.mark.parametrize("case", random.Random(6).sample(grid.all_cases(), 40), ids=str)
def test_combination(case, tmp_path):
    assert grid.error_of(case, tmp_path) <= LIMIT


def test_scale_goes_into_a_padded_convolution_and_the_mean_stays_before_it(tmp_path):
    xml = nets.padded(tmp_path, pad=1).convert("--mean_values", "[1,2,3]", "--scale_values", "[4,5,6]").xml
    before = types(xml)[: types(xml).index("Convolution")]
    assert "Multiply" not in before
    assert before.count("Add") == 1


def test_mean_and_scale_vanish_in_an_unpadded_convolution(tmp_path):
    plain = types(nets.padded(tmp_path, pad=0).convert().xml)
    assert types(nets.padded(tmp_path, pad=0).convert("-ms", "[1,2,3]", "-s", "4").xml) == plain


def test_reversal_costs_no_layer_where_weights_take_it(tmp_path):
    net = nets.padded(tmp_path)
    assert types(net.convert("--reverse_input_channels").xml) == types(net.convert().xml)


def test_reversal_before_what_cannot_take_it(tmp_path):
    """A softmax over the channels keeps the image as it is: the reversal becomes layers of its own."""
    net = nets.Net(tmp_path, input_layer("data", (1, 3, 4, 4)) + layer("p", "Softmax", ["data"]), {})
    x = nets.pixels(1, 3, 4, 4) / 100
    out = net.infer({"data": x}, "--reverse_input_channels", "-ms", "[0.5,1,2]")["p"]
    e = np.exp(x[:, ::-1] - np.reshape([0.5, 1, 2], (1, 3, 1, 1)))
    assert worst_error(out, (e / e.sum(1, keepdims=True)).astype(np.float32)) <= LIMIT


def test_reversal_through_layers_with_numbers_for_each_channel(tmp_path):
    text = (input_layer("data", (1, 3, 8, 8)) + layer("bn", "BatchNorm", ["data"]) + layer("s", "Scale", ["bn"],
            params="scale_param { bias_term: true }") + layer("p", "PReLU", ["s"])
            + layer("lrn", "LRN", ["p"], params="lrn_param { local_size: 3 alpha: 0.5 }") + nets.convolution("c", "lrn", 4))  # fmt: skip
    n = grid.nets.Numbers("channels")
    net = nets.Net(tmp_path, text, {"bn": [n.normal(3), n.uniform(1, 2, 3), np.ones(1, np.float32)],
                                    "s": [n.normal(3), n.normal(3)], "p": [n.uniform(0.1, 0.9, 3)],
                                    "c": [n.normal(4, 3, 3, 3), n.normal(4)]})  # fmt: skip
    x = nets.pixels(1, 3, 8, 8) / 50
    plain = net.infer({"data": np.ascontiguousarray(x[:, ::-1])})["c"]
    assert worst_error(net.infer({"data": x}, "--reverse_input_channels")["c"], plain) <= LIMIT
    assert "Split" not in types(net.convert("--reverse_input_channels").xml)


def test_reversal_of_other_than_three_channels_is_said(tmp_path):
    net = nets.padded(tmp_path, channels=4)
    done = net.convert("--reverse_input_channels")
    assert "channels-not-reversed" in done.stderr
    assert types(done.xml) == types(net.convert().xml)


@pytest.mark.parametrize("legacy_dims", [True, False])
@pytest.mark.parametrize(("offsets", "row", "column"), [((), 2, 3), (("-mo", "(0,5)"), 0, 5), (("-mo", "[4,6]"), 4, 6)])
def test_mean_image_is_cropped(tmp_path, offsets, row, column, legacy_dims):
    """Centred, or at the row and column given."""
    net, image, x = nets.padded(tmp_path), nets.pixels(3, 16, 16, seed="mean"), nets.pixels(1, 3, 12, 10)
    blob = image[None] if legacy_dims else image
    path = nets.mean_file(tmp_path / "mean.binaryproto", blob, legacy_dims)
    expected = net.infer({"data": x - image[None, :, row : row + 12, column : column + 10]})["conv2"]
    assert worst_error(net.infer({"data": x}, "--mean_file", path, *offsets)["conv2"], expected) <= LIMIT


def test_fp16(tmp_path):
    net, x = nets.padded(tmp_path), nets.pixels(1, 3, 12, 10)
    expected = net.infer({"data": (x[:, ::-1] - 128) / np.float32(127.5)})["conv2"]
    options = ["--data_type", "FP16", "-ms", "[128,128,128]", "-s", "127.5", "--reverse_input_channels"]
    assert worst_error(net.infer({"data": x}, *options)["conv2"], expected) <= 5e-3


def test_one_number_is_for_all_channels(tmp_path):
    net, x = nets.padded(tmp_path, channels=4), nets.pixels(1, 4, 12, 10)
    expected = net.infer({"data": (x - 100) / np.float32(2)})["conv2"]
    assert worst_error(net.infer({"data": x}, "-ms", "[100]", "--scale_values", "(2)")["conv2"], expected) <= LIMIT


def test_values_by_name_and_by_order(tmp_path):
    net = nets.two_inputs(tmp_path)
    a, b = nets.pixels(1, 3, 8, 8, seed="a"), nets.pixels(1, 3, 8, 8, seed="b")
    expected = net.infer({"data": a - 7, "rois": b / np.float32(5)})["sum"]
    named = net.infer({"data": a, "rois": b}, "-ms", "data[7,7,7]", "--scale_values", "rois(5,5,5)")["sum"]
    assert worst_error(named, expected) <= LIMIT
    swapped = net.infer({"data": a, "rois": b}, "--input", "rois,data", "-ms", "[0,0,0],[7,7,7]",
                        "--scale_values", "(5,5,5),(1,1,1)")["sum"]  # fmt: skip
    assert worst_error(swapped, expected) <= LIMIT


def test_scale_is_for_original_inputs_alone(tmp_path):
    net, x = nets.padded(tmp_path), nets.pixels(1, 6, 6, 5)
    plain = net.infer({"conv2/placeholder_port_0": x}, "--input", "conv2")["conv2"]
    scaled = net.infer({"conv2/placeholder_port_0": x}, "--input", "conv2", "--scale", "9")["conv2"]
    assert np.array_equal(plain, scaled)


def pre_process(xml):
    section = ElementTree.parse(xml).find("./pre-process")
    return section if section is not None else ElementTree.Element("none")


def test_moved_means_of_legacy_ir(tmp_path):
    """In the order of what the application feeds."""
    net = nets.padded(tmp_path)
    options = ["--ir_version", "3", "-ms", "[1,2,3]", "--move_to_preprocess"]
    section = pre_process(net.convert(*options).xml)
    assert section.get("reference-layer-name") == "data"
    assert [float(m.get("value")) for m in section.iterfind("./channel/mean")] == [1, 2, 3]
    section = pre_process(net.convert(*options, "--reverse_input_channels").xml)
    assert [float(m.get("value")) for m in section.iterfind("./channel/mean")] == [3, 2, 1]
    assert "ScaleShift" in types(net.convert(*options[:-1]).xml)
    assert "ScaleShift" not in types(net.convert(*options).xml)


def test_mean_image_of_legacy_ir(tmp_path):
    net, image = nets.padded(tmp_path), nets.pixels(3, 12, 10)
    done = net.convert("--ir_version", "3", "--mean_file", nets.mean_file(tmp_path / "m.binaryproto", image[None]))
    stored = done.xml.with_suffix(".bin").read_bytes()
    channels = [m.attrib for m in pre_process(done.xml).iterfind("./channel/mean")]
    read = [np.frombuffer(stored, "<f4", 120, int(c["offset"])).reshape(12, 10) for c in channels]
    assert np.array_equal(np.stack(read), image)


def test_means_stay_in_the_model_of_v11(tmp_path):
    net, x = nets.padded(tmp_path), nets.pixels(1, 3, 12, 10)
    done = net.convert("-ms", "[9,9,9]", "--move_to_preprocess", "--log_level", "INFO")
    assert "no section for means" in done.stderr
    moved = net.infer({"data": x}, "-ms", "[9,9,9]", "--move_to_preprocess")["conv2"]
    assert worst_error(moved, net.infer({"data": x - 9})["conv2"]) <= LIMIT


TRAINING = 'layer { name: "d" type: "Data" top: "data" include { phase: TRAIN } transform_param { scale: 9 } }\n' \
           'layer { name: "d" type: "Data" top: "data" include { phase: TEST }\n  transform_param { %s } }\n'  # fmt: skip


def test_auto_takes_the_trainings_values(tmp_path):
    net, x = nets.padded(tmp_path), nets.pixels(1, 3, 12, 10)
    (tmp_path / "train_val.prototxt").write_text(
        TRAINING % "mean_value: 104 mean_value: 117 mean_value: 123 scale: 0.017"
    )
    done = net.convert("--preprocess", "auto")
    assert "train_val.prototxt:3: --mean_values [104,117,123] --scale 58.8235" in done.stdout
    expected = net.infer({"data": (x - np.reshape(np.float32([104, 117, 123]), (1, 3, 1, 1))) * np.float32(0.017)})
    assert worst_error(net.infer({"data": x}, "--preprocess", "auto")["conv2"], expected["conv2"]) <= LIMIT
    assert "--mean_values" not in net.convert("--preprocess", "auto", "-ms", "[1,1,1]").stdout


def test_auto_takes_the_mean_file(tmp_path):
    net, image, x = nets.padded(tmp_path), nets.pixels(3, 12, 10, seed="m"), nets.pixels(1, 3, 12, 10)
    nets.mean_file(tmp_path / "net_mean.binaryproto", image[None])
    (tmp_path / "train.prototxt").write_text(TRAINING % 'mean_file: "/data/ilsvrc/net_mean.binaryproto"')
    assert "net_mean.binaryproto" in net.convert("--preprocess", "auto").stdout
    expected = net.infer({"data": x - image[None]})["conv2"]
    assert worst_error(net.infer({"data": x}, "--preprocess", "auto")["conv2"], expected) <= LIMIT
