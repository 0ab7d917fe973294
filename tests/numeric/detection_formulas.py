"""Published formulas of the detection layers in NumPy, one image and one box at a time.

SSD (Liu et al.), Fast and Faster R-CNN (Girshick; Ren et al.), R-FCN (Dai et al.) and YOLO (Redmon et al.), as their
authors' code computes them. Independent of the converter's own rules.
"""

import math

import numpy as np


def normalize(x, scale, across_spatial: bool, eps: float) -> np.ndarray:
    squares = (x.astype(np.float64) ** 2).sum((1, 2, 3) if across_spatial else 1, keepdims=True)
    return (x / np.sqrt(squares + eps) * np.reshape(scale, (1, -1, 1, 1))).astype(np.float32)


def _corners(layer, image, sizes, step, offset, clip, variance) -> np.ndarray:
    """[1, 2, boxes * 4]; layer and image are (height, width), step is (height, width) or (0, 0)."""
    if 0 in step:
        step = (image[0] / layer[0], image[1] / layer[1])
    boxes = []
    for y in range(layer[0]):
        for x in range(layer[1]):
            cx, cy = (x + offset) * step[1], (y + offset) * step[0]
            for w, h in sizes:
                boxes.append(
                    ((cx - w / 2) / image[1], (cy - h / 2) / image[0], (cx + w / 2) / image[1], (cy + h / 2) / image[0])
                )
    corners = np.array(boxes, np.float64)
    if clip:
        corners = corners.clip(0, 1)
    variances = np.tile(variance if len(variance) == 4 else list(variance) * 4, len(boxes))
    return np.stack([corners.ravel(), variances])[None].astype(np.float32)


def prior_box(
    layer, image, min_size, max_size=(), ratios=(), flip=True, clip=False, variance=(0.1,), step=(0, 0), offset=0.5
) -> np.ndarray:
    shapes = [1.0]
    for ratio in ratios:
        if all(abs(ratio - other) >= 1e-6 for other in shapes):
            shapes += [ratio, 1 / ratio] if flip else [ratio]
    sizes = []
    for i, side in enumerate(min_size):
        sizes.append((side, side))
        if max_size:
            sizes.append((math.sqrt(side * max_size[i]),) * 2)
        sizes += [(side * math.sqrt(r), side / math.sqrt(r)) for r in shapes[1:]]
    return _corners(layer, image, sizes, step, offset, clip, variance)


def prior_box_clustered(layer, image, width, height, clip=False, variance=(0.1,), step=(0, 0), offset=0.5):
    return _corners(layer, image, list(zip(width, height)), step, offset, clip, variance)


def decode(code, prior, variance, loc) -> np.ndarray:
    """Corners [P, 4] of the boxes that loc [P, 4] says relative to prior [P, 4]."""
    width, height = prior[:, 2] - prior[:, 0], prior[:, 3] - prior[:, 1]
    change = loc * variance
    if code == "CORNER":
        return prior + change
    if code == "CORNER_SIZE":
        return prior + change * np.stack([width, height, width, height], 1)
    cx = change[:, 0] * width + (prior[:, 0] + prior[:, 2]) / 2
    cy = change[:, 1] * height + (prior[:, 1] + prior[:, 3]) / 2
    w, h = np.exp(change[:, 2]) * width, np.exp(change[:, 3]) * height
    return np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], 1)


def _overlap(a, b, one: float = 0.0) -> float:
    """Intersection over union; `one`: pixels are counted with their edges."""
    w = min(a[2], b[2]) - max(a[0], b[0]) + one
    h = min(a[3], b[3]) - max(a[1], b[1]) + one
    if w <= 0 or h <= 0:
        return 0.0
    area = [(c[2] - c[0] + one) * (c[3] - c[1] + one) for c in (a, b)]
    return w * h / (area[0] + area[1] - w * h)


