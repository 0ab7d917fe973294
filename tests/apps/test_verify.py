"""mo verify: its numbers are those of an independent comparison, it names the layer that is wrong, and it says what it
cannot compare.
"""

from xml.etree import ElementTree

import numpy as np
import pytest

from apps.verifying import BY_LAYER, arrays, verify
from cli import nets
from numeric.layers import rows
from numeric.row import Numbers
from support import converter, executors
from support.compare import cosine, worst_error
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")
DIGITS = converter.REPOSITORY / "examples" / "digits"
SHAPES = converter.REPOSITORY / "examples" / "shapes"


def test_numbers_are_those_of_an_independent_comparison(padded):
    padded.convert("--mean_values", "[104,117,123]", "--scale", "58", "--reverse_input_channels")
    done = verify(padded, "--keep", "kept", "--seed", 5)
    fed = arrays(padded.folder / "kept" / "inputs.npz")["data"]
    assert fed.min() >= 0
    assert fed.max() > 200
    net_side = (fed[:, ::-1] - np.float32([104, 117, 123]).reshape(1, 3, 1, 1)) / 58
    tops = {"conv1": "conv1", "relu1": "relu1", "pool1": "pool1", "conv2": "conv2"}
    caffe = executors.run_opencv(padded.text, padded.model, {"data": net_side.astype(np.float32)}, tops)
    ir = executors.run_openvino(padded.folder / "ir" / "net.xml", {"data": fed})["conv2"]
    kept, ours = arrays(padded.folder / "kept" / "caffe.npz"), arrays(padded.folder / "kept" / "ir.npz")
    for name in tops:
        assert worst_error(kept[name], caffe[name]) < 1e-5, name
    assert worst_error(ours["conv2"], ir) < 1e-5
    layers = {row["layer"]: row for row in done.report["layers"]}
    assert set(layers) == set(tops)
    for name, row in layers.items():
        assert row["largest"] == pytest.approx(float(np.abs(ours[name] - kept[name]).max()), rel=1e-6)
        assert row["mean"] == pytest.approx(float(np.abs(np.float64(ours[name]) - kept[name]).mean()), rel=1e-6)
        assert row["relative"] == pytest.approx(worst_error(ours[name], kept[name]), rel=1e-6)
        assert row["cosine"] == pytest.approx(cosine(ours[name], kept[name]), abs=1e-9)
    assert done.report["verdict"] == "agrees"


@pytest.mark.parametrize("options", [["--data_type", "FP16"], ["--ir_version", "10"], ["--disable_fusing"], ["--ir_version", "7"],
                                     ["--ir_version", "2"], ["--mean_file", "mean.binaryproto"],
                                     ["--input_shape", "[2,3,20,16]"], ["--output", "pool1"],
                                     ["--input", "data{u8}", "--layout", "nchw->nhwc", "--mean_values", "[104,117,123]"],
                                     ["--ir_version", "4", "--mean_values", "[104,117,123]", "--move_to_preprocess"],
                                     ["--reverse_input_channels", "--scale_values", "[2,3,4]"]],
                         ids=lambda options: " ".join(options))  # fmt: skip
def test_every_kind_of_ir_agrees(options, padded):
    nets.mean_file(padded.folder / "mean.binaryproto", nets.pixels(1, 3, 16, 14))
    padded.convert(*options)
    more = ["--mean_file", "mean.binaryproto"] if "--mean_file" in options else []
    done = verify(padded, *more)
    assert done.report["verdict"] == "agrees"
    assert len([row for row in done.report["layers"] if "relative" in row]) >= 3


@pytest.mark.parametrize("options", [[], ["--ir_version", "3"], ["--ir_version", "7"], ["--ir_version", "2", "--data_type", "FP16"]],
                         ids=lambda options: " ".join(options))  # fmt: skip
@pytest.mark.parametrize("mapping", [True, False])
def test_layers_that_were_fused_are_told_from_those_that_were_not(mapping, options, tmp_path):
    """Old IR says `conv1` of what is conv1, bn1 and scale1 in Caffe."""
    done = converter.run("--input_model", DIGITS / "digits.caffemodel", "--output_dir", tmp_path, "--scale", 255, *options)
    assert done.returncode == 0, done.stderr
    if not mapping:
        (tmp_path / "digits.mapping").unlink()
    done = converter.run("verify", "--input_model", DIGITS / "digits.caffemodel", "--ir", tmp_path / "digits.xml")
    assert done.returncode == 0, done.stdout + done.stderr
    blobs = 1 if options else 6  # without the mapping: an old IR's outputs, a new one's tensors
    assert f"({8 if mapping else blobs} layers compared)" in done.stdout


def test_frozen_inputs_are_fed_to_caffe(tmp_path):
    net = nets.two_inputs(tmp_path)
    values = " ".join(str(v) for v in np.arange(192) / 7)
    net.convert("--freeze_placeholder_with_value", f"rois->[{values}]")
    report = verify(net, "--keep", "kept").report
    assert report["verdict"] == "agrees"
    fed = arrays(net.folder / "kept" / "caffe_inputs.npz")
    assert fed["rois"].shape == (1, 3, 8, 8)
    assert fed["rois"].ravel()[7] == pytest.approx(1)


