"""VGG: stacks of 3x3 convolutions. Written in Caffe's older format, as the published ones are."""

from numeric.topologies.builder import Net


def build(name, depths, people, size, narrow, classes):
    net = Net(name, size, narrow, v1=True)
    x = "data"
    for stage, (depth, channels) in enumerate(zip(depths, (64, 128, 256, 512, 512)), 1):
        for i in range(1, depth + 1):
            x = net.relu(net.conv(f"conv{stage}_{i}", x, net.channels(channels), 3, pad=1))
        x = net.pool(f"pool{stage}", x, "MAX", 2, 2)
    for layer in ("fc6", "fc7"):
        x = net.dropout(net.relu(net.dense(layer, x, net.channels(4096))))
    net.softmax(net.dense("fc8", x, people or classes, logits=True))
    return net


VGG_16, VGG_19 = (2, 2, 3, 3, 3), (2, 2, 4, 4, 4)
NETS = {
    "vgg16": (lambda *sizes: build("vgg16", VGG_16, 0, *sizes), 224, 64),
    "vgg19": (lambda *sizes: build("vgg19", VGG_19, 0, *sizes), 224, 64),
    "vgg_face": (lambda *sizes: build("vgg_face", VGG_16, 2622, *sizes), 224, 64),
}
