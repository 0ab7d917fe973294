"""Activations of forks, Reduction, lookups, SPP, Im2col, and recurrent layers."""

from dataclasses import replace

import numpy as np

from numeric.row import several, single
from support import prototxt

DATA = (2, 3, 5, 4)


def neuron(name, type_, params="", formula=None, feed=None):
    expected = (lambda inputs: {"out": formula(inputs["data"])}) if formula else None
    return single(name, type_, params, (DATA,), formula=expected,
                  feed=feed or (lambda n, s: n.normal(*s) * np.float32(4)))  # fmt: skip


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def reduction(name, params, formula=None):
    return single(name, "Reduction", f"reduction_param {{ {params} }}", (DATA,), formula=formula)


def whole(high):
    return lambda n, s: np.floor(n.uniform(0, high, *s))


def embed(name, params, shape, bias=True):
    blobs = [lambda n: n.normal(7, 4)] + ([(4,)] if bias else [])
    params = f"embed_param {{ num_output: 4 input_dim: 7 {params} }}"
    return single(name, "Embed", params, (shape,), blobs, feed=whole(7))


def data_and_indices(numbers, shape):
    return whole(4)(numbers, shape) if len(shape) == 1 else numbers.normal(*shape)


def spp(name, params, data=(2, 3, 9, 7)):
    return single(name, "SPP", f"spp_param {{ {params} }}", (data,))


def im2col(name, params, data=(2, 3, 6, 7)):
    return single(name, "Im2col", f"convolution_param {{ {params} }}", (data,))


def sequences(begins_inside):
    """Feeds [T, N, ...] with numbers and [T, N] with an indicator."""

    def feed(numbers, shape):
        if len(shape) != 2 or shape[0] == 2:  # the static bottom is [2, S]
            return numbers.normal(*shape)
        cont = np.ones(shape, np.float32)
        cont[0] = 0
        if begins_inside:
            cont[2, 0] = cont[3, 1] = 0
        return cont

    return feed


def recurrent(name, type_, blobs, bottoms, begins_inside=True):
    return single(name, type_, "recurrent_param { num_output: 4 }", bottoms, blobs, feed=sequences(begins_inside))


LSTM = [(16, 3), (16,), (16, 4)]
RNN = [(4, 3), (4,), (4, 4), (4, 4), (4,)]
STEPS = ((5, 2, 3), (5, 2))

# Why OpenCV is not asked about a row.
OPENCV = {
    "hard_sigmoid_spelled": "has ONNX's function of that name",
    "relu6_n": "does not know n",
    "swish_beta": "does not know beta",
    "tile": "reads another form of Tile",
    "lstm": "expects the blobs of its own fork",
    "lstm_several_sequences": "expects the blobs of its own fork",
    "lstm_static": "expects the blobs of its own fork",
    "lstm_images": "expects the blobs of its own fork",
}


def axpy(inputs):
    return {"out": inputs["data0"] * inputs["data1"] + inputs["data2"]}


def parameter():
    """Numbers of the caffemodel times the input: a net's results depend on an input."""
    row = several(
        "parameter", {"data": (2, 3)},
        [prototxt.layer("numbers", "Parameter", params="parameter_param { shape { dim: 2 dim: 3 } }"),
         prototxt.layer("out", "Eltwise", ["data", "numbers"], params="eltwise_param { operation: PROD }")],
        {"numbers": [(2, 3)]}, opencv="lacks the layer",
    )  # fmt: skip
    values = row.weights["numbers"][0]
    return replace(row, formula=lambda i: {"out": i["data"] * values})


def continuation():
    """0 for the first step of each sequence, 1 for all others."""
    indicator = "continuation_indicator_param { time_step: 4 batch_size: 2 }"
    return several(
        "continuation_indicator", {"data": (4, 2)},
        [prototxt.layer("steps", "ContinuationIndicator", params=indicator),
         prototxt.layer("out", "Eltwise", ["data", "steps"], params="eltwise_param { operation: PROD }")],
        formula=lambda i: {"out": i["data"] * np.float32([[0, 0], [1, 1], [1, 1], [1, 1]])}, opencv="lacks the layer",
    )  # fmt: skip