def detection_output(
    loc,
    conf,
    prior,
    classes,
    share=True,
    background=0,
    threshold=0.3,
    top_k=-1,
    code="CORNER",
    in_target=False,
    keep=-1,
    confidence=-math.inf,
) -> np.ndarray:
    boxes = prior[0, 0].reshape(-1, 4).astype(np.float64)
    variance = np.ones_like(boxes) if in_target else prior[0, 1].reshape(-1, 4).astype(np.float64)
    count, images = len(boxes), len(loc)
    conf = conf.reshape(images, count, classes)
    loc = loc.reshape(images, count, 1 if share else classes, 4).astype(np.float64)
    rows = []
    for image in range(images):
        found = []
        for label in range(classes):
            if label == background:
                continue
            decoded = decode(code, boxes, variance, loc[image, :, 0 if share else label])
            scores = conf[image, :, label]
            order = [i for i in np.argsort(-scores, kind="stable") if scores[i] > confidence]
            kept = []
            for i in order if top_k < 0 else order[:top_k]:
                if all(_overlap(decoded[i], decoded[k]) <= threshold for k in kept):
                    kept.append(i)
            found += [(float(scores[i]), label, decoded[i]) for i in kept]
        if keep > -1 and len(found) > keep:
            found = sorted(found, key=lambda f: -f[0])[:keep]
        for score, label, box in sorted(found, key=lambda f: (f[1], -f[0])):
            rows.append([image, label, score, *box])
    places = keep if keep > 0 else (top_k if top_k > 0 else count) * classes
    result = np.zeros((1, 1, images * places, 7), np.float32)
    for i, row in enumerate(rows):
        result[0, 0, i] = row
    if len(rows) < images * places:
        result[0, 0, len(rows), 0] = -1
    return result


def anchors(base: int, ratios, scales) -> np.ndarray:
    """Faster R-CNN's: the base square reshaped to each ratio, rounded, then enlarged."""
    center = (base - 1) / 2
    boxes = []
    for ratio in ratios:
        w = np.round(math.sqrt(base * base / ratio))
        h = np.round(w * ratio)
        for scale in scales:
            half = ((w * scale - 1) / 2, (h * scale - 1) / 2)
            boxes.append([center - half[0], center - half[1], center + half[0], center + half[1]])
    return np.array(boxes)


def proposal(scores, deltas, info, base, stride, min_size, ratios, scales, pre, post, threshold):
    """The regions [R, 4] that Faster R-CNN keeps, best first."""
    shapes = anchors(base, ratios, scales)
    count, (height, width) = len(shapes), scores.shape[2:]
    boxes, values = [], []
    for y in range(height):
        for x in range(width):
            for a in range(count):
                anchor = shapes[a] + np.array([x, y, x, y]) * stride
                d = deltas[0, 4 * a : 4 * a + 4, y, x].astype(np.float64)
                w, h = anchor[2] - anchor[0] + 1, anchor[3] - anchor[1] + 1
                cx, cy = d[0] * w + anchor[0] + w / 2, d[1] * h + anchor[1] + h / 2
                w, h = math.exp(d[2]) * w, math.exp(d[3]) * h
                box = np.array([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])
                box[0::2] = box[0::2].clip(0, info[1] - 1)
                box[1::2] = box[1::2].clip(0, info[0] - 1)
                least = min_size * info[2]
                if box[2] - box[0] + 1 >= least and box[3] - box[1] + 1 >= least:
                    boxes.append(box)
                    values.append(scores[0, count + a, y, x])
    kept = []
    for i in np.argsort(-np.array(values), kind="stable")[:pre]:
        if all(_overlap(boxes[i], boxes[k], 1.0) <= threshold for k in kept):
            kept.append(i)
        if len(kept) == post:
            break
    return np.array([boxes[i] for i in kept])


def _cell(start: float, size: float, index: int, limit: int):
    """The pixels [from, to) that a cell of a region touches, within an image of `limit`."""
    ends = math.floor(index * size + start), math.ceil((index + 1) * size + start)
    return (min(max(end, 0), limit) for end in ends)


def _round(value: float) -> float:
    return math.floor(abs(value) + 0.5) * math.copysign(1, value)


def roi_pooling(x, rois, pooled, scale: float) -> np.ndarray:
    result = np.zeros((len(rois), x.shape[1], *pooled), np.float32)
    for r, roi in enumerate(rois):
        left, top, right, bottom = (int(_round(v * scale)) for v in roi[1:])
        h, w = max(bottom - top + 1, 1) / pooled[0], max(right - left + 1, 1) / pooled[1]
        for i in range(pooled[0]):
            for j in range(pooled[1]):
                y0, y1 = _cell(top, h, i, x.shape[2])
                x0, x1 = _cell(left, w, j, x.shape[3])
                if y1 > y0 and x1 > x0:
                    result[r, :, i, j] = x[int(roi[0]), :, y0:y1, x0:x1].max((1, 2))
    return result


