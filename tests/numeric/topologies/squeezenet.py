"""SqueezeNet: fire modules, and a convolution with global pooling at the end; the result keeps rank 4."""

from numeric.topologies.builder import Net

FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))


def fire(net, name, x, squeeze, expand):
    x = net.relu(net.conv(f"{name}/squeeze", x, net.channels(squeeze), 1))
    narrow = net.relu(net.conv(f"{name}/expand1", x, net.channels(expand), 1))
    wide = net.relu(net.conv(f"{name}/expand3", x, net.channels(expand), 3, pad=1))
    return net.concat(f"{name}/concat", [narrow, wide])


def build(name, first, kernel, pools, size, narrow, classes):
    net = Net(name, size, narrow)
    x = net.relu(net.conv("conv1", "data", net.channels(first), kernel, 2))
    x = net.pool("pool1", x, "MAX", 3, 2)
    for index, (squeeze, expand) in enumerate(FIRES, 2):
        x = fire(net, f"fire{index}", x, squeeze, expand)
        if index in pools:
            x = net.pool(f"pool{index}", x, "MAX", 3, 2)
    x = net.relu(net.conv("conv10", net.dropout(x), classes, 1, logits=True))
    net.softmax(net.global_pool("pool10", x))
    return net


NETS = {
    "squeezenet_v1.0": (lambda *sizes: build("squeezenet_v1.0", 96, 7, (4, 8), *sizes), 227, 99),
    "squeezenet_v1.1": (lambda *sizes: build("squeezenet_v1.1", 64, 3, (3, 5), *sizes), 227, 99),
}