ROWS = [
    single("axpy", "Axpy", "", ((2, 3, 1, 1), (2, 3, 5, 4), (2, 3, 5, 4)), formula=axpy, opencv="computes it wrongly"),
    single("axpy_one_channel", "Axpy", "", ((1, 1, 1, 1), (1, 1, 3, 3), (1, 1, 3, 3)), formula=axpy,
           opencv="computes it wrongly"),
    single("transpose", "Transpose", "transpose_param { dim: 0 dim: 2 dim: 3 dim: 1 }", (DATA,),
           formula=lambda i: {"out": i["data"].transpose(0, 2, 3, 1)}, opencv="lacks the layer"),
    continuation(),
    parameter(),
    neuron("threshold", "Threshold"),
    neuron("threshold_value", "Threshold", "threshold_param { threshold: 0.7 }"),
    neuron("threshold_exact", "Threshold", "threshold_param { threshold: 1 }", feed=whole(4)),
    neuron("bnll", "BNLL"),
    neuron("bnll_large", "BNLL", feed=lambda n, s: n.normal(*s) * np.float32(60)),
    neuron("relu6", "ReLU6", "", lambda x: np.clip(x, 0, 6)),
    neuron("relu6_n", "ReLU6", "relu6_param { n: 2 }", lambda x: np.clip(x, 0, 2)),
    neuron("clip", "Clip", "clip_param { min: -1.5 max: 2 }", lambda x: np.clip(x, -1.5, 2)),
    neuron("swish", "Swish", "", lambda x: x * sigmoid(x)),
    neuron("swish_beta", "Swish", "swish_param { beta: 0.4 }", lambda x: x * sigmoid(np.float32(0.4) * x)),
    neuron("hard_sigmoid", "HSigmoid", "", lambda x: np.clip(x + 3, 0, 6) / 6),
    neuron("hard_swish", "HSwish", "", lambda x: x * np.clip(x + 3, 0, 6) / 6),
    neuron("hard_sigmoid_spelled", "HardSigmoid", "", lambda x: np.clip(x + 3, 0, 6) / 6),
    neuron("hard_swish_spelled", "HardSwish", "", lambda x: x * np.clip(x + 3, 0, 6) / 6),
    neuron("mish", "Mish", "", lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    reduction("reduction_sum", "", lambda inputs: {"out": inputs["data"].sum()}),
    reduction("reduction_sum_axis", "axis: 1"),
    reduction("reduction_asum", "operation: ASUM axis: 2"),
    reduction("reduction_sumsq", "operation: SUMSQ axis: 1 coeff: 0.5"),
    reduction("reduction_mean", "operation: MEAN axis: -1"),
    reduction("reduction_mean_coeff", "operation: MEAN axis: 2 coeff: -3"),
    embed("embed", "", (5, 2)),
    embed("embed_without_bias", "bias_term: false", (6,), False),
    single("batch_reindex", "BatchReindex", "", ((4, 3, 2), (6,)), feed=data_and_indices),
    spp("spp_one_level", "pyramid_height: 1 pool: MAX"),
    spp("spp", "pyramid_height: 3 pool: MAX", (2, 3, 12, 8)),
    spp("spp_average", "pyramid_height: 2 pool: AVE"),
    im2col("im2col", "kernel_size: 3"),
    im2col("im2col_all", "kernel_h: 2 kernel_w: 3 stride_h: 2 stride_w: 1 pad_h: 1 pad_w: 0"),
    single("tile", "Tile", "tile_param { axis: 2 tiles: 3 }", (DATA,)),
    single("reverse", "Reverse", "reverse_param { axis: 1 }", (DATA,),
           formula=lambda inputs: {"out": inputs["data"][:, ::-1]}),
    single("lstm", "LSTM", "recurrent_param { num_output: 4 }", STEPS, LSTM, feed=sequences(False)),
    recurrent("lstm_several_sequences", "LSTM", LSTM, STEPS),
    recurrent("lstm_static", "LSTM", [(16, 3), (16,), (16, 6), (16, 4)], (*STEPS, (2, 6))),
    recurrent("lstm_images", "LSTM", LSTM, ((5, 2, 1, 3), (5, 2))),
    recurrent("rnn", "RNN", RNN, STEPS, False),
    recurrent("rnn_several_sequences", "RNN", RNN, STEPS),
]  # fmt: skip
ROWS = [replace(row, opencv=row.opencv or OPENCV.get(row.name, "")) for row in ROWS]
