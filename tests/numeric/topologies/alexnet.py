"""AlexNet normalises and then pools; CaffeNet pools and then normalises."""

from numeric.topologies.builder import Net


def build(name, pool_first, size, narrow, classes):
    net = Net(name, size, narrow)

    def shrink(index, blob):
        if pool_first:
            return net.lrn(f"norm{index}", net.pool(f"pool{index}", blob, "MAX", 3, 2))
        return net.pool(f"pool{index}", net.lrn(f"norm{index}", blob), "MAX", 3, 2)

    x = shrink(1, net.relu(net.conv("conv1", "data", net.channels(96), 11, 4)))
    x = shrink(2, net.relu(net.conv("conv2", x, net.channels(256), 5, pad=2, group=2)))
    x = net.relu(net.conv("conv3", x, net.channels(384), 3, pad=1))
    x = net.relu(net.conv("conv4", x, net.channels(384), 3, pad=1, group=2))
    x = net.relu(net.conv("conv5", x, net.channels(256), 3, pad=1, group=2))
    x = net.pool("pool5", x, "MAX", 3, 2)
    for layer in ("fc6", "fc7"):
        x = net.dropout(net.relu(net.dense(layer, x, net.channels(4096))))
    net.softmax(net.dense("fc8", x, classes, logits=True))
    return net


NETS = {
    "alexnet": (lambda *sizes: build("alexnet", False, *sizes), 227, 99),
    "caffenet": (lambda *sizes: build("caffenet", True, *sizes), 227, 99),
}
