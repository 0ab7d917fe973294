"""Writes a net layer by layer: prototxt text, seeded weights, and the shapes that the weights need.

Weights keep the scale of the activations through the deepest net (He initialisation, BatchNorm statistics near those
that pass), and logits are gentle, so that comparing outputs means something.
"""

import math
from zlib import crc32

import numpy as np

from support import caffemodel, prototxt

V1_TYPES = {
    "Convolution": "CONVOLUTION", "ReLU": "RELU", "Pooling": "POOLING", "InnerProduct": "INNER_PRODUCT", "LRN": "LRN",
    "Dropout": "DROPOUT", "Softmax": "SOFTMAX", "Concat": "CONCAT",
}  # fmt: skip


class Net:
    """`narrow` divides the number of channels of every hidden layer; batch is 1; `size` a number or all axes."""

    def __init__(self, name: str, size: int, narrow: int = 1, v1: bool = False):
        self.name, self.narrow, self.v1 = name, narrow, v1
        self.weights, self._text = {}, []
        self._data = (3, *size) if isinstance(size, tuple) else (3, size, size)
        self._shape = {"data": self._data}
        self._inputs = {}
        self._square = {"data": 1.0}  # a guess of each blob's mean square
        self._sums = set()
        if v1:
            self._text.append(
                f'name: "{name}" input: "data" input_dim: 1 input_dim: 3 input_dim: {size} input_dim: {size}\n'
            )
        else:
            self._text.append(f'name: "{name}"\n' + prototxt.input_layer("data", (1, *self._data)))

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def inputs(self) -> dict:
        shapes = {"data": (1, *self._data), **self._inputs}
        return {n: self._numbers(n).standard_normal(shape).astype(np.float32) for n, shape in shapes.items()}

    def shape(self, blob: str) -> tuple:
        return self._shape[blob]

    def write(self, path) -> None:
        encoding = caffemodel.Encoding("v1", legacy_dims=True) if self.v1 else caffemodel.Encoding()
        caffemodel.write(path, self.text, self.weights, encoding)

    def channels(self, count: int) -> int:
        return max(2, count // self.narrow)

    # -- layers ------------------------------------------------------------------------------------------------------

    def conv(
        self, name, bottom, outputs, kernel, stride=1, pad=0, group=1, bias=True, logits=False, dilation=1
    ) -> str:
        """`kernel` and `pad` are a number or (height, width)."""
        kh, kw = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        ph, pw = pad if isinstance(pad, tuple) else (pad, pad)
        channels, height, width = self._shape[bottom]
        shape = (outputs, channels // group, kh, kw)
        blobs = self._kernel(name, shape, bottom, logits, bias)
        size = f"kernel_size: {kh}" if kh == kw else f"kernel_h: {kh} kernel_w: {kw}"
        edge = f"pad: {ph}" if ph == pw else f"pad_h: {ph} pad_w: {pw}"
        params = f"num_output: {outputs} {size} {edge} stride: {stride}"
        params += (f" group: {group}" if group > 1 else "") + ("" if bias else " bias_term: false")
        params += f" dilation: {dilation}" if dilation > 1 else ""
        reach = [dilation * (k - 1) + 1 for k in (kh, kw)]
        out = (outputs, (height + 2 * ph - reach[0]) // stride + 1, (width + 2 * pw - reach[1]) // stride + 1)
        square = 1.0 if logits else 2 * self._square[bottom]
        return self._add(
            name, "Convolution", [bottom], out, square, f"convolution_param {{ {params} }}", blobs
        )

    def deconv(self, name, bottom, outputs, kernel, stride, pad=0, group=1, bias=True) -> str:
        channels, *sizes = self._shape[bottom]
        blobs = self._kernel(name, (channels, outputs // group, kernel, kernel), bottom, False, False)
        blobs += [self._numbers(name).standard_normal(outputs) * 0.05] if bias else []
        params = f"num_output: {outputs} kernel_size: {kernel} stride: {stride} pad: {pad} group: {group}"
        params += "" if bias else " bias_term: false"
        out = (outputs, *(stride * (s - 1) + kernel - 2 * pad for s in sizes))
        return self._add(
            name, "Deconvolution", [bottom], out, self._square[bottom], f"convolution_param {{ {params} }}", blobs
        )

    def layer(self, name, type_, bottoms, shape, params="", blobs=(), square=None) -> str:
        """Any layer with one top; `shape` without the batch."""
        square = self._square[bottoms[0]] if square is None and bottoms else square or 1.0
        return self._add(name, type_, bottoms, shape, square, params, blobs)

    def in_place(self, name, type_, blob, params="", blobs=(), square=None) -> str:
        return self._in_place(name, type_, blob, self._square[blob] if square is None else square, params, blobs)

    def numbers(self, name: str) -> np.random.RandomState:
        """Of this net and that name; always the same."""
        return self._numbers(name)

    def input(self, name: str, shape) -> str:
        """A further input; `shape` with the batch."""
        self._text.append(prototxt.input_layer(name, shape))
        self._shape[name], self._square[name] = tuple(shape[1:]), 1.0
        self._inputs[name] = tuple(shape)
        return name

    def write_layer(self, text: str) -> None:
        """A layer as it is written, for those with several tops; `known` says their shapes."""
        self._text.append(text)

    def known(self, blob: str, shape, square=1.0) -> str:
        self._shape[blob], self._square[blob] = tuple(shape), square
        return blob

    def dense(self, name, bottom, outputs, logits=False) -> str:
        blobs = self._kernel(name, (outputs, math.prod(self._shape[bottom])), bottom, logits, True)
        params = f"inner_product_param {{ num_output: {outputs} }}"
        square = 1.0 if logits else 2 * self._square[bottom]
        return self._add(name, "InnerProduct", [bottom], (outputs,), square, params, blobs)

    def pool(self, name, bottom, method, kernel=0, stride=1, pad=0) -> str:
        """Kernel 0: all of the input, by its size. Sizes are rounded up, as Caffe does."""
        channels, *sizes = self._shape[bottom]
        kernel = kernel or sizes[0]
        out = [math.ceil((s + 2 * pad - kernel) / stride) + 1 for s in sizes]
        if pad:
            out = [o - ((o - 1) * stride >= s + pad) for o, s in zip(out, sizes)]
        params = f"pooling_param {{ pool: {method} kernel_size: {kernel} stride: {stride} pad: {pad} }}"
        square = self._square[bottom] * (1.5 if method == "MAX" else 0.5)
        return self._add(name, "Pooling", [bottom], (channels, *out), square, params)

    def global_pool(self, name, bottom) -> str:
        params = "pooling_param { pool: AVE global_pooling: true }"
        out = (self._shape[bottom][0], 1, 1)
        return self._add(name, "Pooling", [bottom], out, self._square[bottom] * 0.3, params)

    def relu(self, blob) -> str:
        # What is summed in blocks is mostly positive already.
        return self._in_place(
            blob + "/relu", "ReLU", blob, self._square[blob] * (0.9 if blob in self._sums else 0.5)
        )

    def sigmoid(self, blob) -> str:
        return self._in_place(blob + "/sigmoid", "Sigmoid", blob, 0.3)

    def dropout(self, blob) -> str:
        return self._in_place(
            blob + "/drop", "Dropout", blob, self._square[blob], "dropout_param { dropout_ratio: 0.5 }"
        )

    def batch_norm_scale(self, blob, eps=1e-5) -> str:
        channels, square, numbers = self._shape[blob][0], self._square[blob], self._numbers(blob + "/bn")
        factor = np.float32(99.5)
        mean = numbers.standard_normal(channels) * 0.1 * math.sqrt(square)
        variance = numbers.uniform(0.7, 1.4, channels) * square
        blobs = [mean * factor, variance * factor, np.array([factor])]
        self._in_place(blob + "/bn", "BatchNorm", blob, 1.0, f"batch_norm_param {{ eps: {eps:g} }}", blobs)
        blobs = [numbers.uniform(0.5, 1.2, channels), numbers.standard_normal(channels) * 0.1]
        return self._in_place(blob + "/scale", "Scale", blob, 0.8, "scale_param { bias_term: true }", blobs)

    def lrn(self, name, bottom) -> str:
        params = "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }"
        return self._add(name, "LRN", [bottom], self._shape[bottom], self._square[bottom], params)

    def concat(self, name, bottoms) -> str:
        shapes = [self._shape[b] for b in bottoms]
        square = sum(self._square[b] * s[0] for b, s in zip(bottoms, shapes)) / sum(s[0] for s in shapes)
        return self._add(name, "Concat", bottoms, (sum(s[0] for s in shapes), *shapes[0][1:]), square)

    def shuffle(self, name, bottom, group) -> str:
        params = f"shuffle_channel_param {{ group: {group} }}"
        return self._add(name, "ShuffleChannel", [bottom], self._shape[bottom], self._square[bottom], params)

    def sum(self, name, bottoms) -> str:
        return self._add(
            name, "Eltwise", bottoms, self._shape[bottoms[0]], sum(self._square[b] for b in bottoms)
        )

    def gate(self, name, bottom, gates) -> str:
        """Channels of `bottom` times one number each, by a Scale of two bottoms; gates (C,) or (C, 1, 1)."""
        flat = self._add(
            name + "/flat", "Reshape", [gates], self._shape[gates][:1], self._square[gates],
            "reshape_param { shape { dim: 0 dim: -1 } }",
        )  # fmt: skip
        square = self._square[bottom] * 0.3
        return self._add(
            name, "Scale", [bottom, flat], self._shape[bottom], square, "scale_param { axis: 0 }"
        )

    def axpy(self, name, gates, x, y) -> str:
        """gates * x + y, gates (C, 1, 1)."""
        square = self._square[x] * 0.3 + self._square[y]
        return self._add(name, "Axpy", [gates, x, y], self._shape[x], square)

    def softmax(self, bottom) -> str:
        return self._add("prob", "Softmax", [bottom], self._shape[bottom], 0.0)

    # -- how they are written ----------------------------------------------------------------------------------------

    def _numbers(self, name: str) -> np.random.RandomState:
        return np.random.RandomState(crc32(f"{self.name}/{name}".encode()))

    def _kernel(self, name, shape, bottom, logits, bias) -> list:
        numbers, fan = self._numbers(name), math.prod(shape[1:])
        gain = 1 / self._square[bottom] if logits else 2.0
        blobs = [(numbers.standard_normal(shape) * math.sqrt(gain / fan)).astype(np.float32)]
        return blobs + ([numbers.standard_normal(shape[0]) * 0.05] if bias else [])

    def _add(self, name, type_, bottoms, shape, square, params="", blobs=()) -> str:
        self._write(name, type_, bottoms, name, params, blobs)
        self._shape[name], self._square[name] = tuple(shape), square
        if type_ in ("Eltwise", "Axpy"):
            self._sums.add(name)
        return name

    def _in_place(self, name, type_, blob, square, params="", blobs=()) -> str:
        self._write(name, type_, [blob], blob, params, blobs)
        self._square[blob] = square
        return blob

    def _write(self, name, type_, bottoms, top, params, blobs) -> None:
        if len(blobs):
            self.weights[name] = [np.asarray(b, np.float32) for b in blobs]
        text = prototxt.layer(name, type_, bottoms, [top], params)
        if self.v1:
            text = text.replace("layer {", "layers {", 1).replace(
                f'type: "{type_}"', f"type: {V1_TYPES[type_]}"
            )
        self._text.append(text)
