"""Convolution and Deconvolution."""

from dataclasses import replace

import numpy as np

from numeric.row import single


def conv(name, params, blobs, data=(2, 4, 7, 9), type_="Convolution", **more):
    return single(name, type_, f"convolution_param {{ {params} }}", (data,), blobs, **more)


def deconv(name, params, blobs, data=(2, 4, 5, 6), **more):
    return conv(name, params, blobs, data, "Deconvolution", **more)


def spelled(type_, name, params, blobs):
    """A depthwise layer of forks, which may leave its group out, by Caffe's own layer."""
    row = conv(name, params, blobs, type_=type_)
    plain = "Deconvolution" if "Deconv" in type_ else "Convolution"
    return replace(row, executor_net=row.net.replace(type_, plain).replace("num_output", "group: 4 num_output"))


def volume(name, params, pad=0, stride=1):
    """Convolution3D, a fork's spelling, of a volume."""
    row = conv(name, params, [(3, 4, 2, 3, 3), (3,)], (2, 4, 4, 6, 5), "Convolution3D", opencv="lacks this spelling")
    weights, bias = row.weights["layer"]

    def expected(inputs):
        x = np.pad(inputs["data"], [(0, 0), (0, 0)] + 3 * [(pad, pad)])
        windows = np.lib.stride_tricks.sliding_window_view(x, weights.shape[2:], (2, 3, 4))
        windows = windows[:, :, ::stride, ::stride, ::stride]
        return {"out": np.einsum("nczyxkji,ockji->nozyx", windows, weights) + bias.reshape(-1, 1, 1, 1)}

    return replace(row, formula=expected)


