"""Pooling; the sweep over sizes is in test_shapes.py."""

from dataclasses import replace

import numpy as np

from numeric import formulas
from numeric.row import single


def pool(name, params, data=(2, 3, 7, 9), **more):
    return single(name, "Pooling", f"pooling_param {{ {params} }}", (data,), **more)


def floored(name, spelling, method, kernel, stride, pad):
    """Forks' rounding down: BVLC Caffe 1.0 has no field for it."""

    def expected(inputs):
        return {
            "out": formulas.pool(inputs["data"], method, (kernel,) * 2, (stride,) * 2, (pad,) * 2, floor=True)
        }

    params = f"pool: {method} kernel_size: {kernel} stride: {stride} pad: {pad} {spelling}"
    lacks = "" if "ceil_mode" in spelling else "has no round_mode"
    return pool(name, params, (2, 3, 8, 9), formula=expected, opencv=lacks)


def volume_pool(name, method, params, steps):
    """A fork's spelling, on volumes: windows that fit."""

    def expected(inputs):
        windows = np.lib.stride_tricks.sliding_window_view(inputs["data"], (2, 2, 2), (2, 3, 4))
        windows = windows[(slice(None), slice(None), *(slice(None, None, s) for s in steps))]
        return {"out": windows.max((-3, -2, -1)) if method == "MAX" else windows.mean((-3, -2, -1))}

    row = pool(name, f"pool: {method} kernel_size: 2 {params}", (2, 3, 4, 6, 8), formula=expected)
    return replace(row, net=row.net.replace('"Pooling"', '"Pooling3D"'), opencv="lacks this spelling")


def ceiled(name, spelling, method):
    def expected(inputs):
        return {"out": formulas.pool(inputs["data"], method, (3, 3), (2, 2), (1, 1), floor=False)}

    params = f"pool: {method} kernel_size: 3 stride: 2 pad: 1 {spelling}"
    lacks = "" if "ceil_mode" in spelling else "has no round_mode"
    return pool(name, params, (2, 3, 8, 9), formula=expected, opencv=lacks)


ROWS = [
    pool("default_is_max", "kernel_size: 3 stride: 2"),
    pool("max", "pool: MAX kernel_size: 2 stride: 2"),
    pool("max_stride_1", "pool: MAX kernel_size: 3"),
    pool("max_pad", "pool: MAX kernel_size: 3 stride: 2 pad: 1"),
    pool("max_clip", "pool: MAX kernel_size: 2 stride: 2 pad: 1", (1, 2, 7, 7)),
    pool("max_pad_h_w", "pool: MAX kernel_size: 2 stride: 2 pad_h: 1 pad_w: 0", (1, 2, 7, 7)),
    pool("max_kernel_h_w", "pool: MAX kernel_h: 2 kernel_w: 3 stride_h: 1 stride_w: 2"),
    pool("max_stride_beyond_kernel", "pool: MAX kernel_size: 2 stride: 3", (1, 2, 8, 8)),
    pool(
        "max_negative_data",
        "pool: MAX kernel_size: 3 stride: 2 pad: 2",
        feed=lambda n, s: -n.uniform(1, 2, *s),
    ),
    pool("max_whole", "pool: MAX kernel_h: 7 kernel_w: 9"),
    pool("max_global", "pool: MAX global_pooling: true"),
    pool("ave", "pool: AVE kernel_size: 2 stride: 2", (2, 3, 8, 8)),
    pool("ave_ceil", "pool: AVE kernel_size: 3 stride: 2", (2, 3, 8, 8)),
    pool("ave_pad", "pool: AVE kernel_size: 3 stride: 1 pad: 1"),
    pool("ave_pad_stride", "pool: AVE kernel_size: 3 stride: 2 pad: 1", (2, 3, 8, 9)),
    pool("ave_clip", "pool: AVE kernel_size: 2 stride: 2 pad: 1", (1, 2, 7, 7)),
    pool("ave_pad_2", "pool: AVE kernel_size: 5 stride: 3 pad: 2", (1, 2, 8, 9)),
    pool("ave_pad_h_w", "pool: AVE kernel_size: 3 stride: 2 pad_h: 1 pad_w: 0", (1, 2, 8, 8)),
    pool("ave_overhang_beyond_pad", "pool: AVE kernel_size: 5 stride: 4 pad: 1", (1, 2, 8, 8)),
    pool("ave_kernel_h_w", "pool: AVE kernel_h: 1 kernel_w: 4 stride: 2"),
    pool("ave_stride_beyond_kernel", "pool: AVE kernel_size: 2 stride: 3", (1, 2, 8, 8)),
    pool("ave_whole", "pool: AVE kernel_h: 7 kernel_w: 9"),
    pool("ave_global", "pool: AVE global_pooling: true"),
    pool("ave_global_stride_1_pad_0", "pool: AVE global_pooling: true stride: 1 pad: 0"),
    pool("engine", "pool: MAX kernel_size: 3 stride: 2 engine: CAFFE"),
    floored("round_mode_floor_max", "round_mode: FLOOR", "MAX", 3, 2, 0),
    floored("round_mode_floor_ave", "round_mode: FLOOR", "AVE", 3, 2, 0),
    floored("round_mode_floor_ave_pad", "round_mode: FLOOR", "AVE", 3, 2, 1),
    floored("round_mode_number", "round_mode: 1", "MAX", 3, 2, 1),
    floored("ceil_mode_false_max", "ceil_mode: false", "MAX", 3, 2, 0),
    floored("ceil_mode_false_ave", "ceil_mode: false", "AVE", 2, 2, 0),
    ceiled("round_mode_ceil", "round_mode: CEIL", "MAX"),
    ceiled("ceil_mode_true", "ceil_mode: true", "AVE"),
    volume_pool("pooling_3d", "MAX", "stride: 2", (2, 2, 2)),
    volume_pool("pooling_3d_average", "AVE", "stride: 2", (2, 2, 2)),
]
