"""SSD: DetectionOutput, plain and as RefineDet has it. BVLC Caffe has none: formulas say the results."""

import numpy as np

from numeric import detection_formulas as formulas
from numeric.layers.by_formula import case, with_defaults
from numeric.row import Numbers


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
