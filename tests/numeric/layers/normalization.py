"""LRN, BatchNorm, Scale and Bias."""

import numpy as np

from numeric.row import batch_norm, single

DATA = (2, 5, 6, 7)


def lrn(name, params, data=DATA, **more):
    return single(name, "LRN", f"lrn_param {{ {params} }}", (data,), **more)


def bn(name, params="", blobs=None, data=DATA, **more):
    return single(
        name, "BatchNorm", f"batch_norm_param {{ {params} }}", (data,), blobs or batch_norm(data[1]), **more
    )


def scale(name, params, blobs, bottoms=((2, 3, 4, 5),), **more):
    return single(name, "Scale", f"scale_param {{ {params} }}", bottoms, blobs, **more)


def bias(name, params, blobs, bottoms=((2, 3, 4, 5),), **more):
    return single(name, "Bias", f"bias_param {{ {params} }}", bottoms, blobs, opencv="no such layer", **more)


def near_one(*shape):
    return lambda n: n.uniform(0.5, 1.5, *shape)


def bn_eps_outside():
    """Darknet adds eps to the deviation, not to the variance."""
    blobs = [np.float32([0.5, -1, 2]), np.float32([0.25, 1, 4]), np.float32([1])]
    mean, deviation = blobs[0], np.sqrt(blobs[1]) + np.float32(0.3)
    return bn(
        "batch_norm_eps_outside", "use_global_stats: true add_eps_before_sqrt: false eps: 0.3",
        [lambda n, b=b: b for b in blobs], (2, 3, 4, 5),
        formula=lambda i: {"out": (i["data"] - mean.reshape(-1, 1, 1)) / deviation.reshape(-1, 1, 1)},
        opencv="adds eps to the variance",
    )  # fmt: skip


ROWS = [
    lrn("across", "local_size: 5 alpha: 0.1 beta: 0.75"),
    lrn("across_default", "", opencv="has another default for alpha"),
    lrn("across_size_3", "local_size: 3 alpha: 0.5 beta: 0.5"),
    lrn("across_beyond_channels", "local_size: 11 alpha: 0.5"),
    lrn("across_k", "local_size: 3 alpha: 0.2 k: 2", opencv="ignores k"),
    lrn("across_size_1", "local_size: 1 alpha: 0.2"),
    lrn("within", "local_size: 3 alpha: 0.5 beta: 0.75 norm_region: WITHIN_CHANNEL"),
    lrn("within_size_5", "local_size: 5 alpha: 0.1 beta: 0.5 norm_region: WITHIN_CHANNEL"),
    lrn("within_k", "local_size: 3 alpha: 0.5 k: 2 norm_region: WITHIN_CHANNEL"),
    bn("batch_norm"),
    bn("batch_norm_eps", "eps: 0.1"),
    bn("batch_norm_global_stats", "use_global_stats: true"),
    bn_eps_outside(),
    bn("batch_norm_factor_1", blobs=batch_norm(5, 1.0)),
    bn("batch_norm_factor_0", blobs=batch_norm(5, 0.0), limit=1e-5),
    bn("batch_norm_rank_2", data=(3, 5)),
    bn("batch_norm_small_factor", blobs=batch_norm(5, 1e-3)),
    scale("scale", "", [near_one(3)]),
    scale("scale_bias", "bias_term: true", [near_one(3), (3,)]),
    scale("scale_negative", "bias_term: true", [lambda n: -n.uniform(0.5, 1.5, 3), (3,)]),
    scale("scale_axis_0", "axis: 0 bias_term: true", [near_one(2), (2,)]),
    scale("scale_axis_2", "axis: 2 bias_term: true", [near_one(4), (4,)]),
    scale(
        "scale_axis_negative",
        "axis: -1 bias_term: true",
        [near_one(5), (5,)],
        opencv="takes no negative axis",
    ),
    scale("scale_num_axes_2", "axis: 1 num_axes: 2 bias_term: true", [near_one(3, 4), (3, 4)]),
    scale("scale_num_axes_all", "axis: 1 num_axes: -1", [near_one(3, 4, 5)]),
    scale("scale_from_0", "axis: 0 num_axes: -1", [near_one(2, 3, 4, 5)]),
    scale(
        "scale_scalar",
        "num_axes: 0 bias_term: true",
        [near_one(), lambda n: n.normal()],
        opencv="no 0-D blob",
    ),
    scale("scale_rank_2", "bias_term: true", [near_one(6), (6,)], ((3, 6),)),
    scale("scale_two_bottoms", "", [], ((2, 3, 4, 5), (3,))),
    scale("scale_two_bottoms_axis_0", "axis: 0", [], ((2, 3, 4, 5), (2, 3))),
    scale("scale_two_bottoms_same_shape", "axis: 0", [], ((2, 3, 4, 5), (2, 3, 4, 5))),
    scale("scale_two_bottoms_axis_2", "axis: 2", [], ((2, 3, 4, 5), (4, 5))),
    scale(
        "scale_two_bottoms_bias",
        "axis: 0 bias_term: true",
        [(2, 3)],
        ((2, 3, 4, 5), (2, 3)),
        opencv="leaves the bias out",
    ),
    bias("bias", "", [(3,)]),
    bias("bias_axis_0", "axis: 0", [(2,)]),
    bias("bias_axis_negative", "axis: -2", [(4,)]),
    bias("bias_num_axes_2", "axis: 1 num_axes: 2", [(3, 4)]),
    bias("bias_num_axes_all", "axis: 1 num_axes: -1", [(3, 4, 5)]),
    bias("bias_two_bottoms", "", [], ((2, 3, 4, 5), (3,))),
    bias("bias_two_bottoms_axis_0", "axis: 0", [], ((2, 3, 4, 5), (2, 3))),
    bias("bias_two_bottoms_same_shape", "axis: 0", [], ((2, 3, 4, 5), (2, 3, 4, 5))),
]
