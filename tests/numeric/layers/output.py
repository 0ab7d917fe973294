"""Softmax, and the layers of training nets at their end: losses and Accuracy."""

import numpy as np

from numeric.row import Numbers, Row, several, single
from support.prototxt import input_layer, layer


def softmax(name, params="", data=(2, 5, 4, 3), **more):
    return single(name, "Softmax", f"softmax_param {{ {params} }}", (data,), **more)


def training(name, tail, reference_tail, outputs, label_shape=(2,)):
    """A net with labels; executors run the net that inference needs of it."""
    numbers = Numbers(name)
    body = layer("ip", "InnerProduct", ["data"], params="inner_product_param { num_output: 5 }")
    data = input_layer("data", (2, 12))
    return Row(
        name,
        data + input_layer("label", label_shape) + body + "".join(tail),
        {"ip": [numbers.weights(5, 12), numbers.normal(5)]},
        {"data": numbers.normal(2, 12)},
        outputs,
        executor_net=data + body + "".join(reference_tail),
    )


SOFTMAX_LOSS = layer("loss", "SoftmaxWithLoss", ["ip", "label"])
ACCURACY = layer("accuracy", "Accuracy", ["ip", "label"])
TEST = "include { phase: TEST }"

ROWS = [
    softmax("softmax"),
    softmax("softmax_axis_0", "axis: 0"),
    softmax("softmax_axis_2", "axis: 2"),
    softmax("softmax_axis_3", "axis: 3"),
    softmax("softmax_negative", "axis: -1"),
    softmax("softmax_negative_3", "axis: -3"),
    softmax("softmax_rank_2", "", (3, 10)),
    softmax("softmax_large", "", (3, 10), feed=lambda n, s: n.normal(*s) * np.float32(200)),
    softmax("softmax_engine", "engine: CAFFE", (3, 10)),
    several(
        "softmax_in_place",
        {"data": (3, 8)},
        [layer("prob", "Softmax", ["data"], ["data"])],
        renamed={"data": "prob"},  # the input keeps its name, the output is known by its layer
    ),
    training("softmax_with_loss", [SOFTMAX_LOSS], [layer("loss", "Softmax", ["ip"])], ("loss",)),
    training(
        "softmax_with_loss_axis",
        [
            layer(
                "loss", "SoftmaxWithLoss", ["ip", "label"], params="softmax_param { axis: 1 } loss_weight: 1"
            )
        ],
        [layer("loss", "Softmax", ["ip"])],
        ("loss",),
    ),
    training("loss_and_accuracy", [ACCURACY, SOFTMAX_LOSS], [layer("loss", "Softmax", ["ip"])], ("loss",)),
    training(
        "accuracy_alone",
        [layer("accuracy", "Accuracy", ["ip", "label"], params=TEST)],
        [],
        ("ip",),
    ),
    training(
        "accuracy_top_k",
        [
            layer("accuracy", "Accuracy", ["ip", "label"], params="accuracy_param { top_k: 3 }"),
            layer("p", "Softmax", ["ip"]),
        ],
        [layer("p", "Softmax", ["ip"])],
        ("p",),
    ),
    training("euclidean_loss", [layer("loss", "EuclideanLoss", ["ip", "label"])], [], ("ip",), (2, 5)),
    training(
        "sigmoid_cross_entropy_loss",
        [layer("loss", "SigmoidCrossEntropyLoss", ["ip", "label"])],
        [layer("loss", "Sigmoid", ["ip"])],
        ("loss",),
        (2, 5),
    ),
    training(
        "auxiliary_loss_of_training",
        [
            layer(
                "aux", "SoftmaxWithLoss", ["ip", "label"], params="include { phase: TRAIN } loss_weight: 0.3"
            ),
            layer("prob", "Softmax", ["ip"]),
        ],
        [layer("prob", "Softmax", ["ip"])],
        ("prob",),
    ),
]
