"""DenseNet: each layer takes all results before it."""

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


NETS = {"densenet121": (densenet, 224, 64)}
