"""The digits net in NumPy: forward and backward of its layers, in Caffe's terms and layouts.

Arrays are float32, [N, C, H, W].  Weights of a convolution are [out, in, 3, 3], of an inner product [out, in].
A BatchNorm has Caffe's three blobs: sums of means and variances [C] and the factor [1] that both are divided by.
"""

import numpy as np

EPSILON = 1e-5  # BatchNormParameter's default
CHANNELS = (16, 32)
CLASSES = 10


def layers(blobs: dict) -> list:
    """The description that caffemodel.py writes; `blobs` is a list of arrays by layer name."""

    def layer(name, kind, bottom, top, **parameters):
        return {"name": name, "type": kind, "bottom": bottom, "top": top, "blobs": blobs.get(name, []), **parameters}

    out = [layer("data", "Input", [], ["data"], input_param={"shape": [1, 1, 8, 8]})]
    bottom = "data"
    for i, channels in enumerate(CHANNELS, start=1):
        conv = f"conv{i}"
        parameters = {"num_output": channels, "bias_term": False, "pad": 1, "kernel_size": 3}
        out += [
            layer(conv, "Convolution", [bottom], [conv], convolution_param=parameters),
            layer(f"bn{i}", "BatchNorm", [conv], [conv], batch_norm_param={"use_global_stats": True}),
            layer(f"scale{i}", "Scale", [conv], [conv], scale_param={"bias_term": True}),
            layer(f"relu{i}", "ReLU", [conv], [conv]),
            layer(f"pool{i}", "Pooling", [conv], [f"pool{i}"],
                  pooling_param={"pool": "MAX", "kernel_size": 2, "stride": 2}),
        ]
        bottom = f"pool{i}"
    out.append(layer("score", "InnerProduct", [bottom], ["score"], inner_product_param={"num_output": CLASSES}))
    out.append(layer("prob", "Softmax", ["score"], ["prob"]))
    return out


def patches(x):
    """[N, C, H, W] -> [N, H, W, C * 9]: the 3x3 neighbourhood of each pixel, zeros outside."""
    n, c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(n, h, w, c * 9)


def convolution(x, weights):
    return (patches(x) @ weights.reshape(len(weights), -1).T).transpose(0, 3, 1, 2)


def convolution_backward(x, weights, gradient):
    """Gradients of the input and of the weights."""
    by_pixel = gradient.transpose(0, 2, 3, 1).reshape(-1, len(weights))
    weights_gradient = (by_pixel.T @ patches(x).reshape(len(by_pixel), -1)).reshape(weights.shape)
    flipped = weights[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    return convolution(gradient, flipped), weights_gradient


def max_pool(x):
    """2x2, stride 2; the mask marks each window's maximum."""
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2)
    top = windows.max(axis=(3, 5))
    return top, windows == top[:, :, :, None, :, None]


def max_pool_backward(mask, gradient):
    """Windows with equal maxima share the gradient."""
    share = gradient / mask.sum(axis=(3, 5))
    n, c, h, _, w, _ = mask.shape
    return (mask * share[:, :, :, None, :, None]).reshape(n, c, 2 * h, 2 * w)


def per_channel(vector):
    return vector[:, None, None]


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(blobs: dict, x):
    """Class probabilities [N, 10] of images [N, 1, 8, 8] with values 0 ... 1: the net as Caffe's phase TEST has it."""
    for i in range(1, len(CHANNELS) + 1):
        x = convolution(x, blobs[f"conv{i}"][0])
        mean, variance, factor = blobs[f"bn{i}"]
        x = (x - per_channel(mean / factor)) / np.sqrt(per_channel(variance / factor) + EPSILON)
        gamma, beta = blobs[f"scale{i}"]
        x, _ = max_pool(np.maximum(x * per_channel(gamma) + per_channel(beta), 0))
    weights, bias = blobs["score"]
    return softmax(x.reshape(len(x), -1) @ weights.T + bias)
