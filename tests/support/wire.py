"""The protobuf wire format, written by hand: the tests depend on no Caffe schema and no protobuf runtime."""

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5


def varint(value: int) -> bytes:
    """Base-128 encoding of an integer; negative numbers take ten bytes, as int32 and int64 do."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def key(field: int, wire_type: int) -> bytes:
    return varint(field << 3 | wire_type)


def integer(field: int, value: int) -> bytes:
    return key(field, VARINT) + varint(value)


def delimited(field: int, payload: bytes | str) -> bytes:
    """A string, bytes, embedded message or packed array."""
    payload = payload.encode() if isinstance(payload, str) else payload
    return key(field, LENGTH_DELIMITED) + varint(len(payload)) + payload


def read_varint(data, at: int) -> tuple:
    """(value, where the next byte is)."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(field, value) of each field of a message: integers of varints, bytes of all else, as a view."""
    data, at = memoryview(data), 0
    while at < len(data):
        tag, at = read_varint(data, at)
        field, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = read_varint(data, at)
        else:
            size = {FIXED32: 4, FIXED64: 8}.get(kind)
            if size is None:
                size, at = read_varint(data, at)
            value, at = data[at : at + size], at + size
        yield field, value
