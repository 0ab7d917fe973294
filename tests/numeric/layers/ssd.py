"""SSD: Normalize, PriorBox, PriorBoxClustered, DetectionOutput. BVLC Caffe has none of them: formulas say the results."""

import numpy as np

from numeric import detection_formulas as formulas
from numeric.layers.by_formula import case, image, with_defaults
from numeric.row import Numbers


def normalize(name, params, across, shared, eps=1e-10, scale=None, shape=(2, 5, 4, 3), opencv="", type_="Normalize"):
    if scale is None:
        scale = Numbers(name).uniform(0.5, 20, 1 if shared else shape[1])
    blobs = (scale,)
    return case(
        name,
        type_,
        f"norm_param {{ {params} }}",
        image(name, *shape),
        lambda x: formulas.normalize(x, scale, across, eps),
        opencv,
        blobs=blobs,
    )


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


def plain_detection(name, params, change, inputs=(), prior_width=4):
    """CENTER_SIZE, ten boxes of four classes; `change` makes (loc, conf, prior) of all bottoms for the formula."""
    numbers, count = Numbers(name), 10
    corners = numbers.uniform(0.1, 0.5, count, 2)
    boxes = np.concatenate([corners, corners + numbers.uniform(0.2, 0.5, count, 2)], 1)
    rows = [boxes.ravel(), np.tile([0.1, 0.1, 0.2, 0.2], count)]
    if prior_width == 5:  # an image's number and pixels: regions of a Proposal
        rows = [np.pad(boxes * [80, 60, 80, 60], ((0, 0), (1, 0))).ravel()]
    conf = np.exp(2 * numbers.normal(1, count, 4))
    bottoms = {
        "loc": 0.5 * numbers.normal(1, count * 4),
        "conf": (conf / conf.sum(2, keepdims=True)).reshape(1, -1),
        "prior": np.stack(rows)[None].astype(np.float32),
    }
    if "objectness" in inputs:
        bottoms |= {"objectness": numbers.uniform(0, 1, 1, count * 2), "refined": 0.5 * numbers.normal(1, count * 4)}
    common = "num_classes: 4 code_type: CENTER_SIZE nms_param { nms_threshold: 0.4 } keep_top_k: 12 confidence_threshold: 0.05"
    said = {"classes": 4, "code": "CENTER_SIZE", "threshold": 0.4, "keep": 12, "confidence": 0.05}

    def expected(*bottoms):
        loc, conf, prior, more = change(*bottoms)
        return formulas.detection_output(loc, conf, prior, **said, **more)

    params = f"detection_output_param {{ {common} {params} }}"
    opencv = "knows no regions in pixels" if prior_width == 5 else "knows three bottoms"
    return case(name, "DetectionOutput", params, bottoms, expected, opencv, detections=("out",))


def in_pixels(loc, conf, prior):
    """Priors [image, left, top, right, bottom], to be divided by the size of the image."""
    boxes = prior.reshape(-1, 5)[:, 1:] / [80, 60, 80, 60]
    return loc, conf, boxes.reshape(1, 1, -1), {"in_target": True}


def refined(least):
    """RefineDet: priors moved by a first prediction; those that are hardly objects are of no class."""

    def change(loc, conf, prior, objectness, first):
        boxes, variance = prior[0].reshape(2, -1, 4).astype(np.float64)
        boxes = formulas.decode("CENTER_SIZE", boxes, variance, first.reshape(-1, 4))
        conf = conf.reshape(-1, 4) * (objectness.reshape(-1, 2)[:, 1:] >= least)
        return loc, conf.reshape(1, -1), np.stack([boxes.ravel(), variance.ravel()])[None], {}

    return change


KEEPS_ONE = "writes past the end of its result without keep_top_k"


ROWS = [
    normalize("normalize_default", "", True, True, opencv="takes one image"),
    normalize("normalize_as_opencv_says", "", True, True, shape=(1, 5, 4, 3), type_="NormalizeBBox"),
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
    clustered("clustered_img_size", "width: 10 height: 20 img_size: 90 variance: 0.1", width=(10,), height=(20,),
              size=(90, 90), opencv="ignores img_size"),
    plain_detection("detection_pixels", "normalized: false input_height: 60 input_width: 80 "
                    "variance_encoded_in_target: true", in_pixels, prior_width=5),
    plain_detection("detection_refined", "objectness_score: 0.3", refined(0.3), ("objectness",)),
    plain_detection("detection_refined_all", "", refined(0.0), ("objectness",)),
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
]
