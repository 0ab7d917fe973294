"""What the tables of detection layers cannot say: IR versions, other input sizes, refusals."""

import numpy as np
import pytest

from numeric import detection_formulas as formulas
from numeric import layers
from numeric.row import Numbers
from support import caffemodel, converter, prototxt
from support.compare import worst_error
from support.executors import read_ir, run_openvino

pytestmark = pytest.mark.usefixtures("mo")


def convert(folder, net, *options):
    (folder / "net.prototxt").write_text(net)
    caffemodel.write(folder / "net.caffemodel", net, {})
    return converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net", *options)


def proposal_with_scores():
    row = next(r for r in layers.rows("regions") if r.name == "proposal_post")
    return row, row.net.replace('top: "out"', 'top: "out" top: "scores_out"')


def test_proposal_gives_the_scores_of_its_regions(tmp_path):
    row, net = proposal_with_scores()
    results = run_openvino(convert(tmp_path, net).xml, row.inputs)
    regions, scores = row.formula(row.inputs)["out"], results["scores_out"]
    assert worst_error(results["out"], regions) <= 1e-5
    assert scores.shape == (12, 1)
    best = row.inputs["scores"][0, 9:].max()
    assert scores[0, 0] == pytest.approx(best)
    assert (np.diff(scores[:, 0]) <= 0).all() and scores.min() > 0


def test_ir_v10_has_no_scores_of_regions(tmp_path):
    done = convert(tmp_path, proposal_with_scores()[1], "--ir_version", "10")
    assert done.status == 1
    assert "no Proposal that gives the scores" in done.text and "#not-in-this-ir-version" in done.text


@pytest.mark.parametrize("version", ["10", "11"])
def test_priors_follow_another_input_size(tmp_path, version):
    net = prototxt.input_layer("data", (1, 3, 60, 90))
    net += prototxt.layer("pool", "Pooling", ["data"], None, "pooling_param { kernel_size: 10 stride: 10 pool: AVE }")
    params = "prior_box_param { min_size: 20 max_size: 35 aspect_ratio: 2 }"
    net += prototxt.layer("out", "PriorBox", ["pool", "data"], None, params)
    model = read_ir(convert(tmp_path, net, "--ir_version", version).xml)
    model.reshape([1, 3, 40, 70])
    import openvino

    results = openvino.Core().compile_model(model, "CPU")(np.zeros((1, 3, 40, 70), np.float32))
    wanted = formulas.prior_box((4, 7), (40, 70), (20,), (35,), (2,))
    assert worst_error(results[0], wanted) <= 1e-5


def image_and(type_, params, bottoms=("data",), extra=""):
    return prototxt.input_layer("data", (1, 8, 4, 4)) + extra + prototxt.layer("layer", type_, bottoms, None, params)


