"""Nets that find, read, follow and tell apart: small and narrow, with every kind of layer of the published ones."""

import numpy as np

from numeric.topologies.builder import Net
from numeric.topologies.segmentation import prelu, unit
from support import prototxt


def convolution(net, name, x, outputs, kernel=3, stride=1, pad=1, slope="", **more):
    """With BatchNorm, Scale and ReLU: the nets of this decade."""
    x = net.batch_norm_scale(net.conv(name, x, outputs, kernel, stride, pad, bias=False, **more))
    return net.in_place(x + "/relu", "ReLU", x, slope) if slope else net.relu(x)


def single_shot(name, depthwise):
    """SSD on VGG (Normalize, dilation) and on MobileNet: two maps of priors, DetectionOutput."""

    def build():
        net = Net(name, (96, 96))
        if depthwise:
            x = convolution(net, "conv0", "data", 8, stride=2)
            for i, stride in enumerate((2, 1, 2), 1):
                channels = net.shape(x)[0]
                x = convolution(net, f"conv{i}/dw", x, channels, stride=stride, group=channels)
                x = convolution(net, f"conv{i}", x, 12, 1, 1, 0)
            first = x
        else:
            x = unit(net, "conv1", "data", 8)
            x = net.pool("pool2", unit(net, "conv2", net.pool("pool1", x, "MAX", 2, 2), 8), "MAX", 4, 4)
            x = unit(net, "fc6", x, 12, pad=2, dilation=2)
            scale = net.numbers("norm").uniform(2, 4, 12)
            params = "norm_param { across_spatial: false channel_shared: false }"
            first = net.layer("norm", "Normalize", [x], net.shape(x), params, [scale], 1.0)
        second = convolution(net, "extra", x, 12, stride=2)
        maps = {"loc": [], "conf": [], "prior": []}
        for source, least, most in ((first, 20, 40), (second, 45, 80)):
            height, width = net.shape(source)[1:]
            for kind, count in (("loc", 4), ("conf", 4)):
                y = net.conv(f"{source}_{kind}", source, 4 * count, 3, 1, 1)
                params = "permute_param { order: 0 order: 2 order: 3 order: 1 }"
                y = net.layer(f"{y}_perm", "Permute", [y], (height, width, 4 * count), params)
                maps[kind].append(net.layer(f"{y}_flat", "Flatten", [y], (height * width * 4 * count,)))
            params = f"min_size: {least} max_size: {most} aspect_ratio: 2 flip: true clip: {str(depthwise).lower()} "
            params += "variance: 0.1 variance: 0.1 variance: 0.2 variance: 0.2"
            y = net.layer(f"{source}_prior", "PriorBox", [source, "data"], (2, height * width * 16), f"prior_box_param {{ {params} }}")
            maps["prior"].append(y)
        loc, conf = (net.concat(f"mbox_{kind}", maps[kind]) for kind in ("loc", "conf"))
        sizes = [net.shape(y)[1] for y in maps["prior"]]
        prior = net.layer("mbox_prior", "Concat", maps["prior"], (2, sum(sizes)), "concat_param { axis: 2 }")
        boxes = net.shape(loc)[0] // 4
        conf = net.layer("conf_rows", "Reshape", [conf], (boxes, 4), "reshape_param { shape { dim: 0 dim: -1 dim: 4 } }")
        conf = net.layer("conf_prob", "Softmax", [conf], (boxes, 4), "softmax_param { axis: 2 }", square=0.3)
        conf = net.layer("conf_flat", "Flatten", [conf], (boxes * 4,))
        params = "num_classes: 4 share_location: true background_label_id: 0 nms_param { nms_threshold: 0.45 top_k: 100 } "
        params += "code_type: CENTER_SIZE keep_top_k: 20 confidence_threshold: 0.01"
        net.layer("detections", "DetectionOutput", [loc, conf, prior], (20, 7), f"detection_output_param {{ {params} }}")
        return net

    return build


