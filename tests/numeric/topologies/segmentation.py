"""Nets whose result is an image: small and narrow, with every kind of layer of the published ones."""

import numpy as np

from numeric.topologies.builder import Net
from support import prototxt


def unit(net, name, x, outputs, kernel=3, stride=1, pad=1, **more):
    return net.relu(net.conv(name, x, outputs, kernel, stride, pad, **more))


def bn(net, blob, mode=""):
    """SegNet's, with two blobs and kept statistics in them; PSPNet's, with four."""
    channels, numbers = net.shape(blob)[0], net.numbers(blob + "/bn")
    blobs = [numbers.uniform(0.5, 1.2, channels), numbers.standard_normal(channels) * 0.1]
    if not mode:
        blobs += [numbers.standard_normal(channels) * 0.1, numbers.uniform(0.7, 1.4, channels) * 2]
        blobs = [b.reshape(1, -1, 1, 1) for b in blobs]
    return net.in_place(blob + "/bn", "BN", blob, f"bn_param {{ {mode} }}", blobs, 0.8 if not mode else None)


def prelu(net, blob):
    slopes = net.numbers(blob + "/prelu").uniform(0.1, 0.3, net.shape(blob)[0])
    return net.in_place(blob + "/prelu", "PReLU", blob, blobs=[slopes])


def crop(net, name, x, reference, offset):
    shape = (net.shape(x)[0], *net.shape(reference)[1:])
    return net.layer(name, "Crop", [x, reference], shape, f"crop_param {{ axis: 2 offset: {offset} }}")


def interp(net, name, x, height, width, said=""):
    params = said or f"height: {height} width: {width}"
    return net.layer(name, "Interp", [x], (net.shape(x)[0], height, width), f"interp_param {{ {params} }}")


def fcn(stride):
    """FCN-32s, -16s and -8s: VGG with a margin of 100 pixels, scores brought to the image's size, crops."""

    def build():
        net = Net(f"fcn{stride}s", (64, 48))
        x, pools = "data", {}
        for stage, outputs in enumerate((8, 12, 16, 20, 24), 1):
            pad = 100 if stage == 1 else 1
            x = unit(net, f"conv{stage}_1", x, outputs, pad=pad)
            x = net.pool(f"pool{stage}", unit(net, f"conv{stage}_2", x, outputs), "MAX", 2, 2)
            pools[stage] = x
        x = net.dropout(unit(net, "fc6", x, 32, 7, pad=0))
        x = net.conv("score_fr", net.dropout(unit(net, "fc7", x, 32, 1, pad=0)), 5, 1)
        for stage, offset in ((4, 5), (3, 9))[: {32: 0, 16: 1, 8: 2}[stride]]:
            x = net.deconv(f"upscore{stage}", x, 5, 4, 2, bias=False)
            score = net.conv(f"score_pool{stage}", pools[stage], 5, 1)
            x = net.sum(f"fuse{stage}", [x, crop(net, f"crop{stage}", score, x, offset)])
        x = net.deconv("upscore", x, 5, 2 * stride, stride, bias=False)
        crop(net, "score", x, "data", {32: 19, 16: 27, 8: 31}[stride])
        return net

    return build


def deeplab():
    """v2's LargeFOV and ASPP: dilated convolutions, sums of branches, Interp by a zoom factor, Softmax."""
    net = Net("deeplab", (65, 49))
    x = net.pool("pool1", unit(net, "conv1", "data", 8), "MAX", 3, 2, 1)
    x = net.pool("pool2", unit(net, "conv2", x, 12), "MAX", 3, 2, 1)
    x = net.pool("pool3", unit(net, "conv3", x, 16, pad=2, dilation=2), "MAX", 3, 1, 1)
    x = net.pool("pool3a", x, "AVE", 3, 1, 1)
    branches = []
    for rate in (2, 4, 6):
        y = net.dropout(unit(net, f"fc6_{rate}", x, 16, pad=rate, dilation=rate))
        branches.append(net.conv(f"fc8_{rate}", y, 5, 1))
    x = net.sum("fc8", branches)
    height, width = net.shape(x)[1:]
    x = interp(net, "interp", x, height + (height - 1) * 3, width + (width - 1) * 3, "zoom_factor: 4")
    net.softmax(x)
    return net


