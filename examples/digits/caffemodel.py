"""Writes one description of a net as Caffe's two files: `.prototxt` (text) and `.caffemodel` (protobuf wire format).

A net is `(name, layers)`, a layer is a dict with `name`, `type`, `bottom`, `top` (lists of names), optionally `blobs`
(a list of NumPy arrays) and one `..._param` dict as in a prototxt:

    {"name": "conv1", "type": "Convolution", "bottom": ["data"], "top": ["conv1"],
     "convolution_param": {"num_output": 16, "kernel_size": 3}, "blobs": [weights]}

Only the layers' parameters that the examples use have their field numbers here.
"""

import numpy as np

# Field numbers of the messages that the examples use.
LAYER = {"name": 1, "type": 2, "bottom": 3, "top": 4}
BLOBS = 7
PARAMETERS = {
    "convolution_param": (106, {"num_output": 1, "bias_term": 2, "pad": 3, "kernel_size": 4}),
    "inner_product_param": (117, {"num_output": 1}),
    "pooling_param": (121, {"pool": 1, "kernel_size": 2, "stride": 3}),
    "batch_norm_param": (139, {"use_global_stats": 1}),
    "scale_param": (142, {"bias_term": 4}),
    "input_param": (143, {"shape": 1}),
}
ENUMS = {"MAX": 0, "AVE": 1}  # PoolingParameter.PoolMethod


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def delimited(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def packed_dims(shape) -> bytes:
    """A BlobShape: `repeated int64 dim = 1 [packed]`."""
    return delimited(1, b"".join(map(varint, shape)))


def blob(array: np.ndarray) -> bytes:
    """A BlobProto: `shape = 7` and the elements as packed little-endian floats in `data = 5`."""
    return delimited(7, packed_dims(array.shape)) + delimited(5, np.ascontiguousarray(array, "<f4").tobytes())


def parameter_fields(numbers: dict, values: dict) -> bytes:
    out = b""
    for key, value in values.items():
        if key == "shape":
            out += delimited(numbers[key], packed_dims(value))
        else:
            out += varint(numbers[key] << 3) + varint(ENUMS[value] if isinstance(value, str) else int(value))
    return out


def binary(name: str, layers: list) -> bytes:
    """The NetParameter with weights: `name = 1`, `repeated LayerParameter layer = 100`."""
    out = delimited(1, name.encode())
    for layer in layers:
        body = b"".join(delimited(LAYER[key], layer[key].encode()) for key in ("name", "type"))
        body += b"".join(delimited(LAYER[key], top.encode()) for key in ("bottom", "top") for top in layer[key])
        body += b"".join(delimited(BLOBS, blob(array)) for array in layer.get("blobs", []))
        for key in layer.keys() & PARAMETERS.keys():
            number, numbers = PARAMETERS[key]
            body += delimited(number, parameter_fields(numbers, layer[key]))
        out += delimited(100, body)
    return out


def text(name: str, layers: list) -> str:
    """The same without weights, as a prototxt."""
    lines = [f'name: "{name}"']
    for layer in layers:
        lines.append("layer {")
        lines += [f'  {key}: "{layer[key]}"' for key in ("name", "type")]
        lines += [f'  {key}: "{blob_name}"' for key in ("bottom", "top") for blob_name in layer[key]]
        for key in layer.keys() & PARAMETERS.keys():
            fields = " ".join(parameter_text(*field) for field in layer[key].items())
            lines.append(f"  {key} {{ {fields} }}")
        lines.append("}")
    return "\n".join(lines) + "\n"


def parameter_text(key: str, value) -> str:
    if key == "shape":
        return "shape { " + " ".join(f"dim: {dim}" for dim in value) + " }"
    return f"{key}: {str(value).lower() if isinstance(value, bool) else value}"


def read_blobs(data: bytes) -> dict:
    """The weights of a caffemodel that `binary` wrote: a list of arrays by layer name."""
    layers = {}
    for number, body in fields(data):
        if number == 100:
            members = list(fields(body))
            name = next(value for key, value in members if key == LAYER["name"]).decode()
            layers[name] = [read_blob(value) for key, value in members if key == BLOBS]
    return layers


def read_blob(data: bytes) -> np.ndarray:
    members = dict(fields(data))
    dims = dict(fields(members[7]))[1]
    shape, at = [], 0
    while at < len(dims):
        value, at = read_varint(dims, at)
        shape.append(value)
    return np.frombuffer(members[5], "<f4").reshape(shape)


def read_varint(data: bytes, at: int) -> tuple:
    value = shift = 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def fields(data: bytes):
    """Pairs (field number, bytes or integer) of a message that has varints and delimited fields alone."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {key & 7} at byte {at}")
        yield key >> 3, value
