"""Layers that decode the end of a net: RegionYolo and its kin, CTCGreedyDecoder. Formulas say the results."""

import numpy as np

from numeric import detection_formulas as formulas
from numeric.layers.by_formula import case, image
from numeric.row import Numbers


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


def region_flat(name, params, boxes, classes):
    """Rows and columns made one axis, the channels left."""
    x = image(name, 2, boxes * (classes + 5), 3, 4)

    def expected(x):
        return formulas.region(x, boxes, 4, classes, True).reshape(*x.shape[:2], -1)

    return case(name, "RegionYolo", params, x, expected, "reads no such layer from Caffe files")


def region_v3(name, params, boxes, classes, type_="RegionYolo"):
    return case(
        name,
        type_,
        params,
        image(name, 2, boxes * (classes + 5), 3, 4),
        lambda x: formulas.region(x, boxes, 4, classes, False),
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


ROWS = [
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
    region_v3("region_darknet_logistic", "region_param { classes: 3 coords: 4 num: 2 softmax: false }", 2, 3, "Region"),
    region_flat("region_yolo_axes", "region_yolo_param { classes: 3 num: 2 } flatten_param { axis: 2 end_axis: 3 }", 2, 3),
    ctc("ctc_blank", "ctc_decoder_param { blank_index: 3 }", True),
    ctc("ctc_merged", "ctc_decoder_param { ctc_merge_repeated: true }", True),
    ctc("ctc_default", "", True),
    ctc("ctc_all", "ctc_decoder_param { ctc_merge_repeated: false }", False),
]
