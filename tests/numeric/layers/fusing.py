"""Chains that passes rewrite; each is converted with the passes on and off."""

from numeric.row import batch_norm, several
from support.prototxt import layer

INPUT = {"data": (2, 4, 6, 7)}
BN = layer("bn", "BatchNorm", ["x"], ["x"])
SCALE = layer("scale", "Scale", ["x"], ["x"], "scale_param { bias_term: true }")


def conv(params="", name="conv", bottom="data", top="x"):
    return layer(
        name, "Convolution", [bottom], [top], f"convolution_param {{ num_output: 6 kernel_size: 3 {params} }}"
    )


def deconv(params=""):
    return layer(
        "conv",
        "Deconvolution",
        ["data"],
        ["x"],
        f"convolution_param {{ num_output: 6 kernel_size: 3 {params} }}",
    )


def dense(params=""):
    return layer("conv", "InnerProduct", ["data"], ["x"], f"inner_product_param {{ num_output: 6 {params} }}")


def near_one(*shape):
    return lambda n: n.uniform(0.5, 1.5, *shape)


BN_BLOBS, SCALE_BLOBS, CONV_BLOBS = batch_norm(6), [near_one(6), (6,)], [(6, 4, 3, 3), (6,)]


def chain(name, layers, weights, inputs=None, **more):
    return several(name, inputs or INPUT, layers, weights, fusing=True, **more)


ROWS = [
    chain("conv_bn", [conv(), BN], {"conv": CONV_BLOBS, "bn": BN_BLOBS}),
    chain("conv_scale", [conv(), SCALE], {"conv": CONV_BLOBS, "scale": SCALE_BLOBS}),
    chain("conv_bn_scale", [conv(), BN, SCALE], {"conv": CONV_BLOBS, "bn": BN_BLOBS, "scale": SCALE_BLOBS}),
    chain(
        "conv_no_bias_bn_scale",
        [conv("bias_term: false"), BN, SCALE],
        {"conv": CONV_BLOBS[:1], "bn": BN_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain(
        "conv_group_bn_scale",
        [conv("group: 2"), BN, SCALE],
        {"conv": [(6, 2, 3, 3), (6,)], "bn": BN_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain(
        "conv_scale_without_bias",
        [conv(), layer("scale", "Scale", ["x"], ["x"])],
        {"conv": CONV_BLOBS, "scale": [near_one(6)]},
    ),
    chain(
        "conv_bias",
        [conv(), layer("bias", "Bias", ["x"], ["x"])],
        {"conv": CONV_BLOBS, "bias": [(6,)]},
        opencv="no layer Bias",
    ),
    chain(
        "deconv_bn_scale",
        [deconv(), BN, SCALE],
        {"conv": [(4, 6, 3, 3), (6,)], "bn": BN_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain(
        "deconv_group_bn_scale",
        [deconv("group: 2"), BN, SCALE],
        {"conv": [(4, 3, 3, 3), (6,)], "bn": BN_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain("dense_scale", [dense(), SCALE], {"conv": [(6, 168), (6,)], "scale": SCALE_BLOBS}),
    chain(
        "dense_bn_scale",
        [dense(), BN, SCALE],
        {"conv": [(6, 168), (6,)], "bn": BN_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain(
        "dense_transpose_scale",
        [dense("transpose: true"), SCALE],
        {"conv": [(168, 6), (6,)], "scale": SCALE_BLOBS},
        opencv="ignores transpose",
    ),
    chain(
        "dense_axis_2_scale_on_channels",
        [
            layer("conv", "InnerProduct", ["data"], ["x"], "inner_product_param { num_output: 6 axis: 3 }"),
            layer("scale", "Scale", ["x"], ["x"], "scale_param { bias_term: true }"),
        ],
        {"conv": [(6, 7), (6,)], "scale": [near_one(4), (4,)]},
    ),
    chain(
        "bn_before_conv",
        [
            layer("bn", "BatchNorm", ["data"], ["y"]),
            layer("scale", "Scale", ["y"], ["y"], "scale_param { bias_term: true }"),
            conv("pad: 1", bottom="y"),
        ],
        {"bn": batch_norm(4), "scale": [near_one(4), (4,)], "conv": CONV_BLOBS},
    ),
    chain(
        "conv_of_two_readers",
        [
            conv(),
            layer("scale", "Scale", ["x"], ["y"], "scale_param { bias_term: true }"),
            layer("sum", "Eltwise", ["x", "y"]),
        ],
        {"conv": CONV_BLOBS, "scale": SCALE_BLOBS},
    ),
    chain(
        "conv_relu_scale",
        [conv(), layer("relu", "ReLU", ["x"], ["x"]), SCALE],
        {"conv": CONV_BLOBS, "scale": [lambda n: n.uniform(-1, 1, 6), (6,)]},
    ),
    chain(
        "scale_along_width",
        [conv(), layer("scale", "Scale", ["x"], ["x"], "scale_param { axis: 3 bias_term: true }")],
        {"conv": CONV_BLOBS, "scale": [near_one(5), (5,)]},
    ),
    chain(
        "scale_alone",
        [layer("scale", "Scale", ["data"], ["x"], "scale_param { bias_term: true }")],
        {"scale": [near_one(4), (4,)]},
    ),
    chain(
        "scale_scale",
        [
            layer("s1", "Scale", ["data"], ["x"], "scale_param { bias_term: true }"),
            layer("s2", "Scale", ["x"], ["x"], "scale_param { bias_term: true }"),
        ],
        {"s1": [near_one(4), (4,)], "s2": [near_one(4), (4,)]},
    ),
    chain(
        "bn_factor_0_after_conv",
        [conv(), BN, SCALE],
        {"conv": CONV_BLOBS, "bn": batch_norm(6, 0.0), "scale": SCALE_BLOBS},
    ),
    chain(
        "scale_of_zero",
        [conv(), SCALE],
        {"conv": CONV_BLOBS, "scale": [lambda n: n.normal(6) * [0, 1, 0, 1, 1, 1], (6,)]},
    ),
    chain(
        "residual_block",
        [
            conv("pad: 1 bias_term: false", "c1", "data", "x"),
            BN,
            SCALE,
            layer("relu", "ReLU", ["x"], ["x"]),
            layer(
                "c2",
                "Convolution",
                ["x"],
                ["y"],
                "convolution_param { num_output: 4 kernel_size: 1 bias_term: false }",
            ),
            layer("bn2", "BatchNorm", ["y"], ["y"]),
            layer("scale2", "Scale", ["y"], ["y"], "scale_param { bias_term: true }"),
            layer("sum", "Eltwise", ["data", "y"]),
            layer("relu2", "ReLU", ["sum"], ["sum"]),
        ],
        {
            "c1": CONV_BLOBS[:1],
            "bn": BN_BLOBS,
            "scale": SCALE_BLOBS,
            "c2": [(4, 6, 1, 1)],
            "bn2": batch_norm(4),
            "scale2": [near_one(4), (4,)],
        },
    ),
    chain(
        "dropout_between",
        [conv(), layer("drop", "Dropout", ["x"], ["x"]), SCALE],
        {"conv": CONV_BLOBS, "scale": SCALE_BLOBS},
    ),
]