def psroi_pooling(x, rois, channels: int, group: int, scale: float) -> np.ndarray:
    result = np.zeros((len(rois), channels, group, group), np.float32)
    for r, roi in enumerate(rois):
        left, top = (_round(v) * scale for v in roi[1:3])
        right, bottom = ((_round(v) + 1) * scale for v in roi[3:5])
        h, w = max(bottom - top, 0.1) / group, max(right - left, 0.1) / group
        for i in range(group):
            for j in range(group):
                y0, y1 = _cell(top, h, i, x.shape[2])
                x0, x1 = _cell(left, w, j, x.shape[3])
                for c in range(channels):
                    part = x[int(roi[0]), (c * group + i) * group + j, y0:y1, x0:x1]
                    result[r, c, i, j] = part.mean() if part.size else 0
    return result


def roi_align(x, rois, pooled, scale: float, ratio: int) -> np.ndarray:
    """By ONNX Runtime's own operator, whose opset 10 is Caffe2's formula."""
    from onnx import TensorProto, helper
    from onnxruntime import InferenceSession

    said = {"output_height": pooled[0], "output_width": pooled[1], "spatial_scale": scale, "sampling_ratio": ratio}
    types = {"x": TensorProto.FLOAT, "boxes": TensorProto.FLOAT, "images": TensorProto.INT64}
    net = helper.make_graph(
        [helper.make_node("RoiAlign", list(types), ["y"], **said)],
        "roi_align",
        [helper.make_tensor_value_info(name, type_, None) for name, type_ in types.items()],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
    )
    model = helper.make_model(net, opset_imports=[helper.make_opsetid("", 10)], ir_version=6)
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feeds = {"x": x, "boxes": np.ascontiguousarray(rois[:, 1:]), "images": rois[:, 0].astype(np.int64)}
    return session.run(None, feeds)[0]


def region(x, boxes: int, coords: int, classes: int, softmax: bool) -> np.ndarray:
    """YOLO's activation: the centre and the objectness by the logistic function, classes by it or by softmax."""
    n, _, h, w = x.shape
    y = x.reshape(n, boxes, coords + 1 + classes, h, w).astype(np.float64)
    logistic = 1 / (1 + np.exp(-y))
    result = y.copy()
    result[:, :, :2] = logistic[:, :, :2]
    result[:, :, coords] = logistic[:, :, coords]
    if softmax:
        e = np.exp(y[:, :, coords + 1 :] - y[:, :, coords + 1 :].max(2, keepdims=True))
        result[:, :, coords + 1 :] = e / e.sum(2, keepdims=True)
    else:
        result[:, :, coords + 1 :] = logistic[:, :, coords + 1 :]
    return result.reshape(x.shape).astype(np.float32)


def reorg(x, stride: int) -> np.ndarray:
    """Darknet's: it walks the input's elements as if they were the larger image of fewer channels."""
    n, c, h, w = x.shape
    result, flat = np.zeros(x.size, np.float32), x.ravel()
    out_c = c // (stride * stride)
    for b in range(n):
        for k in range(c):
            for j in range(h):
                for i in range(w):
                    c2, offset = k % out_c, k // out_c
                    w2, h2 = i * stride + offset % stride, j * stride + offset // stride
                    result[i + w * (j + h * (k + c * b))] = flat[
                        w2 + w * stride * (h2 + h * stride * (c2 + out_c * b))
                    ]
    return result.reshape(n, c * stride * stride, h // stride, w // stride)


def greedy_labels(probabilities, indicators, merge: bool) -> np.ndarray:
    steps, sequences, classes = probabilities.shape
    result = np.full((sequences, steps, 1, 1), -1, np.float32)
    for n in range(sequences):
        before, place = -1, 0
        for t in range(steps):
            if indicators[t, n] == 0:
                break
            best = int(probabilities[t, n].argmax())
            if best != classes - 1 and not (merge and best == before):
                result[n, place] = best
                place += 1
            before = best
    return result