def test_inputs_of_several_kinds(tmp_path):
    """Means for one of two inputs by name; both are fed."""
    net = nets.two_inputs(tmp_path)
    net.convert("--mean_values", "rois[1,2,3]", "--scale_values", "data[4,5,6]")
    assert verify(net).report["verdict"] == "agrees"


def test_an_ir_without_its_mapping_is_compared_by_names_of_tensors(padded):
    done = padded.convert()
    done.xml.with_suffix(".mapping").unlink()
    report = verify(padded).report
    assert [row["layer"] for row in report["layers"]] == ["relu1", "pool1", "conv2"]  # conv1's blob is overwritten
    assert report["verdict"] == "agrees"


def test_preprocessing_that_the_ir_lacks_is_seen(padded):
    """Metadata that say a mean which the weights do not have."""
    xml = padded.convert().xml
    text = xml.read_text()
    assert "<conversion_parameters>" in text
    xml.write_text(text.replace("<conversion_parameters>", '<conversion_parameters><mean_values value="[104,117,123]" />'))
    assert verify(padded, status=1).report["first_diverging"] == "conv1"


@pytest.mark.parametrize("name", ["conv1", "conv2"])
def test_a_broken_weight_is_found_and_its_layer_named(name, padded):
    xml = padded.convert().xml
    weights = next(node for node in executors.read_ir(xml).get_ops() if node.get_friendly_name() == f"{name}/weights")
    stored = np.fromfile(xml.with_suffix(".bin"), np.float32)
    block = weights.get_data().ravel()
    at = next(i for i in range(len(stored) - len(block) + 1) if np.array_equal(stored[i : i + len(block)], block))
    stored[at + 7] += 0.5
    stored.tofile(xml.with_suffix(".bin"))
    done = verify(padded, status=1)
    assert done.report["first_diverging"] == name
    assert f'first at layer "{name}" (Convolution)' in done.stderr
    assert "#results-differ" in done.stderr
    rows = {row["layer"]: row["agrees"] for row in done.report["layers"]}
    assert rows == {"conv1": name != "conv1", "relu1": name != "conv1", "pool1": name != "conv1", "conv2": False}


def test_strides_that_were_moved_up_are_compared_where_both_sides_have_numbers(tmp_path):
    n = Numbers("moved strides")
    text = (input_layer("data", (1, 3, 17, 17)) + nets.convolution("conv1", "data", 4, pad=1)
            + nets.convolution("conv2", "conv1", 5, kernel=1, more="stride: 2"))  # fmt: skip
    net = nets.Net(tmp_path, text, {"conv1": [n.normal(4, 3, 3, 3), n.normal(4)], "conv2": [n.normal(5, 4, 1, 1), n.normal(5)]})
    net.convert()
    rows = {row["layer"]: row for row in verify(net).report["layers"]}
    assert rows["conv1"]["shape"] == [1, 4, 9, 9]
    assert "every 2. row" in rows["conv1"]["note"]


def test_every_top_of_a_layer_is_compared_as_the_layer_left_it(tmp_path):
    """Its second top is overwritten behind it."""
    n = Numbers("two tops")
    text = (input_layer("data", (1, 3, 8, 8)) + nets.convolution("conv", "data", 6)
            + layer("slice", "Slice", ["conv"], ["a", "b"], "slice_param { axis: 1 slice_point: 2 }")
            + layer("relu", "ReLU", ["b"], ["b"]) + layer("square", "Power", ["b"], ["b"], "power_param { power: 2 }")
            + layer("concat", "Concat", ["b", "a"]))  # fmt: skip
    net = nets.Net(tmp_path, text, {"conv": [n.normal(6, 3, 3, 3), n.normal(6)]})
    net.convert()
    rows = verify(net).report["layers"]
    assert [(row["layer"], row["top"]) for row in rows if "relative" in row] == [
        ("conv", "conv"), ("slice", "a"), ("slice", "b"), ("relu", "b"), ("square", "b"), ("concat", "concat")]  # fmt: skip


def test_detections_are_matched(tmp_path):
    done = converter.run("--input_model", SHAPES / "shapes.caffemodel", "--output_dir", tmp_path)
    assert done.returncode == 0, done.stderr
    done = converter.run("verify", "--input_model", SHAPES / "shapes.caffemodel", "--ir", tmp_path / "shapes.xml", "--image",
                         SHAPES / "images" / "00.png")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "detections matched" in done.stdout
    matched, of = done.stdout.split("Output detections: ")[1].split(" detections")[0].split(" of ")
    assert matched == of
    assert int(of) >= 4