def region_proposals(net, x, boxes=9):
    """R-CNN's: scores as two classes, deltas, the Python layer."""
    height, width = net.shape(x)[1:]
    y = unit(net, "rpn", x, 12)
    scores, deltas = net.conv("rpn_score", y, 2 * boxes, 1), net.conv("rpn_delta", y, 4 * boxes, 1)
    y = net.layer("rpn_two", "Reshape", [scores], (2, boxes * height, width), "reshape_param { shape { dim: 0 dim: 2 dim: -1 dim: 0 } }")
    y = net.layer("rpn_prob", "Softmax", [y], net.shape(y), square=0.3)
    y = net.layer("rpn_all", "Reshape", [y], net.shape(scores), f"reshape_param {{ shape {{ dim: 0 dim: {2 * boxes} dim: -1 dim: 0 }} }}")
    params = "python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' "
    params += "param_str: \"{'feat_stride': 8, 'scales': (1, 2, 4), 'min_size': 4, 'post_nms_topn': 12}\" }"
    net.layer("rois", "Python", [y, deltas, "im_info"], (5,), params)


class RegionNet(Net):
    """A net that is told the image's size."""

    @property
    def inputs(self) -> dict:
        height, width = self._data[1:]
        return {**super().inputs, "im_info": np.array([[height, width, 1]], np.float32)}


def faster_rcnn():
    net = RegionNet("faster_rcnn", (72, 96))
    net.input("im_info", (1, 3))
    x = unit(net, "conv1", "data", 8, stride=2)
    x = unit(net, "conv2", x, 8, stride=2)
    x = unit(net, "conv3", x, 12, stride=2)
    region_proposals(net, x)
    params = "roi_pooling_param { pooled_h: 3 pooled_w: 3 spatial_scale: 0.125 }"
    y = net.layer("roi_pool", "ROIPooling", [x, "rois"], (12, 3, 3), params)
    y = net.dropout(net.relu(net.dense("fc6", y, 16)))
    net.dense("bbox_pred", y, 12)
    net.softmax(net.dense("cls_score", y, 3))
    return net


def rfcn():
    net = RegionNet("rfcn", (72, 96))
    net.input("im_info", (1, 3))
    x = unit(net, "conv1", "data", 8, stride=2)
    x = unit(net, "conv3", unit(net, "conv2", x, 8, stride=2), 12, stride=2)
    region_proposals(net, x)
    for name, outputs in (("cls", 3), ("bbox", 8)):
        y = net.conv(f"rfcn_{name}", x, outputs * 9, 1)
        params = f"psroi_pooling_param {{ spatial_scale: 0.125 output_dim: {outputs} group_size: 3 }}"
        y = net.layer(f"psroi_{name}", "PSROIPooling", [y, "rois"], (outputs, 3, 3), params)
        net.pool(f"vote_{name}", y, "AVE", 3, 3)
    net.softmax("vote_cls")
    return net


LEAKY = "relu_param { negative_slope: 0.1 }"


