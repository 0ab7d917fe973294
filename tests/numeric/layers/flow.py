"""FlowNet: Correlation, Accum, DataAugmentation; and the spatial transformer. Formulas say the results."""

from dataclasses import replace

import numpy as np

from numeric import flow_formulas as formulas
from numeric.layers.by_formula import case
from numeric.row import Numbers, single

PAIR = ((2, 3, 9, 8), (2, 3, 9, 8))


def correlation(name, params, bottoms=PAIR, type_="Correlation", opencv="", formula=formulas.correlation, **said):
    row = single(name, type_, f"correlation_param {{ {params} }}", bottoms, opencv=opencv)
    return replace(row, formula=lambda inputs: {"out": formula(*inputs.values(), **said)})


def along_rows(name, params, bottoms=PAIR, **said):
    return correlation(name, params, bottoms, "Correlation1D", "lacks Correlation1D", formulas.correlation_1d, **said)


def accum(name, params, bottoms, opencv="", **said):
    row = single(name, "Accum", f"accum_param {{ {params} }}", bottoms, opencv=opencv)
    return replace(row, formula=lambda inputs: {"out": formulas.accum(list(inputs.values()), **said)})


def augmentation(name, params, mean, size=None, opencv="", blobs=True, means=(7, 6)):
    """`mean`: of the three means that the layer may subtract, `pixels`, `channels` or numbers."""
    numbers = Numbers(name)
    kept = [np.array([[[[2000]]]], np.float32), numbers.normal(1, 3, *means), numbers.normal(1, 3, 1, 1)]
    subtracted = {"pixels": kept[1], "channels": kept[2]}.get(mean, mean) if isinstance(mean, str) else mean

    def expected(x):
        x = formulas.crop_to_middle(x, *size) if size else x
        return x - np.reshape(subtracted, (1, 3, 1, 1)) if np.size(subtracted) == 3 else x - subtracted

    data = {"data": numbers.normal(2, 3, 7, 6)}
    return case(name, "DataAugmentation", f"augmentation_param {{ {params} }}", data, expected, opencv,
                blobs=(kept if "recompute_mean" in params else kept[:1]) if blobs else ())  # fmt: skip


def transformer(name, params, given=6, fixed=None, size=(0, 0), shape=None):
    """Turned, shrunk and moved a little, so that some places are outside; `fixed` index -> number."""
    numbers = Numbers(name)
    theta = np.array([[0.9, 0.3, 0.1, -0.4, 1.1, -0.2], [-1.2, 0.2, 0, 0.1, 0.7, 0.3]], np.float32)
    free = [i for i in range(6) if i not in (fixed or {})]

    def expected(x, numbers_given):
        full = theta.copy()
        full[:, free] = numbers_given.reshape(2, -1)
        for index, number in (fixed or {}).items():
            full[:, index] = number
        return formulas.spatial_transformer(x, full.reshape(2, 2, 3), *size)

    inputs = {"data": numbers.normal(2, 3, 7, 6), "theta": theta[:, free].reshape(shape or (2, given))}
    return case(name, "SpatialTransformer", f"st_param {{ {params} }}", inputs, expected, since_v11=True,
                opencv="lacks the layer")  # fmt: skip


READS_NOT = "OpenCV reads neither single_direction nor correlation_type"
CROPS_NOT = "never crops"

