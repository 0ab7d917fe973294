"""Crop, Interp, Resample, ArgMax, MVN, GRN, BN of all forks, and layers that move pixels."""

from dataclasses import replace

import cv2
import numpy as np

from numeric import formulas
from numeric.row import batch_norm, single

DATA = (2, 3, 7, 5)


def crop(name, params, data, reference):
    return single(name, "Crop", f"crop_param {{ {params} }}", (data, reference))


def interp(name, params, formula, data=DATA, reference=None):
    bottoms = (data, reference) if reference else (data,)
    return single(name, "Interp", f"interp_param {{ {params} }}", bottoms, formula=formula)


def interp_to(height, width, begin=0, end=0):
    """Expected result: corners on corners, after a crop."""

    def formula(inputs):
        data = next(iter(inputs.values()))
        data = data[:, :, begin : data.shape[2] - end, begin : data.shape[3] - end]
        return {"out": formulas.interpolate(data, height, width)}

    return formula


def resample(name, params, height, width, kernel, antialias=True):
    def formula(inputs):
        return {"out": formulas.resample(inputs["data"], height, width, kernel, antialias)}

    return single(name, "Resample", f"resample_param {{ {params} }}", (DATA,), formula=formula)


def resized(data, height, width, mode):
    return np.stack([[cv2.resize(c, (width, height), interpolation=mode) for c in image] for image in data])


def resize(name, params, mode):
    """Rockchip's layer does what OpenCV's function does."""
    sizes = [int(part) for part in params.split() if part.isdigit()][:2]
    return single(name, "Resize", f"resize_param {{ {params} }}", (DATA,),
                  formula=lambda i: {"out": resized(i["data"], *sizes, mode)}, opencv="reads another Resize")  # fmt: skip


def arg_max(name, params, data=DATA, feed=None):
    return single(
        name, "ArgMax", f"argmax_param {{ {params} }}", (data,), feed=feed or (lambda n, s: n.normal(*s))
    )


def ties(numbers, shape):
    """Few different values: what counts is which of the equal ones is taken."""
    return np.floor(numbers.uniform(0, 3, *shape))


def mvn(name, params, data=DATA, **more):
    return single(name, "MVN", f"mvn_param {{ {params} }}", (data,), **more)


def near_one(*shape):
    return lambda n: n.uniform(0.5, 1.5, *shape)


def bn_rows():
    """One layer type of five forks; the weights are in the row, so the formula can use them."""
    slope, bias, mean, variance = near_one(3), (3,), (3,), near_one(3)

    def row(name, type_, params, blobs, compute):
        made = single(name, type_, params, (DATA,), blobs)
        arrays = made.weights["layer"]
        return type(made)(**{**made.__dict__, "formula": lambda inputs: {"out": compute(inputs["data"], *arrays)}})

    def channels(v):
        return v.reshape(1, -1, 1, 1)

    def four(x, s, b, m, v, eps=1e-5):
        return (x - channels(m)) / np.sqrt(channels(v) + eps) * channels(s) + channels(b)

    def learn(x, s, b):
        m, v = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
        return (x - m) / np.sqrt(v + 1e-5) * channels(s) + channels(b)

    def five(x, m, v, f, s, b):
        return four(x, s, b, m / f, v / f)

    return [
        row("bn_segnet_inference", "BN", "bn_param { bn_mode: INFERENCE }", [slope, bias],
            lambda x, s, b: x * channels(s) + channels(b)),
        row("bn_segnet_learn", "BN", "", [slope, bias], learn),
        row("bn_pspnet", "BN", "bn_param { frozen: true }", [slope, bias, mean, variance], four),
        row("bn_pspnet_eps", "BN", "bn_param { eps: 0.1 }", [slope, bias, mean, variance],
            lambda *a: four(*a, eps=0.1)),
        row("bn_nvcaffe", "BatchNorm", "batch_norm_param { scale_bias: true }",
            [*batch_norm(3, 2.0), slope, bias], five),
        row("bn_cudnn_spelling", "CuDNNBatchNorm", "", [*batch_norm(3, 2.0)],
            lambda x, m, v, f: four(x, np.ones(3), np.zeros(3), m / f, v / f)),
    ]  # fmt: skip


