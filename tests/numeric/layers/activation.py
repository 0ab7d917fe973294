"""Layers that work on each element by itself: activations and element-wise mathematics."""

import numpy as np

from numeric.row import positive, single
from support.caffemodel import Encoding


def act(name, type_, params="", **more):
    return single(name, type_, params, ((2, 3, 4, 5),), **more)


def rank_2(name, type_, params="", **more):
    return single(name, type_, params, ((3, 6),), **more)


def wide(numbers, shape):
    """Values far from 0 too, and 0 itself."""
    values = numbers.normal(*shape) * np.float32(20)
    values.ravel()[:3] = 0, 100, -100
    return values


def slopes(*shape):
    return lambda n: n.uniform(-0.5, 0.5, *shape)


ROWS = [
    act("relu", "ReLU"),
    act("relu_slope", "ReLU", "relu_param { negative_slope: 0.1 }"),
    act("relu_negative_slope", "ReLU", "relu_param { negative_slope: -0.3 }"),
    act("relu_slope_1", "ReLU", "relu_param { negative_slope: 1 }"),
    rank_2("relu_rank_2", "ReLU"),
    act("prelu", "PReLU", blobs=[slopes(3)]),
    act(
        "prelu_shared",
        "PReLU",
        "prelu_param { channel_shared: true }",
        blobs=[slopes(1)],
        encoding=Encoding(legacy_dims=True),
    ),
    act(
        "prelu_shared_scalar",
        "PReLU",
        "prelu_param { channel_shared: true }",
        blobs=[slopes()],
        opencv="no 0-D blob",
    ),
    rank_2("prelu_rank_2", "PReLU", blobs=[slopes(6)]),
    act("elu", "ELU"),
    act("elu_alpha", "ELU", "elu_param { alpha: 0.3 }"),
    act("elu_alpha_0", "ELU", "elu_param { alpha: 0 }"),
    act("sigmoid", "Sigmoid"),
    act("sigmoid_wide", "Sigmoid", feed=wide),
    rank_2("sigmoid_rank_2", "Sigmoid"),
    act("tanh", "TanH"),
    act("tanh_wide", "TanH", feed=wide),
    act("absval", "AbsVal"),
    act("power_default", "Power", after="TanH"),
    act("power_scale", "Power", "power_param { scale: 2.5 }"),
    act("power_shift", "Power", "power_param { shift: -1.5 }"),
    act("power_scale_shift", "Power", "power_param { scale: 0.5 shift: 3 }"),
    act("power_square", "Power", "power_param { power: 2 }"),
    act("power_cube_negative", "Power", "power_param { power: 3 scale: -1 }"),
    act("power_root", "Power", "power_param { power: 0.5 shift: 0.1 }", feed=positive),
    act("power_inverse", "Power", "power_param { power: -1 scale: 2 shift: 1 }", feed=positive),
    act("power_all", "Power", "power_param { power: 1.7 scale: 2 shift: 0.5 }", feed=positive),
    act("power_0", "Power", "power_param { power: 0 }"),
    act("power_scale_0", "Power", "power_param { scale: 0 shift: 2 power: 2 }"),
    act("exp", "Exp"),
    act("exp_scale_shift", "Exp", "exp_param { scale: 0.5 shift: -1 }"),
    act("exp_base", "Exp", "exp_param { base: 2 }"),
    act("exp_base_scale_shift", "Exp", "exp_param { base: 10 scale: 0.3 shift: 0.2 }"),
    act("log", "Log", feed=positive),
    act("log_base", "Log", "log_param { base: 2 }", feed=positive, opencv="ignores base, scale and shift"),
    act(
        "log_scale_shift",
        "Log",
        "log_param { scale: 2 shift: 0.5 }",
        feed=positive,
        opencv="ignores base, scale and shift",
    ),
    act(
        "log_all",
        "Log",
        "log_param { base: 10 scale: 3 shift: 1 }",
        feed=positive,
        opencv="ignores base, scale and shift",
    ),
    act("dropout", "Dropout", after="TanH"),
    act("dropout_ratio", "Dropout", "dropout_param { dropout_ratio: 0.9 }", after="TanH"),
    rank_2("dropout_rank_2", "Dropout", after="TanH"),
]
