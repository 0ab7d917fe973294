"""Layers that move data: Concat, Slice, Split, Flatten, Reshape, Silence; and Eltwise."""

from numeric.row import several, single
from support.prototxt import layer

DATA = (2, 6, 4, 5)


def concat(name, params, *bottoms, **more):
    return single(name, "Concat", f"concat_param {{ {params} }}", bottoms, **more)


def slices(name, params, tops, data=DATA, **more):
    if "slice_point" not in params:
        more.setdefault("opencv", "divides by the number of tops that are read")
    return single(name, "Slice", f"slice_param {{ {params} }}", (data,), tops=tops, **more)


def flatten(name, params, data=DATA, **more):
    return single(name, "Flatten", f"flatten_param {{ {params} }}", (data,), **more)


def reshape(name, params, data=DATA, **more):
    return single(name, "Reshape", f"reshape_param {{ {params} }}", (data,), **more)


def eltwise(name, params, count=2, data=(2, 3, 4, 5), **more):
    return single(name, "Eltwise", f"eltwise_param {{ {params} }}", (data,) * count, **more)


ABC = ("a", "b", "c")

ROWS = [
    concat("concat", "", (2, 3, 4, 5), (2, 2, 4, 5)),
    concat("concat_three", "", (2, 3, 4, 5), (2, 2, 4, 5), (2, 1, 4, 5)),
    concat("concat_one", "", (2, 3, 4, 5)),
    concat("concat_axis_0", "axis: 0", (2, 3, 4, 5), (1, 3, 4, 5)),
    concat("concat_axis_2", "axis: 2", (2, 3, 4, 5), (2, 3, 2, 5)),
    concat("concat_axis_3", "axis: 3", (2, 3, 4, 5), (2, 3, 4, 1)),
    concat("concat_negative", "axis: -1", (2, 3, 4, 5), (2, 3, 4, 1)),
    concat("concat_negative_3", "axis: -3", (2, 3, 4, 5), (2, 1, 4, 5)),
    concat("concat_dim", "concat_dim: 2", (2, 3, 4, 5), (2, 3, 2, 5), opencv="ignores concat_dim"),
    concat("concat_dim_0", "concat_dim: 0", (2, 3, 4, 5), (1, 3, 4, 5), opencv="ignores concat_dim"),
    concat("concat_rank_2", "", (3, 4), (3, 2)),
    several("concat_twice_the_same", {"data": (1, 2, 3, 3)}, [layer("c", "Concat", ["data", "data"])]),
    slices("slice_two", "", ("a", "b")),
    slices("slice_three", "", ABC),
    slices("slice_points", "slice_point: 1 slice_point: 4", ABC),
    slices("slice_point_one", "slice_point: 2", ("a", "b")),
    slices("slice_axis_2", "axis: 2", ("a", "b")),
    slices("slice_axis_0", "axis: 0", ("a", "b")),
    slices("slice_axis_negative", "axis: -1 slice_point: 3", ("a", "b")),
    slices("slice_dim", "slice_dim: 2 slice_point: 1", ("a", "b"), opencv="ignores slice_dim"),
    slices("slice_dim_0", "slice_dim: 0", ("a", "b"), opencv="ignores slice_dim"),
    slices("slice_one_top", "", ("a",)),
    several(
        "slice_then_use",
        {"data": DATA},
        [
            layer("s", "Slice", ["data"], ABC, "slice_param { slice_point: 1 slice_point: 4 }"),
            layer("relu", "ReLU", ["b"], ["b"]),
            layer("sum", "Concat", ["c", "b"]),
        ],
    ),
    several(
        "split",
        {"data": DATA},
        [
            layer("s", "Split", ["data"], ["a", "b"]),
            layer("relu", "ReLU", ["a"]),
            layer("tanh", "TanH", ["b"]),
        ],
    ),
    several(
        "split_unread_top",
        {"data": DATA},
        [layer("s", "Split", ["data"], ["a", "b"]), layer("relu", "ReLU", ["a"])],
        outputs=("relu",),
    ),
    several(
        "silence",
        {"data": DATA},
        [
            layer("s", "Slice", ["data"], ["a", "b"]),
            layer("quiet", "Silence", ["b"], []),
            layer("relu", "ReLU", ["a"]),
        ],
    ),
    several(
        "silence_after_work",
        {"data": DATA},
        [
            layer("tanh", "TanH", ["data"]),
            layer("quiet", "Silence", ["tanh"], []),
            layer("relu", "ReLU", ["data"]),
        ],
    ),
    flatten("flatten", ""),
    flatten("flatten_axis_2", "axis: 2"),
    flatten("flatten_axis_0", "axis: 0"),
    flatten("flatten_range", "axis: 1 end_axis: 2"),
    flatten("flatten_range_0", "axis: 0 end_axis: 1"),
    flatten("flatten_negative", "axis: -3 end_axis: -2"),
    flatten("flatten_one_axis", "axis: 1 end_axis: 1", after="TanH"),
    flatten("flatten_rank_2", "", (3, 7), after="TanH"),
    reshape("reshape", "shape { dim: 2 dim: 3 dim: 8 dim: 5 }"),
    reshape("reshape_copy", "shape { dim: 0 dim: 0 dim: 20 }"),
    reshape("reshape_infer", "shape { dim: 0 dim: -1 }"),
    reshape("reshape_infer_middle", "shape { dim: 0 dim: -1 dim: 2 dim: 5 }"),
    reshape("reshape_to_rank_1", "shape { dim: -1 }"),
    reshape("reshape_to_rank_5", "shape { dim: 0 dim: 2 dim: 3 dim: 0 dim: -1 }", (2, 6, 4, 4)),
    reshape("reshape_axis", "shape { dim: 3 dim: -1 } axis: 1 num_axes: 1"),
    reshape("reshape_axis_tail", "shape { dim: -1 } axis: 2"),
    reshape(
        "reshape_axis_negative",
        "shape { dim: 5 dim: 4 } axis: -3 num_axes: 2",
        opencv="counts from another end",
    ),
    reshape("reshape_insert", "shape { dim: 1 } axis: 1 num_axes: 0", opencv="inserts no dimension"),
    reshape(
        "reshape_append",
        "shape { dim: 1 dim: 1 } axis: -1 num_axes: 0",
        (2, 6),
        opencv="counts from another end",
    ),
    eltwise("eltwise_default", ""),
    eltwise("eltwise_sum_coeff", "operation: SUM coeff: 0.5 coeff: -2"),
    eltwise("eltwise_subtract", "operation: SUM coeff: 1 coeff: -1"),
    eltwise("eltwise_sum_three", "operation: SUM", 3),
    eltwise("eltwise_sum_three_coeff", "coeff: 0.5 coeff: 1 coeff: 3", 3),
    eltwise("eltwise_coeff_0", "coeff: 0 coeff: 2"),
    eltwise("eltwise_prod", "operation: PROD"),
    eltwise("eltwise_prod_three", "operation: PROD", 3),
    eltwise("eltwise_max", "operation: MAX"),
    eltwise("eltwise_max_three", "operation: MAX", 3),
    eltwise("eltwise_rank_2", "operation: SUM", 2, (3, 6)),
    eltwise("eltwise_stable_prod_grad", "operation: PROD stable_prod_grad: false"),
    several(
        "eltwise_of_itself",
        {"data": DATA},
        [layer("twice", "Eltwise", ["data", "data"], params="eltwise_param { coeff: 1 coeff: 2 }")],
    ),
]