ROWS = [
    correlation("correlation", "kernel_size: 1 max_displacement: 2", kernel=1, farthest=2),
    correlation("correlation_pad", "kernel_size: 1 max_displacement: 2 pad: 2", kernel=1, farthest=2, pad=2),
    correlation("correlation_less_pad", "kernel_size: 1 max_displacement: 2 pad: 1", kernel=1, farthest=2, pad=1),
    correlation("correlation_kernel", "kernel_size: 3 max_displacement: 2 pad: 3", kernel=3, farthest=2, pad=3),
    correlation("correlation_stride_1", "kernel_size: 1 max_displacement: 1 pad: 1 stride_1: 2",
                kernel=1, farthest=1, pad=1, stride=2),
    correlation("correlation_stride_2", "kernel_size: 1 max_displacement: 4 pad: 4 stride_2: 2",
                kernel=1, farthest=4, pad=4, step=2),
    correlation("correlation_uneven", "kernel_size: 3 max_displacement: 3 pad: 3 stride_1: 2 stride_2: 2",
                kernel=3, farthest=3, pad=3, stride=2, step=2),
    correlation("correlation_multiply", "kernel_size: 1 max_displacement: 1 correlation_type: MULTIPLY do_abs: true",
                kernel=1, farthest=1),
    correlation("correlation_subtract", "kernel_size: 3 max_displacement: 2 pad: 2 correlation_type: SUBTRACT",
                opencv=READS_NOT, kernel=3, farthest=2, pad=2, subtract=True),
    correlation("correlation_single_direction", "kernel_size: 1 max_displacement: 2 pad: 2 single_direction: 1",
                kernel=1, farthest=2, pad=2),
    along_rows("correlation_1d", "kernel_size: 1 max_displacement: 3 pad: 3", kernel=1, farthest=3, pad=3),
    along_rows("correlation_1d_kernel", "kernel_size: 3 max_displacement: 2 pad: 2 stride_1: 2 stride_2: 2",
               kernel=3, farthest=2, pad=2, stride=2, step=2),
    along_rows("correlation_1d_left", "kernel_size: 1 max_displacement: 2 pad: 2 single_direction: -1",
               kernel=1, farthest=2, pad=2, direction=-1),
    along_rows("correlation_1d_right", "kernel_size: 1 max_displacement: 4 pad: 4 stride_2: 2 single_direction: 1",
               kernel=1, farthest=4, pad=4, step=2, direction=1),
    along_rows("correlation_1d_subtract", "kernel_size: 1 max_displacement: 2 pad: 2 correlation_type: SUBTRACT",
               kernel=1, farthest=2, pad=2, subtract=True),
    accum("accum", "", ((1, 3, 5, 4), (1, 2, 7, 6), (1, 1, 3, 6))),
    accum("accum_images", "", ((2, 3, 5, 4), (2, 2, 7, 6)), opencv="mixes the images of a batch"),
    accum("accum_size", "top_height: 9 top_width: 11", ((1, 3, 5, 4), (1, 2, 7, 6)), size=(9, 11)),
    accum("accum_one_side", "top_height: 9 top_width: 6", ((1, 3, 5, 4), (1, 2, 7, 6)), size=(9, 6)),
    accum("accum_divisible", "size_divisible_by: 8", ((1, 3, 5, 4), (1, 2, 7, 6)), opencv="rounds down", divisor=8),
    accum("accum_reference", "have_reference: true", ((1, 3, 5, 4), (1, 2, 7, 6), (1, 1, 8, 5)), reference=True),
    augmentation("augmentation_mean_per_pixel", "recompute_mean: 1000 mean_per_pixel: true", "pixels",
                 opencv="goes on averaging"),
    augmentation("augmentation_mean", "recompute_mean: 1000 mean_per_pixel: false", "channels",
                 opencv="goes on averaging"),
    augmentation("augmentation_given_mean", "mean: 104 mean: 117 mean: 123 mean_per_pixel: false", [104, 117, 123],
                 opencv="does not read the mean"),
    augmentation("augmentation_crop", "crop_height: 4 crop_width: 3", 0, (4, 3), CROPS_NOT),
    augmentation("augmentation_crop_of_all", "crop_height: 7 crop_width: 6", 0, (7, 6), CROPS_NOT),
    augmentation("augmentation_one_side", "crop_height: 4", 0, opencv=CROPS_NOT),
    augmentation("augmentation_crop_mean", "crop_height: 5 crop_width: 4 recompute_mean: 9 mean_per_pixel: true", "pixels", (5, 4),
                 CROPS_NOT, means=(5, 4)),
    augmentation("augmentation_without", "", 0, opencv="wants means", blobs=False),
    transformer("transformer", ""),
    transformer("transformer_spelt", 'transform_type: "affine" sampler_type: "bilinear" to_compute_dU: false'),
    transformer("transformer_size", "output_H: 5 output_W: 9", size=(5, 9)),
    transformer("transformer_height", "output_H: 12", size=(12, 0)),
    transformer("transformer_rank_4", "", shape=(2, 6, 1, 1)),
    transformer("transformer_fixed", "theta_1_2: 0 theta_2_1: 0.25", 4, {1: 0, 3: 0.25}),
    transformer("transformer_two", "theta_1_1: 0.5 theta_1_2: -0.1 theta_2_1: 0.2 theta_2_2: 0.6", 2,
                {0: 0.5, 1: -0.1, 3: 0.2, 4: 0.6}),
    transformer("transformer_others", "theta_1_3: 0.1 theta_2_3: -0.2 theta_2_2: 1", 3, {2: 0.1, 5: -0.2, 4: 1}),
]  # fmt: skip
