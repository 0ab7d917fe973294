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