def pspnet():
    """A residual block with BN of four blobs, a pyramid of averages, Interp to a given size."""
    net = Net("pspnet", (73, 57))
    x = net.relu(bn(net, net.conv("conv1", "data", 8, 3, 2, 1, bias=False)))
    x = net.pool("pool1", x, "MAX", 3, 2, 1)
    for block, rate in ((1, 1), (2, 2)):
        y = net.relu(bn(net, net.conv(f"b{block}_reduce", x, 8, 1, bias=False)))
        y = net.relu(bn(net, net.conv(f"b{block}_3x3", y, 8, 3, 1, rate, bias=False, dilation=rate)))
        y = bn(net, net.conv(f"b{block}_increase", y, 16, 1, bias=False))
        x = net.relu(net.sum(f"b{block}", [bn(net, net.conv(f"b{block}_proj", x, 16, 1, bias=False)), y]))
    height, width = net.shape(x)[1:]
    branches = [x]
    for kernel in (15, 8, 5):
        y = net.pool(f"pyramid{kernel}", x, "AVE", kernel, kernel)
        y = net.relu(bn(net, net.conv(f"pyramid{kernel}_conv", y, 8, 1, bias=False)))
        branches.append(interp(net, f"pyramid{kernel}_interp", y, height, width))
    x = net.relu(bn(net, net.conv("mix", net.concat("all", branches), 16, 3, 1, 1, bias=False)))
    interp(net, "score", net.conv("conv6", net.dropout(x), 5, 1), 73, 57, "zoom_factor: 4")
    return net


def icnet():
    """Three resolutions of one image: Interp that shrinks, zooms, and sums of the branches."""
    net = Net("icnet", (65, 97))
    half = interp(net, "data_sub2", "data", 33, 49, "shrink_factor: 2")
    x = net.pool("pool1", net.relu(bn(net, net.conv("conv1_sub4", half, 8, 3, 2, 1, bias=False))), "MAX", 3, 2, 1)
    x = net.relu(bn(net, net.conv("conv2_sub4", x, 12, 3, 1, 2, bias=False, dilation=2)))
    height, width = net.shape(x)[1:]
    x = interp(net, "sub4_up", x, 2 * height - 1, 2 * width - 1, "zoom_factor: 2")
    y = net.relu(bn(net, net.conv("conv1_sub2", half, 12, 3, 2, 1, bias=False)))
    x = net.relu(net.sum("sub24", [bn(net, net.conv("sub4_proj", x, 12, 1, bias=False)), y]))
    height, width = net.shape(x)[1:]
    x = interp(net, "sub24_up", x, 2 * height - 1, 2 * width - 1, "zoom_factor: 2")
    z = net.relu(bn(net, net.conv("conv1_sub1", "data", 12, 3, 2, 1, bias=False)))
    x = net.relu(net.sum("sub124", [x, z]))
    net.conv("score", x, 5, 1)
    return net


