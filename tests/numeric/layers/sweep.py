"""Sizes of all layers with windows: kernels, strides, pads and dilations as many layers on one input."""

from itertools import product

from numeric.row import several
from support.prototxt import layer

SIZES = ((7, 7), (8, 5), (6, 11), (3, 2))


def pooling(name, size, pads, **more):
    """Windows that begin beyond the input are left out: their average is 0 / 0."""
    layers = []
    for method, kernel, stride, pad in product(("MAX", "AVE"), (1, 2, 3, 5), (1, 2, 3, 4), pads):
        if max(pad) >= kernel or any(kernel > s + 2 * p for s, p in zip(size, pad)):
            continue
        last = [-(-(s + 2 * p - kernel) // stride) * stride for s, p in zip(size, pad)]
        if not any(pad) and any(start >= s for start, s in zip(last, size)):
            continue
        params = f"pool: {method} kernel_size: {kernel} stride: {stride} pad_h: {pad[0]} pad_w: {pad[1]}"
        top = f"{method.lower()}_k{kernel}_s{stride}_p{pad[0]}{pad[1]}"
        layers.append(layer(top, "Pooling", ["data"], params=f"pooling_param {{ {params} }}"))
    return several(f"{name}_{size[0]}x{size[1]}", {"data": (1, 1, *size)}, layers, **more)


def convolution(size):
    layers, weights = [], {}
    for kernel, stride, pad, dilation in product((1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2)):
        if any(dilation * (kernel - 1) + 1 > s + 2 * pad for s in size) or (kernel == 1 and dilation > 1):
            continue
        name = f"k{kernel}_s{stride}_p{pad}_d{dilation}"
        params = f"num_output: 1 kernel_size: {kernel} stride: {stride} pad: {pad} dilation: {dilation}"
        layers.append(layer(name, "Convolution", ["data"], params=f"convolution_param {{ {params} }}"))
        weights[name] = [(1, 1, kernel, kernel), (1,)]
    return several(f"convolution_{size[0]}x{size[1]}", {"data": (1, 1, *size)}, layers, weights)


def deconvolution(size):
    layers, weights = [], {}
    for kernel, stride, pad, dilation in product((1, 2, 3, 4), (1, 2, 3), (0, 1, 2), (1, 2)):
        extent = dilation * (kernel - 1) + 1
        if any(stride * (s - 1) + extent <= 2 * pad for s in size) or (kernel == 1 and dilation > 1):
            continue
        name = f"k{kernel}_s{stride}_p{pad}_d{dilation}"
        params = f"num_output: 1 kernel_size: {kernel} stride: {stride} pad: {pad} dilation: {dilation}"
        layers.append(layer(name, "Deconvolution", ["data"], params=f"convolution_param {{ {params} }}"))
        weights[name] = [(1, 1, kernel, kernel), (1,)]
    return several(
        f"deconvolution_{size[0]}x{size[1]}", {"data": (1, 1, *size)}, layers, weights, opencv="ignores dilation"
    )


def im2col(size):
    layers = []
    for kernel, stride, pad, dilation in product((1, 2, 3), (1, 2, 3), (0, 1), (1, 2)):
        if any(dilation * (kernel - 1) + 1 > s + 2 * pad for s in size):
            continue
        name = f"k{kernel}_s{stride}_p{pad}_d{dilation}"
        params = f"kernel_size: {kernel} stride: {stride} pad: {pad} dilation: {dilation}"
        layers.append(layer(name, "Im2col", ["data"], params=f"convolution_param {{ {params} }}"))
    return several(
        f"im2col_{size[0]}x{size[1]}", {"data": (1, 2, *size)}, layers, opencv="lacks the layer"
    )


def pyramid(size):
    layers = []
    for method, height in product(("MAX", "AVE"), (1, 2, 3)):
        if 2 ** (height - 1) > min(size):
            continue
        params = f"spp_param {{ pool: {method} pyramid_height: {height} }}"
        layers.append(layer(f"{method.lower()}_h{height}", "SPP", ["data"], params=params))
    return several(f"spp_{size[0]}x{size[1]}", {"data": (1, 2, *size)}, layers, opencv="lacks the layer")


EVEN, UNEVEN = ((0, 0), (1, 1), (2, 2)), ((1, 0), (0, 1), (2, 1))
ROWS = [pooling("pooling", size, EVEN) for size in SIZES]
ROWS += [
    pooling("pooling_uneven", size, UNEVEN, opencv="drops the last window by axis, Caffe on both")
    for size in SIZES
]
ROWS += [convolution(size) for size in SIZES]
ROWS += [deconvolution(size) for size in SIZES]
ROWS += [im2col(size) for size in SIZES]
ROWS += [pyramid(size) for size in ((8, 8), (12, 8), (16, 4))]
