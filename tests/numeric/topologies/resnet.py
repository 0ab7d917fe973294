"""ResNet, and its kin with squeeze-and-excitation (SE) and grouped convolutions (ResNeXt)."""

from numeric.topologies.builder import Net

DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def unit(net, name, x, outputs, kernel, stride=1, group=1, active=True):
    x = net.batch_norm_scale(net.conv(name, x, outputs, kernel, stride, (kernel - 1) // 2, group, bias=False))
    return net.relu(x) if active else x


def excitation(net, name, x):
    """One number per channel, (C, 1, 1)."""
    channels = net.shape(x)[0]
    y = net.relu(net.conv(f"{name}/squeeze", net.global_pool(f"{name}/global", x), max(2, channels // 16), 1))
    return net.sigmoid(net.conv(f"{name}/excite", y, channels, 1))


def block(net, name, x, inner, outputs, stride, group, join):
    shortcut = x
    if net.shape(x)[0] != outputs or stride != 1:
        shortcut = unit(net, f"{name}/shortcut", x, outputs, 1, stride, active=False)
    y = unit(net, f"{name}/reduce", x, inner, 1, stride)
    y = unit(net, f"{name}/middle", y, inner, 3, 1, group)
    y = unit(net, f"{name}/increase", y, outputs, 1, active=False)
    if join == "sum":
        return net.relu(net.sum(name, [shortcut, y]))
    gates = excitation(net, name, y)
    if join == "axpy":
        return net.relu(net.axpy(name, gates, y, shortcut))
    return net.relu(net.sum(name, [net.gate(f"{name}/gated", y, gates), shortcut]))


def build(name, depth, join, group, size, narrow, classes):
    """`join`: how a block ends, "sum", "axpy", or "composed": what Axpy computes, by layers that every executor has."""
    net = Net(name, size, narrow)
    x = net.conv("conv1", "data", net.channels(64), 7, 2, 3, bias=join == "sum")
    x = net.pool("pool1", net.relu(net.batch_norm_scale(x)), "MAX", 3, 2)
    for stage, blocks in enumerate(DEPTHS[depth]):
        inner = net.channels(64 << stage) * (2 if group > 1 else 1)
        for i in range(blocks):
            stride = 2 if stage and i == 0 else 1
            groups = max(1, group // narrow)
            x = block(
                net, f"stage{stage + 2}_{i + 1}", x, inner, net.channels(256 << stage), stride, groups, join
            )
    x = net.pool("pool5", x, "AVE")
    net.softmax(net.dense("classifier", x, classes, logits=True))
    return net


def composed(name, size, narrow, classes):
    """The same net and weights without Axpy."""
    depth, group = AXPY[name]
    return build(name, depth, "composed", group, size, narrow, classes)


def _axpy(name):
    return (lambda *sizes: build(name, AXPY[name][0], "axpy", AXPY[name][1], *sizes), 224, 64)


AXPY = {
    "se_resnet50": (50, 1), "se_resnet101": (101, 1), "se_resnet152": (152, 1),
    "se_resnext50": (50, 32), "se_resnext101": (101, 32),
}  # fmt: skip
NETS = {
    "resnet50": (lambda *sizes: build("resnet50", 50, "sum", 1, *sizes), 224, 64),
    "resnet101": (lambda *sizes: build("resnet101", 101, "sum", 1, *sizes), 224, 64),
    "resnet152": (lambda *sizes: build("resnet152", 152, "sum", 1, *sizes), 224, 64),
    **{name: _axpy(name) for name in AXPY},
}
