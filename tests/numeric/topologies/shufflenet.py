"""ShuffleNet v1: grouped pointwise convolutions, their channels mixed; v2: half of the channels pass by."""

from numeric.topologies.builder import Net
from numeric.topologies.densenet import active
from support import prototxt


def shuffle_unit(net, name, x, outputs, stride, group):
    inputs = net.shape(x)[0]
    middle, rest = outputs // 4 // group * group, outputs - inputs if stride == 2 else outputs
    y = net.conv(f"{name}/conv1", x, middle, 1, group=group if inputs % group == 0 else 1, bias=False)
    y = net.shuffle(f"{name}/shuffle", active(net, y), group)
    y = net.batch_norm_scale(net.conv(f"{name}/conv2", y, middle, 3, stride, 1, middle, bias=False))
    y = net.batch_norm_scale(net.conv(f"{name}/conv3", y, rest, 1, group=group, bias=False))
    if stride == 1:
        return net.relu(net.sum(name, [x, y]))
    return net.relu(net.concat(name, [net.pool(f"{name}/pool", x, "AVE", 3, 2), y]))


def shufflenet(size, narrow, classes):
    net, group = Net("shufflenet_v1", size, narrow), 3
    x = active(net, net.conv("conv1", "data", 24, 3, 2, 1, bias=False))
    x = net.pool("pool1", x, "MAX", 3, 2)
    outputs = 240 // narrow // 12 * 12
    for stage, depth in enumerate((4, 8, 4), 2):
        for i in range(depth):
            x = shuffle_unit(net, f"stage{stage}_{i + 1}", x, outputs, 1 if i else 2, group)
        outputs *= 2
    net.softmax(net.conv("fc", net.global_pool("pool", x), classes, 1, logits=True))
    return net


def split(net, name, x):
    """Both halves of the channels."""
    channels, *sizes = net.shape(x)
    halves = [f"{name}/left", f"{name}/right"]
    net.write_layer(prototxt.layer(name, "Slice", [x], halves, f"slice_param {{ slice_point: {channels // 2} }}"))
    return [net.known(half, (channels // 2, *sizes)) for half in halves]


def v2_branch(net, name, x, outputs, stride):
    y = active(net, net.conv(f"{name}/conv1", x, outputs, 1, bias=False))
    y = net.batch_norm_scale(net.conv(f"{name}/conv2", y, outputs, 3, stride, 1, outputs, bias=False))
    return active(net, net.conv(f"{name}/conv3", y, outputs, 1, bias=False))


def v2_unit(net, name, x, outputs, stride):
    half = outputs // 2
    if stride == 1:
        passing, x = split(net, f"{name}/slice", x)
    else:
        passing = net.conv(f"{name}/beside1", x, net.shape(x)[0], 3, 2, 1, net.shape(x)[0], bias=False)
        passing = active(net, net.conv(f"{name}/beside2", net.batch_norm_scale(passing), half, 1, bias=False))
    y = v2_branch(net, name, x, half, stride)
    return net.shuffle(f"{name}/shuffle", net.concat(name, [passing, y]), 2)


def shufflenet_v2(size, narrow, classes):
    """The width 1.0 of the paper: 116, 232 and 464 channels."""
    net = Net("shufflenet_v2", size, narrow)
    x = net.pool("pool1", active(net, net.conv("conv1", "data", 24, 3, 2, 1, bias=False)), "MAX", 3, 2)
    outputs = 116 // narrow // 2 * 2
    for stage, depth in enumerate((4, 8, 4), 2):
        for i in range(depth):
            x = v2_unit(net, f"stage{stage}_{i + 1}", x, outputs, 1 if i else 2)
        outputs *= 2
    x = active(net, net.conv("conv5", x, net.channels(1024), 1, bias=False))
    net.softmax(net.conv("fc", net.global_pool("pool", x), classes, 1, logits=True))
    return net


NETS = {"shufflenet_v1": (shufflenet, 224, 64), "shufflenet_v2": (shufflenet_v2, 224, 64)}
