"""Published formulas in NumPy, for parameters that BVLC Caffe 1.0 lacks. Independent of the converter's own rules."""

import math

import numpy as np


def pooled_size(size: int, kernel: int, stride: int, pad: int, clip: bool, floor: bool) -> int:
    """Caffe's output size: rounded up (down if a fork asks), then without a window that begins in the padding."""
    steps = (size + 2 * pad - kernel) / stride
    out = (math.floor(steps) if floor else math.ceil(steps)) + 1
    if clip and (out - 1) * stride >= size + pad:
        out -= 1
    return out


def pool(data: np.ndarray, method: str, kernel, stride, pad, floor: bool) -> np.ndarray:
    """Caffe's pooling, window by window; data NCHW, the rest (height, width).

    An average divides by the part of the window that lies within the input and its padding.
    """
    sizes = data.shape[2:]
    out = [pooled_size(sizes[i], kernel[i], stride[i], pad[i], any(pad), floor) for i in (0, 1)]
    result = np.zeros(data.shape[:2] + tuple(out), np.float64)
    for y in range(out[0]):
        for x in range(out[1]):
            start = [y * stride[0] - pad[0], x * stride[1] - pad[1]]
            end = [min(start[i] + kernel[i], sizes[i] + pad[i]) for i in (0, 1)]
            area = (end[0] - start[0]) * (end[1] - start[1])
            top, left = max(start[0], 0), max(start[1], 0)
            window = data[:, :, top : min(end[0], sizes[0]), left : min(end[1], sizes[1])].astype(np.float64)
            result[:, :, y, x] = window.max((2, 3)) if method == "MAX" else window.sum((2, 3)) / area
    return result.astype(np.float32)