def test_verify_option_compares_after_the_conversion(tmp_path):
    done = converter.run("--input_model", DIGITS / "digits.caffemodel", "--output_dir", tmp_path, "--scale", 255, "--verify")
    assert done.returncode == 0, done.stderr
    assert "[ SUCCESS ] XML file" in done.stdout
    assert "top-1 the same in 1 of 1" in done.stdout
    assert "[ SUCCESS ] the IR computes what Caffe computes (8 layers compared)" in done.stdout


def test_the_page_shows_every_layer(padded):
    padded.convert()
    verify(padded, "--report", "page.html")
    page = (padded.folder / "page.html").read_text()
    assert page.count("<rect class=\"agrees\"") == 4
    assert page.count("<tr class=\"agrees\">") == 5  # and the output
    ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")  # it needs nothing from elsewhere


@pytest.mark.parametrize("error", [0, 1])
def test_regions_are_compared_as_far_as_caffe_has_them(error, tmp_path):
    """Caffe's Proposal gives as many rows as it found; the runtime fills its list up."""
    row = next(row for row in rows("regions") if row.name == "proposal_default")
    net = nets.Net(tmp_path, row.net, {})
    net.convert()
    (top, regions), = row.formula(row.inputs).items()
    found = regions[: int(np.flatnonzero(regions.any(1))[-1]) + 1]
    assert 0 < len(found) < len(regions)
    found[-1, 3] += error
    np.savez(tmp_path / "in.npz", **row.inputs)
    np.savez(tmp_path / "out.npz", **{top: found})
    report = verify(net, "--recorded", "out.npz", "--inputs", "in.npz", status=error).report
    (layer_row,) = (x for x in report["layers"] if "relative" in x)
    assert layer_row["note"] == f"the first {len(found)} rows: the runtime fills the list up"
    assert layer_row["agrees"] == report["outputs"][0]["agrees"] == (error == 0)


@pytest.mark.parametrize("executor", [[], ["--caffe", BY_LAYER]], ids=["OpenCV", "by layer"])
def test_layers_of_one_name_are_told_apart_by_their_tops(executor, tmp_path):
    """As HED's five layers `crop`.  OpenCV knows one of them by the name, and is not asked for it."""
    text = (input_layer("data", (1, 3, 4, 4)) + layer("twin", "TanH", ["data"], ["a"]) + layer("twin", "Power", ["a"], ["b"],
            "power_param { scale: 3 }") + layer("sum", "Eltwise", ["a", "b"]))  # fmt: skip
    net = nets.Net(tmp_path, text, {})
    net.convert()
    report = verify(net, "--keep", "kept", *executor).report
    assert report["verdict"] == "agrees"
    compared = {row["top"] for row in report["layers"] if "relative" in row}
    assert compared == ({"a", "b", "sum"} if executor else {"sum"})
    kept = arrays(net.folder / "kept" / "ir.npz")
    assert worst_error(kept["b"], 3 * kept["a"]) < 1e-6


LARGE_LOGITS = {  # error of the logits, further error of the probabilities -> the layer that is said to differ
    (2e-3, 0): None, (0, 5e-4): "prob", (2e-3, 2e-3): "prob", (0.5, 0): "ip",
}  # fmt: skip


@pytest.mark.parametrize(("of_logits", "further"), LARGE_LOGITS)
def test_a_softmax_of_large_numbers_is_judged_by_what_it_adds(of_logits, further, tmp_path):
    """Rounding at 300 is more than 1e-4 of a probability: as far as its bottom's difference explains it, it is no error."""
    n = Numbers("large logits")
    weights = 100 * n.normal(6, 8)
    weights[1] = weights[0]  # two classes of the same probability, where a difference shows most
    text = (input_layer("data", (1, 8)) + layer("ip", "InnerProduct", ["data"], params="inner_product_param { num_output: 6 }")
            + layer("prob", "Softmax", ["ip"]) + layer("flat", "Flatten", ["prob"]))  # fmt: skip
    net = nets.Net(tmp_path, text, {"ip": [weights, np.array([300, 300, 0, 0, 0, 0], np.float32)]})
    net.convert()
    data = 0.1 * n.normal(1, 8)
    logits = np.float64(data) @ np.float64(weights).T + [300, 300, 0, 0, 0, 0]
    logits[0, 0] += of_logits
    exponents = np.exp(logits - logits.max())
    prob = exponents / exponents.sum()
    assert 0.3 < prob[0, 0] < 0.7
    prob[0, 0] += further
    np.savez(tmp_path / "in.npz", data=data)
    np.savez(tmp_path / "out.npz", ip=np.float32(logits), prob=np.float32(prob), flat=np.float32(prob))
    differing = LARGE_LOGITS[of_logits, further]
    report = verify(net, "--recorded", "out.npz", "--inputs", "in.npz", status=1 if differing else 0).report
    assert report["first_diverging"] == differing
    rows_of = {row["layer"]: row for row in report["layers"]}
    if differing is None:
        assert rows_of["prob"]["relative"] > 5e-4
        assert "its bottom explains" in rows_of["prob"]["note"]
        assert "its bottom explains" in rows_of["flat"]["note"]
