"""MobileNet: depthwise and pointwise convolutions; v2 adds linear bottlenecks with shortcuts."""

from numeric.topologies.builder import Net


def unit(net, name, x, outputs, kernel, stride=1, depthwise=False, active=True):
    pad, group = (kernel - 1) // 2, outputs if depthwise else 1
    x = net.batch_norm_scale(net.conv(name, x, outputs, kernel, stride, pad, group, bias=False))
    return net.relu(x) if active else x


def head(net, x, classes):
    net.softmax(net.conv("fc7", net.global_pool("pool", x), classes, 1, logits=True))
    return net


def v1(size, narrow, classes):
    net = Net("mobilenet_v1", size, narrow)
    x = unit(net, "conv1", "data", net.channels(32), 3, 2)
    plan = (
        [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
    )
    for index, (outputs, stride) in enumerate(plan, 2):
        x = unit(net, f"conv{index}/depthwise", x, net.shape(x)[0], 3, stride, depthwise=True)
        x = unit(net, f"conv{index}/pointwise", x, net.channels(outputs), 1)
    return head(net, x, classes)


def bottleneck(net, name, x, expansion, outputs, stride):
    inputs = net.shape(x)[0]
    y = unit(net, f"{name}/expand", x, inputs * expansion, 1)
    y = unit(net, f"{name}/depthwise", y, inputs * expansion, 3, stride, depthwise=True)
    y = unit(net, f"{name}/linear", y, outputs, 1, active=False)
    return net.sum(name, [x, y]) if stride == 1 and inputs == outputs else y


def v2(size, narrow, classes):
    net = Net("mobilenet_v2", size, narrow)
    x = unit(net, "conv1", "data", net.channels(32), 3, 2)
    # (expansion, outputs, how many, stride of the first)
    plan = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    for stage, (expansion, outputs, count, stride) in enumerate(plan, 2):
        for i in range(count):
            name = f"block{stage}_{i + 1}"
            x = bottleneck(net, name, x, expansion, net.channels(outputs), stride if i == 0 else 1)
    return head(net, unit(net, "last", x, net.channels(1280), 1), classes)


NETS = {"mobilenet_v1": (v1, 224, 64), "mobilenet_v2": (v2, 224, 64)}