def deconv_of_axis(name, axis):
    """Channels counted from the end; each input pixel adds its multiple of the kernel."""
    row = deconv(name, f"num_output: 3 kernel_size: 3 stride: 2 axis: {axis}", [(4, 3, 3, 3), (3,)])
    weights, bias = row.weights["layer"]

    def expected(inputs):
        x = inputs["data"]
        out = np.zeros((len(x), 3, 2 * x.shape[2] + 1, 2 * x.shape[3] + 1)) + bias.reshape(-1, 1, 1)
        for i, j in np.ndindex(x.shape[2:]):
            out[:, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += np.einsum("nc,cokl->nokl", x[:, :, i, j], weights)
        return {"out": out}

    return replace(row, formula=expected)


ROWS = [
    volume("convolution_3d", "num_output: 3 kernel_size: 2 kernel_size: 3 kernel_size: 3"),
    volume("convolution_3d_pad_stride", "num_output: 3 kernel_size: 2 kernel_size: 3 kernel_size: 3 pad: 1 stride: 2", 1, 2),
    deconv_of_axis("deconv_axis", 1),
    deconv_of_axis("deconv_axis_negative", -3),
    spelled("ConvolutionDepthwise", "spelled_convolution_depthwise", "num_output: 4 kernel_size: 3", [(4, 1, 3, 3), (4,)]),
    spelled("DepthwiseConvolution", "spelled_depthwise_convolution", "num_output: 8 kernel_size: 3 pad: 1",
            [(8, 1, 3, 3), (8,)]),
    spelled("DepthwiseConv", "spelled_depthwise_conv", "num_output: 4 kernel_size: 3 bias_term: false", [(4, 1, 3, 3)]),
    spelled("DeconvolutionDepthwise", "spelled_deconvolution_depthwise", "num_output: 4 kernel_size: 4 stride: 2",
            [(4, 1, 4, 4), (4,)]),
    conv("plain", "num_output: 6 kernel_size: 3", [(6, 4, 3, 3), (6,)]),
    conv("no_bias", "num_output: 6 kernel_size: 3 bias_term: false", [(6, 4, 3, 3)]),
    conv("one_by_one", "num_output: 5 kernel_size: 1", [(5, 4, 1, 1), (5,)]),
    conv("one_by_one_stride", "num_output: 5 kernel_size: 1 stride: 2", [(5, 4, 1, 1), (5,)]),
    conv("pad", "num_output: 3 kernel_size: 3 pad: 1", [(3, 4, 3, 3), (3,)]),
    conv("pad_beyond_kernel", "num_output: 3 kernel_size: 3 pad: 4", [(3, 4, 3, 3), (3,)]),
    conv("stride", "num_output: 3 kernel_size: 3 stride: 2", [(3, 4, 3, 3), (3,)]),
    conv("stride_leftover", "num_output: 3 kernel_size: 2 stride: 3", [(3, 4, 2, 2), (3,)], (1, 4, 7, 10)),
    conv("kernel_h_w", "num_output: 3 kernel_h: 3 kernel_w: 5", [(3, 4, 3, 5), (3,)]),
    conv("pad_h_w", "num_output: 3 kernel_size: 3 pad_h: 0 pad_w: 2", [(3, 4, 3, 3), (3,)]),
    conv("stride_h_w", "num_output: 3 kernel_size: 3 stride_h: 1 stride_w: 3", [(3, 4, 3, 3), (3,)]),
    conv(
        "all_h_w",
        "num_output: 3 kernel_h: 1 kernel_w: 7 pad_h: 0 pad_w: 3 stride_h: 2 stride_w: 1",
        [(3, 4, 1, 7), (3,)],
    ),
    conv(
        "repeated_values",
        "num_output: 3 kernel_size: 3 kernel_size: 5 pad: 1 pad: 2 stride: 2 stride: 1",
        [(3, 4, 3, 5), (3,)],
    ),
    conv("list_syntax", "num_output: 3 kernel_size: [3, 2] pad: [1, 0]", [(3, 4, 3, 2), (3,)]),
    conv("dilation", "num_output: 3 kernel_size: 3 dilation: 2", [(3, 4, 3, 3), (3,)]),
    conv("dilation_pad", "num_output: 3 kernel_size: 3 dilation: 3 pad: 3", [(3, 4, 3, 3), (3,)]),
    conv(
        "dilation_rectangular",
        "num_output: 3 kernel_size: 3 dilation: 1 dilation: 3",
        [(3, 4, 3, 3), (3,)],
    ),
    conv("group", "num_output: 6 kernel_size: 3 group: 2", [(6, 2, 3, 3), (6,)]),
    conv("group_no_bias", "num_output: 6 kernel_size: 3 group: 2 bias_term: false", [(6, 2, 3, 3)]),
    conv("depthwise", "num_output: 4 kernel_size: 3 pad: 1 group: 4", [(4, 1, 3, 3), (4,)]),
    conv("depthwise_multiplier", "num_output: 8 kernel_size: 3 group: 4 stride: 2", [(8, 1, 3, 3), (8,)]),
    conv("group_dilation", "num_output: 4 kernel_size: 3 group: 2 dilation: 2 pad: 2", [(4, 2, 3, 3), (4,)]),
    conv("kernel_is_input", "num_output: 5 kernel_h: 7 kernel_w: 9", [(5, 4, 7, 9), (5,)]),
    conv("one_output", "num_output: 1 kernel_size: 3", [(1, 4, 3, 3), (1,)]),
    conv("one_input_channel", "num_output: 3 kernel_size: 3", [(3, 1, 3, 3), (3,)], (1, 1, 6, 6)),
    conv("axis_1", "num_output: 3 kernel_size: 3 axis: 1", [(3, 4, 3, 3), (3,)]),
    conv("axis_negative", "num_output: 3 kernel_size: 3 axis: -3", [(3, 4, 3, 3), (3,)]),
    conv("engine_caffe", "num_output: 3 kernel_size: 3 engine: CAFFE", [(3, 4, 3, 3), (3,)]),
    conv(
        "three_d",
        "num_output: 3 kernel_size: 3 pad: 1 stride: 2",
        [(3, 2, 3, 3, 3), (3,)],
        (1, 2, 5, 6, 7),
        opencv="refuses this shape",
    ),
    conv(
        "three_d_rectangular",
        "num_output: 3 kernel_size: 1 kernel_size: 2 kernel_size: 3 pad: 0 pad: 1 pad: 1",
        [(3, 2, 1, 2, 3), (3,)],
        (1, 2, 4, 5, 6),
    ),
    conv("one_d", "num_output: 3 kernel_size: 3 pad: 1", [(3, 2, 3), (3,)], (2, 2, 9)),
    single(
        "two_bottoms",
        "Convolution",
        "convolution_param { num_output: 3 kernel_size: 3 }",
        ((1, 4, 6, 6), (1, 4, 6, 6)),
        [(3, 4, 3, 3), (3,)],
        ("first", "second"),
    ),
    deconv("deconv", "num_output: 3 kernel_size: 3", [(4, 3, 3, 3), (3,)]),
    deconv("deconv_no_bias", "num_output: 3 kernel_size: 3 bias_term: false", [(4, 3, 3, 3)]),
    deconv("deconv_stride", "num_output: 3 kernel_size: 4 stride: 2 pad: 1", [(4, 3, 4, 4), (3,)]),
    deconv("deconv_pad", "num_output: 3 kernel_size: 3 pad: 1", [(4, 3, 3, 3), (3,)]),
    deconv("deconv_stride_beyond_kernel", "num_output: 3 kernel_size: 2 stride: 3", [(4, 3, 2, 2), (3,)]),
    deconv("deconv_group", "num_output: 6 kernel_size: 3 group: 2", [(4, 3, 3, 3), (6,)]),
    deconv("deconv_group_more_inputs", "num_output: 2 kernel_size: 3 group: 2", [(4, 1, 3, 3), (2,)]),
    deconv(
        "deconv_depthwise",
        "num_output: 4 kernel_size: 4 stride: 2 pad: 1 group: 4 bias_term: false",
        [(4, 1, 4, 4)],
    ),
    deconv(
        "deconv_rectangular",
        "num_output: 3 kernel_h: 2 kernel_w: 4 stride_h: 1 stride_w: 2 pad_h: 0 pad_w: 1",
        [(4, 3, 2, 4), (3,)],
    ),
    deconv(
        "deconv_dilation",
        "num_output: 3 kernel_size: 3 dilation: 2",
        [(4, 3, 3, 3), (3,)],
        opencv="ignores dilation",
    ),
]
