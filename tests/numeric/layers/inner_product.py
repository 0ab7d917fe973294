"""InnerProduct."""

from numeric.row import several, single
from support.caffemodel import Encoding
from support.prototxt import layer


def dense(name, params, blobs, data=(2, 3, 4, 5), **more):
    return single(name, "InnerProduct", f"inner_product_param {{ {params} }}", (data,), blobs, **more)


ROWS = [
    dense("plain", "num_output: 7", [(7, 60), (7,)]),
    dense("no_bias", "num_output: 7 bias_term: false", [(7, 60)]),
    dense("rank_2", "num_output: 7", [(7, 12), (7,)], (3, 12)),
    dense("batch_1", "num_output: 5", [(5, 60), (5,)], (1, 3, 4, 5)),
    dense("one_output", "num_output: 1", [(1, 60), (1,)]),
    dense("transpose", "num_output: 7 transpose: true", [(60, 7), (7,)], opencv="ignores transpose"),
    dense(
        "transpose_no_bias",
        "num_output: 7 transpose: true bias_term: false",
        [(60, 7)],
        opencv="ignores transpose",
    ),
    dense("axis_0", "num_output: 4 axis: 0", [(4, 120), (4,)]),
    dense("axis_2", "num_output: 4 axis: 2", [(4, 20), (4,)]),
    dense("axis_3", "num_output: 4 axis: 3", [(4, 5), (4,)]),
    dense("axis_negative", "num_output: 4 axis: -1", [(4, 5), (4,)]),
    dense(
        "axis_2_transpose",
        "num_output: 4 axis: 2 transpose: true",
        [(20, 4), (4,)],
        opencv="ignores transpose",
    ),
    dense("legacy_dims", "num_output: 7", [(7, 60), (7,)], encoding=Encoding(legacy_dims=True)),
    several(
        "two_in_a_row",
        {"data": (2, 3, 4, 4)},
        [
            layer("ip1", "InnerProduct", ["data"], params="inner_product_param { num_output: 8 }"),
            layer("relu", "ReLU", ["ip1"], ["ip1"]),
            layer("ip2", "InnerProduct", ["ip1"], params="inner_product_param { num_output: 3 }"),
        ],
        {"ip1": [(8, 48), (8,)], "ip2": [(3, 8), (3,)]},
    ),
]