def gs_tiling(name, stride, reverse, data):
    def formula(inputs):
        return {"out": formulas.gs_tiling(inputs["data"], stride, reverse)}

    params = f"gs_tiling_param {{ stride: {stride} reverse: {str(reverse).lower()} }}"
    return single(name, "GSTiling", params, (data,), formula=formula)


def crop_center(inputs):
    return {"out": inputs["data"][:, :, 1:-1, 2:-2]}


def grn(bias):
    def formula(inputs):
        x = inputs["data"]
        return {"out": x / np.sqrt(bias + (x * x).sum(1, keepdims=True))}

    return formula


# Why OpenCV is not asked about a row.
OPENCV = {
    "interp_shrink": "does not know shrink_factor",
    "interp_shrink_zoom": "does not know shrink_factor",
    "interp_free_corners": "aligns corners",
    "interp_free_corners_down": "aligns corners",
    "interp_bottom": "takes one bottom",
    "interp_pads": "ignores the pads",
    "interp_pads_zoom": "ignores the pads",
    "resample_linear": "resizes with another rule than the fork",
    "resample_linear_down": "resizes with another rule than the fork",
    "resample_linear_sharp": "resizes with another rule than the fork",
    "resample_nearest_down": "resizes with another rule than the fork",
    "resample_cubic": "has no cubic mode",
    "resample_factor": "wants width and height",
    "mvn_eps": "adds eps to the variance, Caffe to the deviation",
    "batch_norm_own_statistics": "takes one image only",
    "batch_norm_own_statistics_eps": "takes one image only",
    "bn_nvcaffe": "reads three blobs",
}

