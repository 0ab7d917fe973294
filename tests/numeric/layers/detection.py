"""Layers of SSD, R-CNN and YOLO nets, parameter by parameter.

BVLC Caffe 1.0 has none of them: formulas say the results.
"""

import numpy as np

from numeric import detection_formulas as formulas
from numeric.row import Numbers, Row
from support import prototxt


def case(name, type_, params, inputs, expected, opencv="", said="", blobs=(), **more):
    """A layer alone; `inputs` name -> array in the order of its bottoms, `expected` arrays -> array.

    `said`: the parameters with defaults written out, for executors whose defaults are not those of the fork.
    """

    def net(params):
        layers = [prototxt.input_layer(n, a.shape) for n, a in inputs.items()]
        return "".join(layers) + prototxt.layer("layer", type_, list(inputs), ("out",), params)

    return Row(
        name,
        net(params),
        {"layer": list(blobs)} if blobs else {},
        inputs,
        formula=lambda values: {"out": expected(*values.values())},
        executor_net=net(said) if said else "",
        opencv=opencv,
        **more,
    )


def with_defaults(params, defaults):
    """`params` and what of `defaults` (field -> text) they do not say."""
    return " ".join([params] + [text for field, text in defaults.items() if f"{field}:" not in params])


def image(name, *shape):
    return {"data": Numbers(name).normal(*shape)}


# ---- Permute, ShuffleChannel -------------------------------------------------------------------------------------


def permute(name, order, axes, shape=(2, 3, 4, 5), opencv=""):
    params = "permute_param { " + " ".join(f"order: {a}" for a in order) + " }"
    return case(name, "Permute", params, image(name, *shape), lambda x: x.transpose(axes), opencv)


