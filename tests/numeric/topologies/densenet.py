"""DenseNet: each layer takes all results before it; ShuffleNet: grouped pointwise convolutions, their channels mixed."""

from numeric.topologies.builder import Net


def active(net, blob):
    return net.relu(net.batch_norm_scale(blob))


def densenet(size, narrow, classes):
    net = Net("densenet121", size, narrow)
    growth = net.channels(32)
    x = active(net, net.conv("conv1", "data", net.channels(64), 7, 2, 3, bias=False))
    x = net.pool("pool1", x, "MAX", 3, 2, 1)
    for stage, depth in enumerate((6, 12, 24, 16), 2):
        for i in range(1, depth + 1):
            name = f"conv{stage}_{i}"
            y = active(net, net.conv(f"{name}/x1", x, 4 * growth, 1, bias=False))
            y = active(net, net.conv(f"{name}/x2", y, growth, 3, pad=1, bias=False))
            x = net.concat(f"concat_{stage}_{i}", [x, y])
        if stage < 5:
            x = active(net, net.conv(f"conv{stage}_blk", x, net.shape(x)[0] // 2, 1, bias=False))
            x = net.pool(f"pool{stage}", x, "AVE", 2, 2)
    net.softmax(net.conv("fc6", net.global_pool("pool5", x), classes, 1, logits=True))
    return net


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


NETS = {"densenet121": (densenet, 224, 64), "shufflenet_v1": (shufflenet, 224, 64)}
