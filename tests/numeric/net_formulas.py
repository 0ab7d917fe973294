"""Layers as functions of (layer, bottoms, blobs): what the layer by layer executor does not ask OpenCV for.

Caffe's own that OpenCV reads otherwise, and those of forks; the numbers are those of formulas and detection_formulas.
"""

import ast

import cv2
import numpy as np

from numeric import detection_formulas as detection
from numeric import formulas as basic


def channels(values, rank: int, images: int = 1) -> np.ndarray:
    return np.reshape(values, (images, -1) + (1,) * (rank - 2))


def bn(layer, bottoms, blobs):
    """SegNet's two blobs: statistics of this batch, or none; PSPNet's four: those kept."""
    x = bottoms[0]
    if len(blobs) == 2:
        mean, variance = np.zeros(1), np.ones(1)
        if layer.one("bn_param.bn_mode", "LEARN") != "INFERENCE":
            mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3)) + layer.one("bn_param.eps", 1e-5)
    else:
        mean, variance = blobs[2], blobs[3] + layer.one("bn_param.eps", 1e-5)
    factor = channels(blobs[0], x.ndim) / np.sqrt(channels(variance, x.ndim))
    return [(x - channels(mean, x.ndim)) * factor + channels(blobs[1], x.ndim)]


def interp(layer, bottoms, _):
    x = bottoms[0]
    height, width = (layer.one(f"interp_param.{side}", 0) for side in ("height", "width"))
    shrink, zoom = (layer.one(f"interp_param.{side}_factor", 1) for side in ("shrink", "zoom"))
    if len(bottoms) == 2:
        height, width = bottoms[1].shape[2:]
    elif not height:
        height, width = ((s - 1) // shrink + 1 for s in x.shape[2:])
        height, width = (s + (s - 1) * (zoom - 1) for s in (height, width))
    return [basic.interpolate(x, height, width)]


def upsample(layer, bottoms, _):
    """Nearest neighbours; with a mask each number goes to where its maximum was."""
    x = bottoms[0]
    scale = layer.one("upsample_param.scale") or layer.one("upsample_darknet_param.stride", 2)
    if len(bottoms) == 1:
        return [x.repeat(scale, 2).repeat(scale, 3)]
    n, c, h, w = x.shape
    height, width = (
        layer.one(f"upsample_param.upsample_{axis}")
        or size * layer.one(f"upsample_param.scale_{axis}", scale) - layer.one(f"upsample_param.pad_out_{axis}", False)
        for axis, size in (("h", h), ("w", w))
    )
    out = np.zeros((n * c, height * width), np.float32)
    np.put_along_axis(out, bottoms[1].reshape(n * c, -1).astype(int), x.reshape(n * c, -1), 1)
    return [out.reshape(n, c, height, width)]


def pooling(layer, bottoms, _):
    """MAX and AVE of images, and the place of each maximum within its channel; maxima of volumes that fit."""
    def pair(name, default):
        both = layer.one(f"pooling_param.{name}", default)
        by_axis = [layer.one(f"pooling_param.{name}_{axis}", both) for axis in ("h", "w")]
        return by_axis if name != "kernel" else [
            layer.one(f"pooling_param.kernel_{axis}", layer.one("pooling_param.kernel_size")) for axis in ("h", "w")]

    x = bottoms[0]
    if x.ndim == 5:
        windows = np.lib.stride_tricks.sliding_window_view(x, layer.all("pooling_param.kernel_size"), (2, 3, 4))
        steps = tuple(slice(None, None, s) for s in layer.all("pooling_param.stride"))
        return [windows[(slice(None), slice(None), *steps)].max((-3, -2, -1))]
    method = layer.one("pooling_param.pool", "MAX")
    if layer.one("pooling_param.global_pooling", False):
        return [x.max((2, 3), keepdims=True) if method == "MAX" else x.mean((2, 3), keepdims=True)]
    return basic.pool_and_places(x, method, pair("kernel", 0), pair("stride", 1), pair("pad", 0),
                                 layer.one("pooling_param.ceil_mode", True) is False)


def region_proposal(layer, bottoms, _):
    """As many regions as there are; an IR's shapes are fixed, and it fills the rest with something."""
    names = {"base": "base_size", "stride": "feat_stride", "min_size": "min_size", "pre": "pre_nms_topn"}
    names |= {"post": "post_nms_topn", "threshold": "nms_thresh"}
    text = layer.one("python_param.param_str", "").strip()
    said = ast.literal_eval(text if text.startswith("{") else "{" + text + "}") if text else {}
    p = {"base": 16, "stride": 16, "min_size": 16, "pre": 6000, "post": 300, "threshold": 0.7}
    p = {k: said.get(v, layer.one(f"proposal_param.{v}", p[k])) for k, v in names.items()}
    ratios = said.get("ratios") or layer.all("proposal_param.ratio") or (0.5, 1, 2)
    scales = said.get("scales") or layer.all("proposal_param.scale") or (8, 16, 32)
    boxes = detection.proposal(*bottoms[:2], bottoms[2].ravel(), ratios=ratios, scales=scales, **p)
    return [np.pad(boxes, ((0, 0), (1, 0)))]


def python(layer, bottoms, blobs):
    known = {"spatial_dropout": lambda *a: [a[1][0]], "yolov2": lambda *a: [detection.reorg(a[1][0], 2)]}
    known["rpn.proposal_layer"] = region_proposal
    return known[layer.one("python_param.module")](layer, bottoms, blobs)


def roi_pooling(layer, bottoms, _):
    pooled = [layer.one(f"roi_pooling_param.pooled_{axis}") for axis in ("h", "w")]
    scale = layer.one("roi_pooling_param.spatial_scale", 1.0)
    return [detection.roi_pooling(bottoms[0], bottoms[1].reshape(-1, 5), pooled, scale)]


def psroi_pooling(layer, bottoms, _):
    p = [layer.one(f"psroi_pooling_param.{n}") for n in ("output_dim", "group_size", "spatial_scale")]
    return [detection.psroi_pooling(bottoms[0], bottoms[1].reshape(-1, 5), *p)]


def gs_tiling(layer, bottoms, _):
    return [basic.gs_tiling(bottoms[0], layer.one("gs_tiling_param.stride"), layer.one("gs_tiling_param.reverse", False))]


def crop_center(layer, bottoms, _):
    sizes = layer.all("crop_center_param.crop_size")
    return [bottoms[0][tuple(slice(size, -size or None) for size in sizes)]]


def resize(layer, bottoms, _):
    """Rockchip's: an image library's."""
    size = layer.one("resize_param.width"), layer.one("resize_param.height")
    mode = {1: cv2.INTER_LINEAR, "LINEAR": cv2.INTER_LINEAR, 3: cv2.INTER_NEAREST, "NEAREST": cv2.INTER_NEAREST}
    kind = mode[layer.one("resize_param.interp_mode", 1)]
    return [np.stack([np.stack([cv2.resize(c, size, interpolation=kind) for c in image]) for image in bottoms[0]])]


def continuation(layer, _, __):
    out = np.ones([layer.one(f"continuation_indicator_param.{n}") for n in ("time_step", "batch_size")])
    out[0] = 0
    return [out]


def lstm(layer, bottoms, blobs):
    """Gates in the order input, forget, output, candidate; an indicator of 0 begins a sequence."""
    x, begin = bottoms[0].astype(np.float64), bottoms[1]
    count = layer.one("recurrent_param.num_output")
    hidden = cell = np.zeros((x.shape[1], count))
    out = []
    for t in range(len(x)):
        hidden, cell = (v * begin[t][:, None] for v in (hidden, cell))
        gates = x[t].reshape(x.shape[1], -1) @ blobs[0].T + blobs[1] + hidden @ blobs[2].T
        i, f, o = (1 / (1 + np.exp(-gates[:, k * count : (k + 1) * count])) for k in range(3))
        cell = f * cell + i * np.tanh(gates[:, 3 * count :])
        hidden = o * np.tanh(cell)
        out.append(hidden)
    return [np.stack(out)]


def permute(layer, bottoms, _):
    order = layer.all("permute_param.order")
    return [bottoms[0].transpose(order + [i for i in range(bottoms[0].ndim) if i not in order])]


def reshape(layer, bottoms, _):
    shape = bottoms[0].shape
    return [bottoms[0].reshape([shape[i] if d == 0 else d for i, d in enumerate(layer.all("reshape_param.shape.dim"))])]


def flatten(layer, bottoms, _):
    return [bottoms[0].reshape(len(bottoms[0]), -1)]


def split_up(layer, bottoms, _):
    axis = layer.one("slice_param.axis", layer.one("slice_param.slice_dim", 1))
    return np.split(bottoms[0], layer.all("slice_param.slice_point") or len(layer.tops), axis)


def concat(layer, bottoms, _):
    return [np.concatenate(bottoms, layer.one("concat_param.axis", layer.one("concat_param.concat_dim", 1)))]


def inner_product(layer, bottoms, blobs):
    axis = layer.one("inner_product_param.axis", 1)
    x = bottoms[0].reshape(*bottoms[0].shape[:axis], -1)
    return [x @ blobs[0].reshape(-1, x.shape[-1]).T + (blobs[1].ravel() if len(blobs) > 1 else 0)]


def softmax(layer, bottoms, _):
    axis, x = layer.one("softmax_param.axis", 1), bottoms[0].astype(np.float64)
    e = np.exp(x - x.max(axis, keepdims=True))
    return [e / e.sum(axis, keepdims=True)]


def region(layer, bottoms, _):
    """YOLO's of both spellings; after softmax over classes the result is flat."""
    def field(name, default):
        return layer.one(f"region_yolo_param.{name}", layer.one(f"region_param.{name}", default))

    soft = field("do_softmax", field("softmax", True))
    boxes = field("num", 1) if soft else len(layer.all("region_yolo_param.mask"))
    out = detection.region(bottoms[0], boxes, field("coords", 4), field("classes", 20), soft)
    return [out.reshape(len(out), -1) if soft else out]


def reorg(layer, bottoms, _):
    return [detection.reorg(bottoms[0], layer.one("reorg_param.stride") or layer.one("reorg_yolo_param.stride", 2))]


def arg_max(layer, bottoms, _):
    """Along an axis, of equal ones the last, as Caffe does."""
    axis, x = layer.one("argmax_param.axis"), bottoms[0]
    return [x.shape[axis] - 1 - np.flip(x, axis).argmax(axis, keepdims=True)]


FORMULAS = {
    "ArgMax": arg_max,
    "Axpy": lambda layer, bottoms, _: [channels(bottoms[0], bottoms[1].ndim, len(bottoms[1])) * bottoms[1] + bottoms[2]],
    "BN": bn,
    "Concat": concat,
    "ContinuationIndicator": continuation,
    "CropCenter": crop_center,
    "Dropout": lambda layer, bottoms, _: bottoms,
    "Flatten": flatten,
    "GSTiling": gs_tiling,
    "InnerProduct": inner_product,
    "Interp": interp,
    "LSTM": lstm,
    "PSROIPooling": psroi_pooling,
    "Permute": permute,
    "Pooling": pooling,
    "Proposal": region_proposal,
    "Python": python,
    "ROIPooling": roi_pooling,
    "Region": region,
    "RegionYolo": region,
    "Reorg": reorg,
    "ReorgYolo": reorg,
    "Reshape": reshape,
    "Resize": resize,
    "Slice": split_up,
    "Softmax": softmax,
    "SoftmaxWithLoss": lambda layer, bottoms, _: softmax(layer, bottoms[:1], _),
    "Split": lambda layer, bottoms, _: bottoms * len(layer.tops),
    "Upsample": upsample,
    "UpsampleDarknet": upsample,
}