def shuffle(name, group, type_="ShuffleChannel", opencv="", shape=(2, 12, 3, 5)):
    def expected(x):
        n, c, h, w = x.shape
        return x.reshape(n, group, c // group, h, w).swapaxes(1, 2).reshape(x.shape)

    return case(name, type_, f"shuffle_channel_param {{ group: {group} }}", image(name, *shape), expected, opencv)


# ---- Normalize ---------------------------------------------------------------------------------------------------


def normalize(name, params, across, shared, eps=1e-10, scale=None, shape=(2, 5, 4, 3), opencv=""):
    if scale is None:
        scale = Numbers(name).uniform(0.5, 20, 1 if shared else shape[1])
    blobs = (scale,)
    return case(
        name,
        "Normalize",
        f"norm_param {{ {params} }}",
        image(name, *shape),
        lambda x: formulas.normalize(x, scale, across, eps),
        opencv,
        blobs=blobs,
    )


# ---- PriorBox, PriorBoxClustered ---------------------------------------------------------------------------------

OFFSET = "ignores offset"


def priors(name, type_, params, expected, layer, shape, opencv):
    inputs = {"map": np.zeros((1, 2, *layer), np.float32), "image": np.zeros((1, 3, *shape), np.float32)}
    said = with_defaults(params, {"clip": "clip: false", "variance": "variance: 0.1"})
    return case(
        name,
        type_,
        f"prior_box_param {{ {params} }}",
        inputs,
        lambda *_: expected,
        opencv,
        f"prior_box_param {{ {said} }}",
    )


def prior(name, params, layer=(5, 7), shape=(60, 90), size=None, opencv="", **said):
    said.setdefault("variance", (0.1,))
    expected = formulas.prior_box(layer, size or shape, **said)
    return priors(name, "PriorBox", params, expected, layer, shape, opencv)


def clustered(name, params, layer=(5, 7), shape=(60, 90), size=None, opencv="", **said):
    expected = formulas.prior_box_clustered(layer, size or shape, **said)
    return priors(name, "PriorBoxClustered", params, expected, layer, shape, opencv)


FOUR = "variance: 0.1 variance: 0.2 variance: 0.3 variance: 0.4"
FOUR_VALUES = (0.1, 0.2, 0.3, 0.4)

# ---- DetectionOutput ---------------------------------------------------------------------------------------------


def detection(
    name, params, count=20, classes=4, images=1, prior_rows=2, opencv="", negative=False, ranks=(2, 2, 3), **said
):
    numbers = Numbers(name)
    centers, sizes = numbers.uniform(0.2, 0.8, count, 2), numbers.uniform(0.1, 0.5, count, 2)
    boxes = np.concatenate([centers - sizes / 2, centers + sizes / 2], 1).astype(np.float32)
    variances = np.tile(np.float32([0.1, 0.1, 0.2, 0.2]), count)
    prior_blob = np.stack([boxes.ravel(), variances])[None, :prior_rows].astype(np.float32)
    per_prior = 4 if said.get("share", True) else 4 * classes
    conf = np.exp(2 * numbers.normal(images, count, classes))
    conf = (conf / conf.sum(2, keepdims=True)).astype(np.float32)
    if negative:
        conf = conf - np.float32(0.5)
    inputs = {
        "loc": 0.5 * numbers.normal(images, count * per_prior),
        "conf": conf.reshape(images, -1),
        "prior": prior_blob,
    }
    for key, rank in zip(inputs, ranks):
        inputs[key] = inputs[key].reshape(inputs[key].shape + (1,) * (rank - inputs[key].ndim))
    whole = f"num_classes: {classes} {params}"
    defaults = {
        "share_location": "share_location: true",
        "background_label_id": "background_label_id: 0",
        "nms_threshold": "nms_param { nms_threshold: 0.3 }",
        "code_type": "code_type: CORNER",
        "keep_top_k": "keep_top_k: -1",
    }
    return case(
        name,
        "DetectionOutput",
        f"detection_output_param {{ {whole} }}",
        inputs,
        lambda loc, conf, prior: formulas.detection_output(
            loc, conf, prior.reshape(1, prior_rows, -1), classes, **said
        ),
        opencv,
        f"detection_output_param {{ {with_defaults(whole, defaults)} }}",
        detections=("out",),
    )


# ---- Regions -----------------------------------------------------------------------------------------------------


def rois(numbers, count, width, height, images):
    left, top = numbers.uniform(0, width * 0.7, count), numbers.uniform(0, height * 0.7, count)
    right, bottom = left + numbers.uniform(1, width * 0.6, count), top + numbers.uniform(1, height * 0.6, count)
    which = np.arange(count) % images
    return np.stack([which, left, top, right, bottom], 1).round().astype(np.float32)


def roi_pooling(name, params, pooled, scale=1.0, images=1, trailing=(), opencv=""):
    numbers = Numbers(name)
    data = numbers.normal(images, 3, 9, 12)
    regions = rois(numbers, 6, 12 / scale, 9 / scale, images)
    return case(
        name,
        "ROIPooling",
        f"roi_pooling_param {{ {params} }}",
        {"data": data, "rois": regions.reshape(6, 5, *trailing)},
        lambda x, r: formulas.roi_pooling(x, r.reshape(-1, 5), pooled, scale),
        opencv,
    )


def psroi_pooling(name, channels, group, scale, images=1):
    numbers = Numbers(name)
    data = numbers.normal(images, channels * group * group, 9, 12)
    params = f"psroi_pooling_param {{ output_dim: {channels} group_size: {group} spatial_scale: {scale} }}"
    return case(
        name,
        "PSROIPooling",
        params,
        {"data": data, "rois": rois(numbers, 6, 12 / scale, 9 / scale, images)},
        lambda x, r: formulas.psroi_pooling(x, r, channels, group, scale),
    )




def proposal(name, params, python="", size=(6, 9), **said):
    """`params` as in proposal_param, or `python` as a param_str.

    Boxes below min_size, which Faster R-CNN drops, stand behind the others in the runtimes' results.
    """
    p = {"base": 16, "stride": 16, "min_size": 16, "ratios": (0.5, 1, 2), "scales": (8, 16, 32)}
    p |= {"pre": 6000, "post": 300, "threshold": 0.7} | said
    numbers = Numbers(name)
    count = len(p["ratios"]) * len(p["scales"])
    inputs = {
        "scores": numbers.uniform(0, 1, 1, 2 * count, *size),
        "deltas": 0.3 * numbers.normal(1, 4 * count, *size),
        "im_info": np.array([[size[0] * p["stride"], size[1] * p["stride"], 1.0]], np.float32),
    }

    def expected(scores, deltas, info):
        boxes = formulas.proposal(scores, deltas, info[0], **p)
        found = np.zeros((p["post"], 5), np.float32)
        found[: len(boxes), 1:] = boxes
        return found

    params = f"proposal_param {{ {params} }}"
    if python:
        params = f"python_param {{ module: 'rpn.proposal_layer' layer: 'ProposalLayer' param_str: \"{python}\" }}"
    return case(
        name,
        "Python" if python else "Proposal",
        params,
        inputs,
        expected,
        "has no Python layers" if python else "measures the overlap of boxes otherwise",
        padded=("out",),
    )


# ---- YOLO --------------------------------------------------------------------------------------------------------


def region_v2(name, type_, params, boxes, classes, coords=4, shape=(2, 3, 4)):
    x = image(name, shape[0], boxes * (classes + coords + 1), *shape[1:])
    return case(
        name,
        type_,
        params,
        x,
        lambda x: formulas.region(x, boxes, coords, classes, True).reshape(x.shape[0], -1),
        "reads no such layer from Caffe files",
    )


def region_v3(name, params, boxes, classes):
    return case(
        name,
        "RegionYolo",
        params,
        image(name, 2, boxes * (classes + 5), 3, 4),
        lambda x: formulas.region(x, boxes, 4, classes, False),
        "reads no such layer from Caffe files",
    )


def reorg(name, type_, params, stride, shape):
    return case(
        name,
        type_,
        params,
        image(name, *shape),
        lambda x: formulas.reorg(x, stride),
        "reads no such layer from Caffe files",
    )


def upsample(name, type_, params, factors):
    return case(
        name,
        type_,
        params,
        image(name, 2, 3, 4, 5),
        lambda x: x.repeat(factors[0], 2).repeat(factors[1], 3),
        "reads no such layer from Caffe files",
    )


def ctc(name, params, merge, steps=9, sequences=2, classes=4):
    numbers = Numbers(name)
    indicators = np.ones((steps, sequences), np.float32)
    indicators[6:, 1:] = 0
    inputs = {"data": numbers.normal(steps, sequences, classes), "indicators": indicators}
    return case(
        name,
        "CTCGreedyDecoder",
        params,
        inputs,
        lambda x, cont: formulas.greedy_labels(x, cont, merge),
        "reads no such layer from Caffe files",
    )


SHORT = "wants every axis"
KEEPS_ONE = "writes past the end of its result without keep_top_k"

ROWS = [
    permute("permute", (0, 2, 3, 1), (0, 2, 3, 1)),
    permute("permute_batch", (3, 0, 2, 1), (3, 0, 2, 1)),
    permute("permute_short", (0, 2), (0, 2, 1, 3), opencv=SHORT),
    permute("permute_one_axis", (3,), (3, 0, 1, 2), opencv=SHORT),
    permute("permute_3d", (0, 2, 1), (0, 2, 1), (2, 3, 4)),
    permute("permute_5d", (0, 4, 2, 1, 3), (0, 4, 2, 1, 3), (2, 3, 2, 2, 4)),
    shuffle("shuffle_2", 2),
    shuffle("shuffle_3", 3),
    shuffle("shuffle_4", 4),
    shuffle("shuffle_all", 12),
    normalize("normalize_default", "", True, True, opencv="takes one image"),
    normalize("normalize_one_image", "", True, True, shape=(1, 5, 4, 3)),
    normalize("normalize_across_channels", "across_spatial: false", False, True),
    normalize("normalize_ssd", "across_spatial: false channel_shared: false", False, False),
    normalize("normalize_per_channel_across_all", "channel_shared: false", True, False, opencv="takes one image"),
    normalize("normalize_eps", "across_spatial: false eps: 0.5", False, True, eps=0.5),
    normalize(
        "normalize_zero_scale", "across_spatial: false channel_shared: false", False, False, scale=np.zeros(5, "f4")
    ),
    prior("prior_default", "min_size: 20", min_size=(20,)),
    prior("prior_max", "min_size: 20 max_size: 35 variance: 0.1", min_size=(20,), max_size=(35,)),
    prior("prior_ratio", "min_size: 20 aspect_ratio: 2 variance: 0.1", min_size=(20,), ratios=(2,)),
    prior(
        "prior_ratios_max",
        "min_size: 20 max_size: 35 aspect_ratio: 2 aspect_ratio: 3 variance: 0.1",
        min_size=(20,),
        max_size=(35,),
        ratios=(2, 3),
    ),
    prior(
        "prior_no_flip",
        "min_size: 20 aspect_ratio: 2 aspect_ratio: 0.5 flip: false variance: 0.1",
        min_size=(20,),
        ratios=(2, 0.5),
        flip=False,
    ),
    prior(
        "prior_repeated_ratio",
        "min_size: 20 aspect_ratio: 1 aspect_ratio: 2 aspect_ratio: 2 variance: 0.1",
        min_size=(20,),
        ratios=(1, 2, 2),
    ),
    prior(
        "prior_two_sizes",
        f"min_size: 20 min_size: 30 max_size: 35 max_size: 50 aspect_ratio: 2 {FOUR}",
        min_size=(20, 30),
        max_size=(35, 50),
        ratios=(2,),
        variance=FOUR_VALUES,
        opencv="orders several sizes otherwise",
    ),
    prior(
        "prior_two_sizes_no_max",
        "min_size: 20 min_size: 30 variance: 0.1",
        min_size=(20, 30),
    ),
    prior("prior_clip", "min_size: 20 clip: true variance: 0.1", min_size=(20,), clip=True),
    prior("prior_one_variance", "min_size: 20 variance: 0.25", min_size=(20,), variance=(0.25,)),
    prior("prior_four_variances", f"min_size: 20 {FOUR}", min_size=(20,), variance=FOUR_VALUES),
    prior("prior_step", "min_size: 20 step: 16 variance: 0.1", min_size=(20,), step=(16, 16)),
    prior(
        "prior_step_offset",
        "min_size: 20 step: 16 offset: 0.25 variance: 0.1",
        min_size=(20,),
        step=(16, 16),
        offset=0.25,
        opencv=OFFSET,
    ),
    prior("prior_offset_alone", "min_size: 20 offset: 0 variance: 0.1", min_size=(20,), offset=0, opencv=OFFSET),
    prior(
        "prior_step_h_w", "min_size: 20 step_h: 12 step_w: 14 variance: 0.1", min_size=(20,), step=(12, 14)
    ),
    prior("prior_step_h_w_equal", "min_size: 20 step_h: 12 step_w: 12 variance: 0.1", min_size=(20,), step=(12, 12)),
    prior(
        "prior_step_h_w_everything",
        f"min_size: 20 max_size: 31 aspect_ratio: 2 clip: true step_h: 12 step_w: 14 offset: 0.3 {FOUR}",
        min_size=(20,),
        max_size=(31,),
        ratios=(2,),
        clip=True,
        step=(12, 14),
        offset=0.3,
        variance=FOUR_VALUES,
        opencv=OFFSET,
    ),
    prior(
        "prior_img_size",
        "min_size: 20 img_size: 100 variance: 0.1",
        min_size=(20,),
        size=(100, 100),
        opencv="ignores img_size",
    ),
    prior(
        "prior_img_h_w",
        "min_size: 20 img_h: 100 img_w: 80 step: 11 variance: 0.1",
        min_size=(20,),
        size=(100, 80),
        step=(11, 11),
        opencv="ignores img_h",
    ),
    prior(
        "prior_fraction", "min_size: 20.5 max_size: 31.25 variance: 0.1", min_size=(20.5,), max_size=(31.25,)
    ),
    clustered("clustered", "width: 10 height: 20 variance: 0.1", width=(10,), height=(20,)),
    clustered(
        "clustered_several",
        f"width: 10 width: 30 height: 20 height: 15 {FOUR}",
        width=(10, 30),
        height=(20, 15),
        variance=FOUR_VALUES,
    ),
    clustered("clustered_clip", "width: 40 height: 50 clip: true variance: 0.1", width=(40,), height=(50,), clip=True),
    clustered("clustered_step", "width: 10 height: 20 step: 16 variance: 0.1", width=(10,), height=(20,), step=(16, 16)),
    clustered(
        "clustered_step_h_w",
        "width: 10 height: 20 step_h: 12 step_w: 14 variance: 0.1",
        width=(10,),
        height=(20,),
        step=(12, 14),
    ),
    clustered(
        "clustered_step_offset",
        "width: 10 height: 20 step: 16 offset: 0.25 variance: 0.1",
        width=(10,),
        height=(20,),
        step=(16, 16),
        offset=0.25,
        opencv=OFFSET,
    ),
    clustered(
        "clustered_offset_alone",
        "width: 10 height: 20 offset: 0.25 variance: 0.1",
        width=(10,),
        height=(20,),
        offset=0.25,
        opencv=OFFSET,
    ),
    clustered(
        "clustered_img_h_w",
        "width: 10 height: 20 img_h: 100 img_w: 80 variance: 0.1",
        width=(10,),
        height=(20,),
        size=(100, 80),
        opencv="ignores img_h",
    ),
    detection("detection_default", "confidence_threshold: 0.1", confidence=0.1, opencv=KEEPS_ONE),
    detection("detection_no_threshold", "", negative=True, opencv="has a threshold by default"),
    detection("detection_keep", "keep_top_k: 10 confidence_threshold: 0.01", keep=10, confidence=0.01),
    detection(
        "detection_keep_all",
        "keep_top_k: -1 confidence_threshold: 0.01",
        keep=-1,
        confidence=0.01,
        opencv=KEEPS_ONE,
    ),
    detection(
        "detection_top_k",
        "nms_param { nms_threshold: 0.3 top_k: 5 } keep_top_k: 12 confidence_threshold: 0.01",
        top_k=5,
        keep=12,
        confidence=0.01,
    ),
    detection(
        "detection_top_k_keep_all",
        "nms_param { nms_threshold: 0.3 top_k: 5 } confidence_threshold: 0.01",
        top_k=5,
        confidence=0.01,
        opencv=KEEPS_ONE,
    ),
    detection(
        "detection_nms_threshold",
        "nms_param { nms_threshold: 0.05 } keep_top_k: 40 confidence_threshold: 0.01",
        threshold=0.05,
        keep=40,
        confidence=0.01,
    ),
    detection(
        "detection_center_size",
        "code_type: CENTER_SIZE keep_top_k: 30 confidence_threshold: 0.01",
        code="CENTER_SIZE",
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_code_by_number",
        "code_type: 2 keep_top_k: 30 confidence_threshold: 0.01",
        code="CENTER_SIZE",
        keep=30,
        confidence=0.01,
        opencv="wants the name",
    ),
    detection(
        "detection_corner_size",
        "code_type: CORNER_SIZE keep_top_k: 30 confidence_threshold: 0.01",
        code="CORNER_SIZE",
        keep=30,
        confidence=0.01,
        opencv="knows no CORNER_SIZE",
    ),
    detection(
        "detection_corner_size_per_class",
        "code_type: CORNER_SIZE share_location: false keep_top_k: 30 confidence_threshold: 0.01",
        code="CORNER_SIZE",
        share=False,
        keep=30,
        confidence=0.01,
        images=2,
        opencv="knows no CORNER_SIZE",
    ),
    detection(
        "detection_per_class",
        "share_location: false keep_top_k: 30 confidence_threshold: 0.01",
        share=False,
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_per_class_center_size",
        "share_location: false code_type: CENTER_SIZE keep_top_k: 30 confidence_threshold: 0.01",
        share=False,
        code="CENTER_SIZE",
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_background_2",
        "background_label_id: 2 keep_top_k: 30 confidence_threshold: 0.01",
        background=2,
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_no_background",
        "background_label_id: -1 keep_top_k: 60 confidence_threshold: 0.01",
        background=-1,
        keep=60,
        confidence=0.01,
        opencv="cannot do without a background",
    ),
    detection(
        "detection_variance_in_target",
        "variance_encoded_in_target: true keep_top_k: 30 confidence_threshold: 0.01",
        in_target=True,
        opencv="takes no variances then",
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_variance_in_target_center_size",
        "variance_encoded_in_target: true code_type: CENTER_SIZE keep_top_k: 30 confidence_threshold: 0.01",
        in_target=True,
        opencv="takes no variances then",
        code="CENTER_SIZE",
        keep=30,
        confidence=0.01,
    ),
    detection(
        "detection_two_images",
        "code_type: CENTER_SIZE keep_top_k: 9 confidence_threshold: 0.01",
        images=2,
        code="CENTER_SIZE",
        keep=9,
        confidence=0.01,
    ),
    detection(
        "detection_high_threshold",
        "keep_top_k: 10 confidence_threshold: 2",
        keep=10,
        confidence=2,
        opencv="gives one row where there is none",
    ),
    detection(
        "detection_4d_bottoms",
        "keep_top_k: 10 confidence_threshold: 0.01",
        keep=10,
        confidence=0.01,
        ranks=(4, 4, 4),
        opencv="wants lists",
    ),
    detection(
        "detection_save_output",
        'save_output_param { output_directory: "out" resize_param { prob: 1 height: 300 width: 300 } }'
        " visualize: true keep_top_k: 10 confidence_threshold: 0.01",
        keep=10,
        confidence=0.01,
    ),
    detection(
        "detection_two_classes", "keep_top_k: 10 confidence_threshold: 0.2", classes=2, keep=10, confidence=0.2
    ),
    roi_pooling("roi_pooling", "pooled_h: 3 pooled_w: 3", (3, 3)),
    roi_pooling("roi_pooling_h_w_scale", "pooled_h: 2 pooled_w: 5 spatial_scale: 0.0625", (2, 5), 0.0625),
    roi_pooling("roi_pooling_two_images", "pooled_h: 7 pooled_w: 7 spatial_scale: 0.125", (7, 7), 0.125, images=2),
    roi_pooling(
        "roi_pooling_4d_rois", "pooled_h: 3 pooled_w: 2", (3, 2), trailing=(1, 1), opencv="wants rois [R, 5]"
    ),
    psroi_pooling("psroi_pooling", 2, 3, 0.0625),
    psroi_pooling("psroi_pooling_two_images", 4, 2, 0.125, images=2),
    psroi_pooling("psroi_pooling_large_group", 1, 7, 0.25),
    region_v2(
        "region_yolo_softmax",
        "RegionYolo",
        "region_yolo_param { classes: 6 coords: 4 num: 3 do_softmax: true anchors: 1 anchors: 2 }",
        3,
        6,
    ),
    region_v2("region_yolo_one_box", "RegionYolo", "region_yolo_param { classes: 3 }", 1, 3),
    region_v2(
        "region_darknet", "Region", "region_param { classes: 6 num: 3 anchors: 1 anchors: 2 }", 3, 6, shape=(1, 4, 5)
    ),
    region_v3(
        "region_yolo_mask",
        "region_yolo_param { classes: 6 coords: 4 num: 9 do_softmax: false mask: 3 mask: 4 mask: 5 anchors: 1 }",
        3,
        6,
    ),
    region_v3(
        "region_yolo_one_mask", "region_yolo_param { classes: 1 num: 6 do_softmax: false mask: 0 }", 1, 1
    ),
    reorg("reorg_yolo", "ReorgYolo", "reorg_yolo_param { stride: 2 }", 2, (2, 8, 4, 6)),
    reorg("reorg_yolo_3", "ReorgYolo", "reorg_yolo_param { stride: 3 }", 3, (1, 9, 6, 3)),
    reorg("reorg", "Reorg", "reorg_param { stride: 2 }", 2, (1, 4, 4, 6)),
    reorg(
        "reorg_python",
        "Python",
        'python_param { module: "yolov2" layer: "darknet_reorg" }',
        2,
        (1, 4, 4, 6),
    ),
    upsample("upsample_2", "Upsample", "upsample_param { scale: 2 }", (2, 2)),
    upsample("upsample_3", "Upsample", "upsample_param { scale: 3 }", (3, 3)),
    upsample("upsample_h_w", "Upsample", "upsample_param { scale_h: 2 scale_w: 5 }", (2, 5)),
    upsample("upsample_darknet", "UpsampleDarknet", "upsample_darknet_param { stride: 4 }", (4, 4)),
    ctc("ctc_merged", "ctc_decoder_param { ctc_merge_repeated: true }", True),
    ctc("ctc_default", "", True),
    ctc("ctc_all", "ctc_decoder_param { ctc_merge_repeated: false }", False),
    proposal("proposal_default", "", post=300),
    proposal("proposal_post", "post_nms_topn: 12", post=12),
    proposal("proposal_pre", "pre_nms_topn: 30 post_nms_topn: 12", pre=30, post=12),
    proposal("proposal_nms", "nms_thresh: 0.3 post_nms_topn: 12", threshold=0.3, post=12),
    proposal(
        "proposal_anchors",
        "ratio: 0.7 ratio: 1.5 scale: 2 scale: 4 scale: 5.5 post_nms_topn: 12",
        ratios=(0.7, 1.5),
        scales=(2, 4, 5.5),
        post=12,
    ),
    proposal(
        "proposal_stride_base",
        "feat_stride: 8 base_size: 8 min_size: 8 scale: 2 scale: 4 post_nms_topn: 12",
        stride=8,
        base=8,
        min_size=8,
        scales=(2, 4),
        post=12,
    ),
    proposal(
        "proposal_min_size",
        "min_size: 40 scale: 2 scale: 4 post_nms_topn: 12",
        min_size=40,
        scales=(2, 4),
        post=12,
    ),
    proposal("proposal_python", "", "'feat_stride': 16", post=300),
    proposal(
        "proposal_python_dict",
        "",
        "{'feat_stride': 8, 'scales': (2, 4), 'ratios': [0.7,], 'base_size': 8, 'min_size': 8, 'post_nms_topn': 12}",
        stride=8,
        base=8,
        min_size=8,
        ratios=(0.7,),
        scales=(2, 4),
        post=12,
    ),
    proposal(
        "proposal_python_yaml",
        "",
        "feat_stride: 16\\nscales:\\n - 4\\n - 8\\npost_nms_topn: 12",
        scales=(4, 8),
        post=12,
    ),
]