def yolo_v2():
    """The route through Reorg, RegionYolo with softmax."""
    net = Net("yolo_v2", (64, 96))
    x = "data"
    for i, outputs in enumerate((8, 12, 12), 1):
        x = net.pool(f"pool{i}", convolution(net, f"conv{i}", x, outputs, slope=LEAKY), "MAX", 2, 2)
    fine = convolution(net, "conv4", x, 12, slope=LEAKY)
    x = convolution(net, "conv5", net.pool("pool4", fine, "MAX", 2, 2), 16, slope=LEAKY)
    small = convolution(net, "conv6", fine, 4, 1, 1, 0, slope=LEAKY)
    channels, height, width = net.shape(small)
    y = net.layer("reorg", "Reorg", [small], (channels * 4, height // 2, width // 2), "reorg_param { stride: 2 }")
    x = convolution(net, "conv7", net.concat("route", [y, x]), 16, slope=LEAKY)
    x = net.conv("conv8", x, 3 * 9, 1, logits=True)
    params = "region_yolo_param { classes: 4 coords: 4 num: 3 do_softmax: true anchors: 1 anchors: 2 anchors: 3 anchors: 1 }"
    net.layer("region", "RegionYolo", [x], (27 * 4 * 6,), params)
    return net


def yolo_v3():
    """Residual blocks, two scales joined by an Upsample, a RegionYolo without softmax for each."""
    net = Net("yolo_v3", (64, 96))
    x = convolution(net, "conv0", "data", 6, slope=LEAKY)
    for i, outputs in enumerate((8, 12, 16, 16), 1):
        x = convolution(net, f"down{i}", x, outputs, stride=2, slope=LEAKY)
        y = convolution(net, f"half{i}", x, outputs // 2, 1, 1, 0, slope=LEAKY)
        x = net.sum(f"res{i}", [x, convolution(net, f"full{i}", y, outputs, slope=LEAKY)])
        if i == 3:
            fine = x
    params = "region_yolo_param { classes: 2 coords: 4 num: 6 do_softmax: false mask: %s }"
    y = net.conv("large", x, 21, 1, logits=True)
    net.layer("region_large", "RegionYolo", [y], net.shape(y), params % "3 mask: 4 mask: 5")
    x = convolution(net, "narrow", x, 8, 1, 1, 0, slope=LEAKY)
    channels, height, width = net.shape(x)
    x = net.layer("upsample", "Upsample", [x], (channels, 2 * height, 2 * width), "upsample_param { scale: 2 }")
    y = net.conv("small", net.concat("route", [x, fine]), 21, 1, logits=True)
    net.layer("region_small", "RegionYolo", [y], net.shape(y), params % "0 mask: 1 mask: 2")
    return net


def mtcnn(stage):
    """P-Net of any size, R-Net and O-Net with inner products; PReLU, Caffe's rounding up."""

    def build():
        net = Net(f"mtcnn_{stage}", {1: (25, 33), 2: (24, 24), 3: (48, 48)}[stage])
        x = prelu(net, net.conv("conv1", "data", 10, 3))
        x = net.pool("pool1", x, "MAX", 2 if stage == 1 else 3, 2)
        x = prelu(net, net.conv("conv2", x, 16, 3))
        if stage == 1:
            x = prelu(net, net.conv("conv3", x, 32, 3))
            head = lambda name, outputs: net.conv(name, x, outputs, 1)  # noqa: E731
        else:
            x = prelu(net, net.conv("conv3", net.pool("pool2", x, "MAX", 3, 2), 24, 2))
            x = prelu(net, net.dense("conv4", x, 32))
            head = lambda name, outputs: net.dense(name, x, outputs)  # noqa: E731
        head("boxes", 4)
        if stage == 3:
            head("landmarks", 10)
        net.softmax(head("score", 2))
        return net

    return build


def openpose():
    """Two branches, joined with the features for the next stage."""
    net = Net("openpose", (48, 40))
    features = unit(net, "conv2", net.pool("pool1", unit(net, "conv1", "data", 8), "MAX", 2, 2), 12)
    x = features
    for stage in (1, 2, 3):
        ends = []
        for branch, outputs in (("L1", 6), ("L2", 4)):
            y = unit(net, f"stage{stage}_{branch}_a", x, 12, *((3, 1, 1) if stage == 1 else (7, 1, 3)))
            ends.append(net.conv(f"stage{stage}_{branch}", y, outputs, 1))
        x = net.concat(f"concat{stage}", [*ends, features] if stage < 3 else ends[::-1])
    return net


def crnn():
    """Columns of an image as steps of two LSTMs, the inner product and softmax of each step."""
    net = Net("crnn", (16, 64))
    x = net.pool("pool1", convolution(net, "conv1", "data", 8), "MAX", 2, 2)
    x = convolution(net, "conv2", x, 12, (3, 3), 2)
    x = convolution(net, "conv3", x, 12, (4, 1), 1, 0)
    steps = net.shape(x)[2]
    x = net.layer("reshape", "Reshape", [x], (12, steps), f"reshape_param {{ shape {{ dim: 1 dim: 12 dim: {steps} }} }}")
    x = net.layer("steps", "Permute", [x], (1, 12), "permute_param { order: 2 order: 0 order: 1 }", square=1.0)
    params = f"continuation_indicator_param {{ time_step: {steps} batch_size: 1 }}"
    net.layer("indicator", "ContinuationIndicator", [], (1,), params)
    for name, inputs, outputs in (("lstm1", 12, 8), ("lstm2", 8, 10)):
        numbers = net.numbers(name)
        shapes = (4 * outputs, inputs), (4 * outputs,), (4 * outputs, outputs)
        blobs = [numbers.standard_normal(s) / np.sqrt(s[-1] if len(s) > 1 else 4) for s in shapes]
        params = f"recurrent_param {{ num_output: {outputs} }}"
        x = net.layer(name, "LSTM", [x, "indicator"], (1, outputs), params, blobs)
    blobs = [net.numbers("fc").standard_normal((7, 10)), net.numbers("fc/bias").standard_normal(7)]
    x = net.layer("fc", "InnerProduct", [x], (1, 7), "inner_product_param { num_output: 7 axis: 2 }", blobs)
    net.layer("prob", "Softmax", [x], (1, 7), "softmax_param { axis: 2 }")
    return net


def goturn():
    """Two images through the same convolutions, joined, regressed to a box."""
    net = Net("goturn", (51, 51))
    net.input("image", (1, 3, 51, 51))
    ends, shared = [], None
    for suffix, data in (("", "data"), ("_p", "image")):
        x = net.relu(net.conv("conv1" + suffix, data, 8, 11, 4))
        x = net.lrn("norm1" + suffix, net.pool("pool1" + suffix, x, "MAX", 3, 2))
        x = net.relu(net.conv("conv2" + suffix, x, 12, 5, 1, 2, group=2))
        ends.append(net.pool("pool2" + suffix, x, "MAX", 3, 2))
        shared = {n: net.weights[n] for n in ("conv1", "conv2")}
    net.weights |= {n + "_p": blobs for n, blobs in shared.items()}
    x = net.dropout(net.relu(net.dense("fc6", net.concat("concat", ends), 24)))
    net.dense("fc8", x, 4)
    return net


def light_cnn():
    """Max-feature-map: Slice and Eltwise MAX after each convolution and inner product."""
    net = Net("light_cnn", (40, 40))

    def halves(name, x):
        shape = (net.shape(x)[0] // 2, *net.shape(x)[1:])
        net.write_layer(prototxt.layer(name + "_slice", "Slice", [x], (name + "_a", name + "_b"), "slice_param { axis: 1 }"))
        parts = [net.known(name + end, shape) for end in ("_a", "_b")]
        return net.layer(name, "Eltwise", parts, shape, "eltwise_param { operation: MAX }")

    x = net.pool("pool1", halves("mfm1", net.conv("conv1", "data", 16, 9)), "MAX", 2, 2)
    x = net.pool("pool2", halves("mfm2", net.conv("conv2", x, 24, 5)), "MAX", 2, 2)
    x = net.dropout(halves("mfm_fc", net.dense("fc1", x, 32)))
    net.softmax(net.dense("fc2", x, 10))
    return net


def residual(name, wide):
    """Blocks of ResNeXt (groups), of DPN (a path that is added and one that grows), of Inception-ResNet (scaled sums)."""

    def build():
        net = Net(name, (40, 32))
        x = net.pool("pool1", convolution(net, "conv1", "data", 16, 7, 2, 3), "MAX", 3, 2)
        dense = []
        for block in (1, 2):
            y = convolution(net, f"b{block}_a", net.concat(f"b{block}_in", [x, *dense]) if dense else x, 16, 1, 1, 0)
            y = convolution(net, f"b{block}_b", y, 16, group=4 if wide != "inception" else 1)
            y = net.conv(f"b{block}_c", y, 20 if wide == "dpn" else 16, 1)
            if wide == "dpn":
                params = "slice_param { axis: 1 slice_point: 16 }"
                net.write_layer(prototxt.layer(f"b{block}_slice", "Slice", [y], (f"b{block}_r", f"b{block}_d"), params))
                shape = net.shape(y)[1:]
                y = net.known(f"b{block}_r", (16, *shape), 2.0)
                dense.append(net.known(f"b{block}_d", (4, *shape), 2.0))
            if wide == "inception":
                scale = "eltwise_param { operation: SUM coeff: 1.0 coeff: 0.17 }"
                x = net.relu(net.layer(f"b{block}", "Eltwise", [x, y], net.shape(x), scale))
            else:
                x = net.relu(net.sum(f"b{block}", [x, y]))
        net.softmax(net.dense("fc", net.global_pool("pool", x), 10, logits=True))
        return net

    return build


def xception():
    """Depthwise convolutions without activation, then pointwise; ReLU in front of the unit."""
    net = Net("xception", (43, 35))
    x = convolution(net, "conv1", "data", 8, stride=2, pad=0)
    shortcut = net.batch_norm_scale(net.conv("match", x, 12, 1, 2, bias=False))
    for i in (1, 2):
        x = net.conv(f"sep{i}_dw", x, net.shape(x)[0], 3, 1, 1, net.shape(x)[0], bias=False)
        x = net.batch_norm_scale(net.conv(f"sep{i}", x, 12, 1, bias=False))
        x = net.relu(x) if i == 1 else x
    x = net.relu(net.sum("block", [shortcut, net.pool("pool1", x, "MAX", 3, 2, 1)]))
    net.softmax(net.dense("fc", net.global_pool("pool", x), 10, logits=True))
    return net


def c3d():
    """Convolutions and poolings over time, rows and columns."""
    net = Net("c3d", (8, 16, 20))
    x, shape = "data", (3, 8, 16, 20)
    for i, (outputs, kernel) in enumerate(((6, (1, 2, 2)), (8, (2, 2, 2))), 1):
        numbers, fan = net.numbers(f"conv{i}"), shape[0] * 27
        blobs = [numbers.standard_normal((outputs, shape[0], 3, 3, 3)) * np.sqrt(2 / fan), numbers.standard_normal(outputs) * 0.05]
        params = f"convolution_param {{ num_output: {outputs} kernel_size: 3 kernel_size: 3 kernel_size: 3 pad: 1 pad: 1 pad: 1 }}"
        x = net.layer(f"conv{i}", "Convolution", [x], (outputs, *shape[1:]), params, blobs, 1.0)
        x = net.relu(x)
        sizes = " ".join(f"kernel_size: {k} stride: {k}" for k in kernel)
        shape = (outputs, *(s // k for s, k in zip(shape[1:], kernel)))
        x = net.layer(f"pool{i}", "Pooling", [x], shape, f"pooling_param {{ pool: MAX {sizes} }}")
    net.softmax(net.dense("fc", x, 6, logits=True))
    return net


NETS = {"ssd_vgg": single_shot("ssd_vgg", False), "ssd_mobilenet": single_shot("ssd_mobilenet", True)}
NETS |= {"faster_rcnn": faster_rcnn, "rfcn": rfcn, "yolo_v2": yolo_v2, "yolo_v3": yolo_v3}
NETS |= {f"mtcnn_{stage}": mtcnn(stage) for stage in (1, 2, 3)}
NETS |= {"openpose": openpose, "crnn": crnn, "goturn": goturn, "light_cnn": light_cnn, "c3d": c3d, "xception": xception}
NETS |= {"resnext": residual("resnext", "groups"), "dpn": residual("dpn", "dpn")}
NETS |= {"inception_resnet": residual("inception_resnet", "inception")}
CHOOSING = ("faster_rcnn", "rfcn", "segnet", "enet")
