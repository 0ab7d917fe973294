"""FlowNet's layers and the spatial transformer, as the sources of their forks compute them; pixel by pixel."""

import numpy as np


def correlation(a, b, kernel, farthest, pad=0, stride=1, step=1, subtract=False):
    """Patches of `a` and displaced patches of `b`: the mean of products, or of distances."""
    wide = [(0, 0), (0, 0), (pad, pad), (pad, pad)]
    a, b = np.pad(a, wide).astype(np.float64), np.pad(b, wide).astype(np.float64)
    steps = range(-(farthest // step) * step, farthest + 1, step)
    border = farthest + (kernel - 1) // 2
    height, width = (-(-(size - 2 * border) // stride) for size in a.shape[2:])
    out = np.zeros((len(a), len(steps) ** 2, height, width))
    for index in np.ndindex(height, width):
        y, x = (farthest + i * stride for i in index)
        patch = a[:, :, y : y + kernel, x : x + kernel]
        channel = 0
        for down in steps:
            for across in steps:
                other = b[:, :, y + down : y + down + kernel, x + across : x + across + kernel]
                compared = np.abs(patch - other) if subtract else patch * other
                out[(slice(None), channel, *index)] = compared.mean((1, 2, 3))
                channel += 1
    return out


def correlation_1d(a, b, kernel, farthest, pad=0, stride=1, step=1, subtract=False, direction=0):
    """The same along the rows; to the left the displacements are -1 ... -(farthest / step + 1)."""
    reach = farthest // step
    steps = {0: range(-reach, reach + 1), 1: range(reach + 1), -1: range(-reach - 1, 0)}[direction]
    a = np.pad(a, [(0, 0), (0, 0), (0, 0), (pad, pad)]).astype(np.float64)
    b = np.pad(b, [(0, 0), (0, 0), (0, 0), (pad + step, pad)]).astype(np.float64)
    radius = (kernel - 1) // 2
    height = -(-(a.shape[2] - 2 * radius) // stride)
    width = -(-(a.shape[3] - 2 * (farthest + radius)) // stride)
    out = np.zeros((len(a), len(steps), height, width))
    for row, column in np.ndindex(height, width):
        y, x = row * stride, farthest + column * stride
        patch = a[:, :, y : y + kernel, x : x + kernel]
        for channel, count in enumerate(steps):
            at = x + count * step + step
            other = b[:, :, y : y + kernel, at : at + kernel]
            compared = np.abs(patch - other) if subtract else patch * other
            out[:, channel, row, column] = compared.mean((1, 2, 3))
    return out


def enlarge(x, height, width):
    """Bilinear, corners on corners."""
    if x.shape[2:] == (height, width):
        return x
    rows, columns = (
        np.linspace(0, old - 1, new) if new > 1 else np.zeros(1) for old, new in zip(x.shape[2:], (height, width))
    )
    out = np.zeros((*x.shape[:2], height, width))
    for i, j in np.ndindex(height, width):
        y, z = int(rows[i]), int(columns[j])
        below, beside = min(y + 1, x.shape[2] - 1), min(z + 1, x.shape[3] - 1)
        v, h = rows[i] - y, columns[j] - z
        out[:, :, i, j] = (1 - v) * ((1 - h) * x[:, :, y, z] + h * x[:, :, y, beside]) + v * (
            (1 - h) * x[:, :, below, z] + h * x[:, :, below, beside]
        )
    return out


def accum(inputs, size=None, divisor=0, reference=False):
    """Channels of all inputs behind each other, in the size of the largest, or of the reference."""
    if reference:
        *inputs, last = inputs
        height, width = last.shape[2:]
    else:
        height, width = (max(x.shape[axis] for x in inputs) for axis in (2, 3))
        wanted = [-(-s // divisor) * divisor for s in (height, width)] if divisor else size or (0, 0)
        if wanted[0] > height and wanted[1] > width:
            height, width = wanted
    return np.concatenate([enlarge(x, height, width) for x in inputs], 1)


def crop_to_middle(x, height, width):
    """Pixel o of the crop lies at o + (size - crop) / 2, and at most at size - 1.05."""
    for axis, size in ((2, height), (3, width)):
        at = np.clip(np.arange(size) - 0.5 * size + 0.5 * x.shape[axis], 0, x.shape[axis] - 1.05)
        low = np.floor(at).astype(int)
        part = (at - low).reshape([-1 if i == axis else 1 for i in range(4)])
        x = (1 - part) * x.take(low, axis) + part * x.take(low + 1, axis)
    return x


def spatial_transformer(x, theta, height=0, width=0):
    """`theta` [N, 2, 3] takes (y, x, 1) of the output to y and x of the input; 0 lies outside the image."""
    n, channels, h, w = x.shape
    height, width = height or h, width or w
    out = np.zeros((n, channels, height, width))
    for image, i, j in np.ndindex(n, height, width):
        place = theta[image].astype(np.float64) @ [i / height * 2 - 1, j / width * 2 - 1, 1]
        y, z = (place[0] + 1) / 2 * h, (place[1] + 1) / 2 * w
        for row in (int(np.floor(y)), int(np.floor(y)) + 1):
            for column in (int(np.floor(z)), int(np.floor(z)) + 1):
                if 0 <= row < h and 0 <= column < w:
                    share = max(0, 1 - abs(y - row)) * max(0, 1 - abs(z - column))
                    out[image, :, i, j] += share * x[image, :, row, column]
    return out