ROWS = [
    crop("crop", "", (2, 3, 7, 6), (2, 3, 5, 4)),
    crop("crop_offset", "offset: 2", (2, 3, 7, 6), (2, 3, 5, 4)),
    crop("crop_offsets", "offset: 2 offset: 1", (2, 3, 7, 6), (2, 3, 5, 4)),
    crop("crop_axis_1", "axis: 1 offset: 1 offset: 2 offset: 0", (2, 3, 7, 6), (2, 2, 5, 6)),
    crop("crop_axis_negative", "axis: -1 offset: 2", (2, 3, 7, 6), (2, 3, 7, 4)),
    crop("crop_axis_0", "axis: 0 offset: 1 offset: 0 offset: 0 offset: 3", (2, 3, 7, 6), (1, 3, 7, 2)),
    single("crop_dimsize", "Crop", "crop_param { axis: 2 offset: 1 offset: 2 dimsize: 4 dimsize: 3 }", (DATA,),
           formula=lambda i: {"out": i["data"][:, :, 1:5, 2:5]}, opencv="wants a second bottom"),
    single("crop_dimsize_axis_1", "Crop", "crop_param { axis: 1 offset: 1 dimsize: 2 dimsize: 5 dimsize: 4 }", (DATA,),
           formula=lambda i: {"out": i["data"][:, 1:, 1:6, 1:5]}, opencv="wants a second bottom"),
    single("crop_center", "CropCenter",
           "crop_center_param { crop_size: 0 crop_size: 0 crop_size: 1 crop_size: 2 }", (DATA,), formula=crop_center),
    interp("interp_size", "height: 9 width: 4", interp_to(9, 4)),
    interp("interp_to_one", "height: 1 width: 1", interp_to(1, 1)),
    interp("interp_from_one", "height: 5 width: 4", interp_to(5, 4), (1, 2, 1, 1)),
    interp("interp_zoom", "zoom_factor: 3", interp_to(19, 13)),
    interp("interp_shrink", "shrink_factor: 2", interp_to(4, 3)),
    interp("interp_shrink_zoom", "shrink_factor: 3 zoom_factor: 2", interp_to(5, 3)),
    interp("interp_bottom", "", interp_to(10, 8), DATA, (2, 3, 10, 8)),
    interp("interp_pads", "height: 8 width: 8 pad_beg: -1 pad_end: -2", interp_to(8, 8, 1, 2)),
    interp("interp_pads_zoom", "zoom_factor: 2 pad_beg: 0 pad_end: -1", interp_to(11, 7, 0, 1)),
    resize("resize_linear", "height: 11 width: 8", cv2.INTER_LINEAR),
    resize("resize_linear_down", "height: 3 width: 4 interp_mode: LINEAR", cv2.INTER_LINEAR),
    resize("resize_nearest", "height: 14 width: 15 interp_mode: NEAREST", cv2.INTER_NEAREST),
    resize("resize_nearest_number", "height: 10 width: 7 interp_mode: 3", cv2.INTER_NEAREST),
    resize("resize_nearest_down", "height: 3 width: 2 interp_mode: NEAREST", cv2.INTER_NEAREST),
    interp("interp_free_corners", "height: 11 width: 8 align_corners: false",
           lambda i: {"out": formulas.interpolate(i["data"], 11, 8, corners=False)}),
    interp("interp_free_corners_down", "height: 3 width: 4 align_corners: false",
           lambda i: {"out": formulas.interpolate(i["data"], 3, 4, corners=False)}),
    resample("resample_linear", "height: 14 width: 11 type: LINEAR", 14, 11, "LINEAR"),
    resample("resample_linear_down", "height: 3 width: 2 type: LINEAR", 3, 2, "LINEAR"),
    resample("resample_linear_sharp", "height: 3 width: 2 type: LINEAR antialias: false", 3, 2, "LINEAR", False),
    resample("resample_nearest", "height: 14 width: 15 type: NEAREST", 14, 15, "NEAREST"),
    resample("resample_nearest_down", "height: 3 width: 2 type: NEAREST", 3, 2, "NEAREST"),
    resample("resample_cubic", "height: 11 width: 9 type: CUBIC", 11, 9, "CUBIC"),
    resample("resample_factor", "factor: 2 type: LINEAR", 14, 10, "LINEAR"),
    arg_max("arg_max", ""),
    arg_max("arg_max_top_k", "top_k: 4"),
    arg_max("arg_max_values", "top_k: 3 out_max_val: true"),
    arg_max("arg_max_rank_2", "top_k: 2 out_max_val: true", (3, 9)),
    arg_max("arg_max_axis", "axis: 1"),
    arg_max("arg_max_axis_negative", "axis: -2 top_k: 2"),
    arg_max("arg_max_axis_values", "axis: 2 top_k: 3 out_max_val: true"),
    arg_max("arg_max_ties", "top_k: 4", (2, 3, 4, 5), ties),
    arg_max("arg_max_ties_axis", "axis: 1", (2, 6, 4, 5), ties),
    mvn("mvn", ""),
    mvn("mvn_across", "across_channels: true"),
    mvn("mvn_mean_only", "normalize_variance: false"),
    mvn("mvn_mean_only_across", "normalize_variance: false across_channels: true"),
    mvn("mvn_eps", "eps: 0.1"),
    single("grn", "GRN", "", (DATA,), formula=grn(1.0)),
    single("grn_bias", "GRN", "grn_param { bias: 0.3 }", (DATA,), formula=grn(0.3)),
    single("batch_norm_own_statistics", "BatchNorm", "batch_norm_param { use_global_stats: false }", (DATA,),
           batch_norm(3)),
    single("batch_norm_own_statistics_eps", "BatchNorm", "batch_norm_param { use_global_stats: false eps: 0.1 }",
           (DATA,), batch_norm(3)),
    *bn_rows(),
    gs_tiling("gs_tiling", 2, False, (2, 3, 4, 6)),
    gs_tiling("gs_tiling_reverse", 2, True, (2, 12, 3, 2)),
]  # fmt: skip
ROWS = [replace(row, opencv=row.opencv or OPENCV.get(row.name, "")) for row in ROWS]
