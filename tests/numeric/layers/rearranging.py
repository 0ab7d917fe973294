"""Layers that move elements about, of SSD, ShuffleNet and YOLO nets: formulas say the results."""

from dataclasses import replace

from numeric import detection_formulas as formulas
from numeric import net_formulas
from numeric.layers.by_formula import case, image
from numeric.row import text_net
from support import layerwise, prototxt


def permute(name, order, axes, shape=(2, 3, 4, 5), opencv=""):
    params = "permute_param { " + " ".join(f"order: {a}" for a in order) + " }"
    return case(name, "Permute", params, image(name, *shape), lambda x: x.transpose(axes), opencv)


def shuffle(name, group, type_="ShuffleChannel", opencv="", shape=(2, 12, 3, 5)):
    def expected(x):
        n, c, h, w = x.shape
        return x.reshape(n, group, c // group, h, w).swapaxes(1, 2).reshape(x.shape)

    return case(name, type_, f"shuffle_channel_param {{ group: {group} }}", image(name, *shape), expected, opencv)


def reorg(name, type_, params, stride, shape):
    return case(
        name,
        type_,
        params,
        image(name, *shape),
        lambda x: formulas.reorg(x, stride),
        "reads no such layer from Caffe files",
    )


def upsample(name, type_, params, factors):
    return case(
        name,
        type_,
        params,
        image(name, 2, 3, 4, 5),
        lambda x: x.repeat(factors[0], 2).repeat(factors[1], 3),
        "reads no such layer from Caffe files",
    )


def unpooling(name, pool, up="", shape=(2, 3, 6, 8)):
    """A pooling, something between, and its inverse: ENet's and SegNet's."""

    def expected(inputs):
        pooling, upsample = (layerwise.Layer(m) for m in layerwise.parse(net)["layer"][1::2])
        values, places = net_formulas.pooling(pooling, [inputs["data"]], [])
        return {"out": net_formulas.upsample(upsample, [values * -0.5, places], [])[0]}

    net = "".join(
        [
            prototxt.input_layer("data", shape),
            prototxt.layer("pool", "Pooling", ["data"], ("pool", "mask"), f"pooling_param {{ {pool} }}"),
            prototxt.layer("half", "Power", ["pool"], params="power_param { scale: -0.5 }"),
            prototxt.layer("out", "Upsample", ["half", "mask"], params=f"upsample_param {{ {up} }}"),
        ]
    )
    row = text_net(name, net, {"data": shape}, formula=expected, opencv="reads no such layer from Caffe files")
    return replace(row, since_v11=True)


SHORT = "wants every axis"


ROWS = [
    permute("permute", (0, 2, 3, 1), (0, 2, 3, 1)),
    permute("permute_batch", (3, 0, 2, 1), (3, 0, 2, 1)),
    permute("permute_short", (0, 2), (0, 2, 1, 3), opencv=SHORT),
    permute("permute_one_axis", (3,), (3, 0, 1, 2), opencv=SHORT),
    permute("permute_3d", (0, 2, 1), (0, 2, 1), (2, 3, 4)),
    permute("permute_5d", (0, 4, 2, 1, 3), (0, 4, 2, 1, 3), (2, 3, 2, 2, 4)),
    shuffle("shuffle_2", 2),
    shuffle("shuffle_3", 3),
    shuffle("shuffle_4", 4),
    shuffle("shuffle_all", 12),
    shuffle("channel_shuffle", 3, "ChannelShuffle", "lacks this spelling"),
    reorg("reorg_yolo", "ReorgYolo", "reorg_yolo_param { stride: 2 }", 2, (2, 8, 4, 6)),
    reorg("reorg_yolo_3", "ReorgYolo", "reorg_yolo_param { stride: 3 }", 3, (1, 9, 6, 3)),
    reorg("reorg", "Reorg", "reorg_param { stride: 2 }", 2, (1, 4, 4, 6)),
    reorg(
        "reorg_python",
        "Python",
        'python_param { module: "yolov2" layer: "darknet_reorg" }',
        2,
        (1, 4, 4, 6),
    ),
    upsample("upsample_2", "Upsample", "upsample_param { scale: 2 }", (2, 2)),
    upsample("upsample_3", "Upsample", "upsample_param { scale: 3 }", (3, 3)),
    upsample("upsample_h_w", "Upsample", "upsample_param { scale_h: 2 scale_w: 5 }", (2, 5)),
    unpooling("unpooling", "pool: MAX kernel_size: 2 stride: 2", "scale: 2"),
    unpooling("unpooling_default_scale", "kernel_size: 2 stride: 2"),
    unpooling("unpooling_odd", "kernel_size: 2 stride: 2", "scale: 2 pad_out_h: true pad_out_w: true", (1, 2, 7, 9)),
    unpooling("unpooling_size", "kernel_size: 3 stride: 3", "upsample_h: 7 upsample_w: 10", (2, 2, 7, 10)),
    unpooling("unpooling_padded", "kernel_size: 3 stride: 2 pad: 1", "upsample_h: 7 upsample_w: 6", (1, 3, 7, 6)),
    unpooling("unpooling_by_axis", "kernel_h: 2 kernel_w: 3 stride_h: 2 stride_w: 3", "scale_h: 2 scale_w: 3", (1, 2, 6, 9)),
    upsample("upsample_darknet", "UpsampleDarknet", "upsample_darknet_param { stride: 4 }", (4, 4)),
]