def pool_with_mask(net, name, x):
    channels, height, width = net.shape(x)
    params = "pooling_param { pool: MAX kernel_size: 2 stride: 2 }"
    net.write_layer(prototxt.layer(name, "Pooling", [x], (name, name + "_mask"), params))
    shape = (channels, -(-height // 2), -(-width // 2))
    net.known(name + "_mask", shape)
    return net.known(name, shape)


def unpool(net, name, x, mask, like):
    height, width = net.shape(like)[1:]
    odd = f"pad_out_h: {str(height % 2 == 1).lower()} pad_out_w: {str(width % 2 == 1).lower()}"
    params = f"upsample_param {{ scale: 2 {odd} }}"
    return net.layer(name, "Upsample", [x, mask], (net.shape(x)[0], height, width), params)


def segnet():
    """LRN, the encoder's poolings with masks, the decoder that puts the numbers back, BN with two blobs."""
    net = Net("segnet", (45, 60))
    x, masks = net.lrn("norm", "data"), []
    for stage in (1, 2, 3):
        x = net.relu(bn(net, net.conv(f"conv{stage}", x, 8, 7, 1, 3), "bn_mode: INFERENCE"))
        masks.append((f"pool{stage}_mask", x))
        x = pool_with_mask(net, f"pool{stage}", x)
    for stage, (mask, like) in reversed(list(enumerate(masks, 1))):
        x = unpool(net, f"upsample{stage}", x, mask, like)
        x = bn(net, net.conv(f"conv_decode{stage}", x, 8, 7, 1, 3), "bn_mode: INFERENCE")
    net.conv("score", x, 5, 1)
    return net


def enet():
    """Its first block, bottlenecks of all kinds, the decoder; its dropout is a Python layer."""
    net = Net("enet", (48, 64))
    x = net.concat("initial", [net.conv("conv0", "data", 5, 3, 2, 1), net.pool("pool0", "data", "MAX", 2, 2)])
    x = prelu(net, bn(net, x))

    def bottleneck(name, x, outputs, middle, down=False):
        y = prelu(net, bn(net, net.conv(f"{name}/0", x, 4, 2 if down else 1, 2 if down else 1, bias=False)))
        y = prelu(net, bn(net, middle(f"{name}/1", y)))
        y = bn(net, net.conv(f"{name}/2", y, outputs, 1, bias=False))
        params = 'python_param { module: "spatial_dropout" layer: "SpatialDropoutLayer" param_str: "{\'p\': \'0.01\'}" }'
        y = net.layer(f"{name}/drop", "Python", [y], net.shape(y), params)
        if down:
            x = net.conv(f"{name}/main", pool_with_mask(net, f"{name}/pool", x), outputs, 1, bias=False)
        return prelu(net, net.sum(name, [y, x]))

    wide = x
    x = bottleneck("b1", x, 16, lambda n, y: net.conv(n, y, 4, 3, 1, 1), down=True)
    x = bottleneck("b2", x, 16, lambda n, y: net.conv(n, y, 4, 3, 1, 4, dilation=4))
    x = bottleneck("b3", x, 16, lambda n, y: net.conv(net.conv(n + "a", y, 4, (5, 1), 1, (2, 0)) and n, n + "a", 4, (1, 5), 1, (0, 2)))
    y = bn(net, net.conv("b4/main", x, 8, 1, bias=False))
    y = unpool(net, "b4/upsample", y, "b1/pool_mask", wide)
    z = net.relu(bn(net, net.deconv("b4/deconv", net.relu(net.conv("b4/0", x, 4, 1)), 4, 2, 2)))
    x = net.relu(net.sum("b4", [bn(net, net.conv("b4/2", z, 8, 1, bias=False)), y]))
    net.deconv("score", x, 5, 2, 2)
    return net


def unet():
    """Contracting and expanding, each step of the way back joined with a crop of the way there."""
    net = Net("unet", (92, 76))
    x, kept = "data", []
    for depth, outputs in enumerate((6, 10)):
        x = unit(net, f"d{depth}b", unit(net, f"d{depth}a", x, outputs, pad=0), outputs, pad=0)
        kept.append(x)
        x = net.pool(f"pool{depth}", x, "MAX", 2, 2)
    x = net.dropout(unit(net, "bottom_b", unit(net, "bottom_a", x, 14, pad=0), 14, pad=0))
    for depth, outputs in ((1, 10), (0, 6)):
        up = net.relu(net.deconv(f"up{depth}", x, outputs, 2, 2))
        margin = (net.shape(kept[depth])[1] - net.shape(up)[1]) // 2
        x = net.concat(f"join{depth}", [up, crop(net, f"crop{depth}", kept[depth], up, margin)])
        x = unit(net, f"u{depth}b", unit(net, f"u{depth}a", x, outputs, pad=0), outputs, pad=0)
    net.softmax(net.conv("score", x, 2, 1))
    return net


def hed():
    """An edge map of each stage, enlarged and cropped, and their weighted sum."""
    net = Net("hed", (50, 64))
    x, sides = "data", []
    for stage, outputs in enumerate((6, 8, 10), 1):
        x = unit(net, f"conv{stage}", x, outputs, pad=35 if stage == 1 else 1)
        side = net.conv(f"dsn{stage}", x, 1, 1)
        if stage > 1:
            step = 2 ** (stage - 1)
            side = net.deconv(f"up{stage}", side, 1, 2 * step, step)
        sides.append(crop(net, f"side{stage}", side, "data", 34))
        x = net.pool(f"pool{stage}", x, "MAX", 2, 2)
    fused = net.conv("fuse", net.concat("sides", sides), 1, 1)
    for blob in [*sides, fused]:
        net.layer("sigmoid_" + blob, "Sigmoid", [blob], net.shape(blob), square=0.3)
    return net


def colorization():
    """BatchNorm without Scale, dilated convolutions, deconvolution, a Scale of one number, Softmax, colours."""
    net = Net("colorization", (56, 40))
    x = "data"
    for stage, (stride, rate) in enumerate(((2, 1), (2, 1), (1, 2)), 1):
        x = unit(net, f"conv{stage}", x, 12, stride=stride, pad=rate, dilation=rate)
        numbers, square = net.numbers(x + "/norm"), 1.0
        blobs = [numbers.standard_normal(12) * 0.3, numbers.uniform(0.7, 1.4, 12) * square, np.ones(1)]
        x = net.layer(f"conv{stage}norm", "BatchNorm", [x], net.shape(x), "batch_norm_param { }", blobs, 1.0)
    x = net.conv("conv313", net.relu(net.deconv("conv8", x, 12, 4, 2, 1)), 31, 1)
    x = net.layer("rh", "Scale", [x], net.shape(x), "scale_param { }", [np.full(31, 2.606)])
    net.conv("ab", net.softmax(x), 2, 1)
    return net


def fsrcnn():
    """PReLU, a deconvolution by 3 with a large kernel."""
    net = Net("fsrcnn", (20, 14))
    x = prelu(net, net.conv("conv1", "data", 14, 5, 1, 2))
    x = prelu(net, net.conv("conv2", x, 6, 1))
    for i in (3, 4):
        x = prelu(net, net.conv(f"conv{i}", x, 6, 3, 1, 1))
    net.deconv("image", prelu(net, net.conv("conv7", x, 14, 1)), 1, 9, 3, 4)
    return net


NETS = {"fcn32s": fcn(32), "fcn16s": fcn(16), "fcn8s": fcn(8), "deeplab": deeplab, "pspnet": pspnet, "icnet": icnet}
NETS |= {"segnet": segnet, "enet": enet, "unet": unet, "hed": hed, "colorization": colorization, "fsrcnn": fsrcnn}