REFUSED = {
    "unknown_python": (
        image_and("Python", "python_param { module: 'my.module' layer: 'MyLayer' }"),
        "my.module.MyLayer",
    ),
    "param_str": (
        image_and("Python", "python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' param_str: '{a: [1' }"),
        "a list is not closed (character 7)",
    ),
    "upsample_mask_size": (
        image_and("Upsample", "", ("data", "mask"), prototxt.input_layer("mask", (1, 8, 2, 2))),
        "not images of one size",
    ),
    "upsample_size": (image_and("Upsample", "upsample_param { upsample_h: 8 }"), "upsample_param.upsample_h"),
    "reorg_reverse": (image_and("Reorg", "reorg_param { reverse: true }"), "reorg_param.reverse"),
    "permute_twice": (image_and("Permute", "permute_param { order: 1 order: 1 }"), "named twice"),
    "shuffle_group": (image_and("ShuffleChannel", "shuffle_channel_param { group: 3 }"), "3 groups"),
    "two_steps": (
        image_and("PriorBox", "prior_box_param { min_size: 2 step: 4 step_h: 4 step_w: 4 }", ("data", "data")),
        "a step for both axes",
    ),
    "three_variances": (
        image_and("PriorBox", "prior_box_param { min_size: 2 " + "variance: 0.1 " * 3 + "}", ("data", "data")),
        "3 variances",
    ),
    "random_augmentation": (image_and("DataAugmentation", "augmentation_param { augment_during_test: true }"), "random"),
    "mean_without_weights": (image_and("DataAugmentation", "augmentation_param { recompute_mean: 9 }"), "means"),
    "no_shift_file": (image_and("PowerFile", "power_file_param { shift_file: 'nowhere.txt' }"), "nowhere.txt"),
    "crop_larger": (
        image_and("DataAugmentation", "augmentation_param { crop_height: 5 crop_width: 4 }"), "larger than its input"),
    "other_transform": (image_and("SpatialTransformer", "st_param { transform_type: 'thin_plate' }", ("data", "data")),
                        "thin_plate"),
    "other_sampler": (image_and("SpatialTransformer", "st_param { sampler_type: 'nearest' }", ("data", "data")), "nearest"),
    "no_theta": (image_and("SpatialTransformer", "", ("data", "data")), "not 6 numbers for each image"),
    "even_kernel": (image_and("Correlation", "correlation_param { kernel_size: 2 }", ("data", "data")), "must be odd"),
    "yolo_detections": (image_and("YoloDetectionOutput", ""), "RegionYolo"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_name_the_cause(name, tmp_path):
    net, cause = REFUSED[name]
    done = convert(tmp_path, net)
    assert done.status == 1, done.text
    assert cause in done.text and 'layer "layer"' in done.text


def test_what_no_runtime_honours_is_a_warning(tmp_path):
    row = next(r for r in layers.rows("detection_output") if r.name == "detection_keep")
    done = convert(tmp_path, row.net.replace("keep_top_k", "nms_param { eta: 0.9 } keep_top_k"))
    assert done.status == 0
    assert "nms_param.eta" in done.text and "#ignored-parameter" in done.text


WITHOUT_EFFECT = {
    "flip": ("PriorBoxClustered", "prior_box_param { width: 2 height: 3 step: 1 flip: false }", ("data", "data"),
             "prior_box_param.flip"),
    "coeff": ("Eltwise", "eltwise_param { operation: PROD coeff: 2 coeff: 3 }", ("data", "data"), "eltwise_param.coeff"),
    "abs": ("Correlation", "correlation_param { kernel_size: 1 max_displacement: 1 do_abs: true }", ("data", "data"),
            "correlation_param.do_abs"),
    "direction": ("Correlation", "correlation_param { kernel_size: 1 max_displacement: 1 single_direction: 1 }",
                  ("data", "data"), "correlation_param.single_direction"),
    "global": ("Pooling", "pooling_param { global_pooling: true stride: 2 }", ("data",), "pooling_param.stride"),
}


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_a_parameter_without_effect_is_a_message(name, tmp_path):
    type_, params, bottoms, said = WITHOUT_EFFECT[name]
    done = convert(tmp_path, image_and(type_, params, bottoms))
    assert done.status == 0, done.text
    assert said + " has no effect" in done.text and "#ignored-parameter" in done.text


def test_what_detections_are_saved_as_is_a_message(tmp_path):
    row = next(r for r in layers.rows("detection_output") if r.name == "detection_keep")
    params = 'visualize: true save_output_param { output_directory: "x" } keep_top_k'
    done = convert(tmp_path, row.net.replace("keep_top_k", params), "--log_level", "INFO")
    assert done.status == 0
    assert "visualize, output_directory: " in done.text


def test_ir_v10_cannot_undo_a_pooling(tmp_path):
    row = next(r for r in layers.rows("rearranging") if r.name == "unpooling")
    done = convert(tmp_path, row.net, "--ir_version", "10")
    assert done.status == 1
    assert "(its mask)" in done.text and "#not-in-this-ir-version" in done.text


def test_a_mask_that_nobody_reads_is_no_output(tmp_path):
    net = prototxt.input_layer("data", (1, 2, 4, 4))
    net += prototxt.layer("out", "Pooling", ["data"], ("out", "mask"), "pooling_param { kernel_size: 2 stride: 2 }")
    for version in ("7", "10", "11"):
        done = convert(tmp_path, net, "--ir_version", version)
        assert done.status == 0, done.text
        assert "PoolingPlaces" not in done.xml.read_text() and "mask" not in done.xml.read_text()


def test_what_is_read_for_its_size_alone_is_no_output(tmp_path):
    net = prototxt.input_layer("data", (1, 2, 8, 8))
    net += prototxt.layer("small", "Pooling", ["data"], None, "pooling_param { kernel_size: 2 stride: 2 }")
    net += prototxt.layer("out", "Crop", ["data", "small"])
    results = run_openvino(convert(tmp_path, net).xml, {"data": np.ones((1, 2, 8, 8), np.float32)})
    assert set(results) == {"out"} and results["out"].shape == (1, 2, 4, 4)


def test_ir_v10_has_no_spatial_transformer(tmp_path):
    row = next(r for r in layers.rows("flow") if r.name == "transformer")
    done = convert(tmp_path, row.net, "--ir_version", "10")
    assert done.status == 1
    assert "SpatialTransformer" in done.text and "#not-in-this-ir-version" in done.text


@pytest.mark.parametrize("text, taken", [("1 -2.5e0\n+3", 3), ("1 -2.5 3 4 5 6 7 8 9 10 11 12 13 14", 12), ("1 end 2", 1)])
def test_a_shift_file_is_added_number_by_number(text, taken, tmp_path, monkeypatch):
    """What it lacks is 0, what it has more is not read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shift.txt").write_text(text)
    net = prototxt.input_layer("data", (2, 3, 2, 2))
    net += prototxt.layer("out", "PowerFile", ["data"], None, "power_file_param { shift_file: 'shift.txt' }")
    shift = np.zeros(12, np.float32)
    shift[:taken] = [float(word) for word in text.split()[:taken]]
    data = Numbers("shift").normal(2, 3, 2, 2)
    for version in ("10", "11"):
        results = run_openvino(convert(tmp_path, net, "--ir_version", version).xml, {"data": data})
        assert worst_error(results["out"], data + shift.reshape(3, 2, 2)) <= 1e-6
    assert 'shift_file="shift.txt"' in convert(tmp_path, net, "--ir_version", "7").xml.read_text()


def test_power_file_without_a_file_adds_nothing(tmp_path):
    net = prototxt.input_layer("data", (2, 3)) + prototxt.layer("shift", "PowerFile", ["data"])
    net += prototxt.layer("out", "AbsVal", ["shift"])
    data = Numbers("no shift").normal(2, 3)
    assert worst_error(run_openvino(convert(tmp_path, net).xml, {"data": data})["out"], np.abs(data)) == 0


def test_parameters_of_simpler_nms_without_effect_are_messages(tmp_path):
    row = next(r for r in layers.rows("regions") if r.name == "simpler_nms_spelt")
    text = convert(tmp_path, row.net).text
    assert "cls_threshold has no effect" in text and "max_num_proposals has no effect" in text
