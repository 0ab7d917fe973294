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


def pool_and_places(data: np.ndarray, method: str, kernel, stride, pad, floor: bool) -> list:
    """As `pool`, for large images: by pixel of the window; and row * width + column of the first of each maximum."""
    (height, width), kind = data.shape[2:], np.float64
    out = [pooled_size(data.shape[2 + i], kernel[i], stride[i], pad[i], any(pad), floor) for i in (0, 1)]
    best = np.full(data.shape[:2] + tuple(out), -np.inf if method == "MAX" else 0, kind)
    places = np.zeros(best.shape, np.float32)
    for y in range(kernel[0]):
        for x in range(kernel[1]):
            rows = np.arange(out[0]) * stride[0] - pad[0] + y
            columns = np.arange(out[1]) * stride[1] - pad[1] + x
            inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
            part = data[:, :, rows.clip(0, height - 1)][:, :, :, columns.clip(0, width - 1)]
            if method == "MAX":
                larger = inside & (part > best)
                best = np.where(larger, part, best)
                places = np.where(larger, rows[:, None] * width + columns, places)
            else:
                best += np.where(inside, part, 0)
    if method != "MAX":
        ends = [[min(o * stride[i] - pad[i] + kernel[i], data.shape[2 + i] + pad[i]) - (o * stride[i] - pad[i])
                 for o in range(out[i])] for i in (0, 1)]  # fmt: skip
        best /= np.outer(*ends)
    return [best.astype(np.float32), places.astype(np.float32)]


def interpolate(data: np.ndarray, height: int, width: int, corners: bool = True) -> np.ndarray:
    """Bilinear, the corner pixels staying in their places, or the first alone, at the ratio of the sizes; NCHW."""
    for axis, out in ((2, height), (3, width)):
        size = data.shape[axis]
        at = np.arange(out) * (((size - 1) / (out - 1) if out > 1 else 0.0) if corners else size / out)
        low = np.minimum(np.floor(at).astype(int), size - 1)
        high = np.minimum(low + 1, size - 1)
        part = (at - low).reshape([-1 if i == axis else 1 for i in range(4)])
        data = data.take(low, axis) * (1 - part) + data.take(high, axis) * part
    return data.astype(np.float32)


def resample(data: np.ndarray, height: int, width: int, kernel: str, antialias: bool) -> np.ndarray:
    """FlowNet2's Resample, pixel by pixel: a mean of the neighbours weighted by a kernel around the centre."""

    def weight(d):
        d = abs(d)
        if kernel == "LINEAR":
            return max(0.0, 1 - d)
        if d <= 1:
            return 1.5 * d**3 - 2.5 * d**2 + 1
        return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0.0

    rows, columns = data.shape[2:]
    fy, fx = rows / height, columns / width
    wide = antialias and (fy > 1 or fx > 1)
    sy, sx = (max(fy, 1.0), max(fx, 1.0)) if wide else (1.0, 1.0)
    out = np.zeros(data.shape[:2] + (height, width), np.float64)
    for y in range(height):
        for x in range(width):
            cy, cx = (y + 0.5) * fy - 0.5, (x + 0.5) * fx - 0.5
            if kernel == "NEAREST":
                iy = min(max(math.floor(cy + 0.5), 0), rows - 1)
                ix = min(max(math.floor(cx + 0.5), 0), columns - 1)
                out[:, :, y, x] = data[:, :, iy, ix]
                continue
            total = 0.0
            for iy in range(rows):
                for ix in range(columns):
                    w = weight((iy - cy) / sy) * weight((ix - cx) / sx)
                    out[:, :, y, x] += w * data[:, :, iy, ix]
                    total += w
            out[:, :, y, x] /= total
    return out.astype(np.float32)


def gs_tiling(data: np.ndarray, stride: int, reverse: bool) -> np.ndarray:
    """Blocks of pixels to channels, or back; the place within the block is the slow part of the channel."""
    n, c, h, w = data.shape
    if reverse:
        channels = c // stride**2
        out = np.zeros((n, channels, h * stride, w * stride), np.float32)
        for i in range(c):
            place = i // channels
            out[:, i % channels, place // stride :: stride, place % stride :: stride] = data[:, i]
        return out
    out = np.zeros((n, c * stride**2, h // stride, w // stride), np.float32)
    for place in range(stride**2):
        out[:, place * c : (place + 1) * c] = data[:, :, place // stride :: stride, place % stride :: stride]
    return out
