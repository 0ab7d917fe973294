"""Inception v1 (GoogLeNet) to v4, and Inception with BatchNorm and squeeze-and-excitation (SE)."""

from numeric.topologies.builder import Net


class Inception:
    """A net under construction, with the unit that all its convolutions are made of."""

    def __init__(self, name, size, narrow, batch_norm=True, eps=1e-3):
        self.net, self.batch_norm, self.eps = Net(name, size, narrow), batch_norm, eps

    def unit(self, name, x, outputs, kernel=1, stride=1, pad=0, group=1):
        x = self.net.conv(
            name, x, self.net.channels(outputs), kernel, stride, pad, group, bias=not self.batch_norm
        )
        return self.net.relu(self.net.batch_norm_scale(x, self.eps) if self.batch_norm else x)

    def branch(self, name, x, *units):
        """Convolutions one after the other; each is (outputs, kernel, stride, pad), the tail optional."""
        for i, unit in enumerate(units):
            x = self.unit(f"{name}{i}", x, *unit)
        return x

    def pool(self, name, x, method="MAX", stride=2, pad=0):
        return self.net.pool(name, x, method, 3, stride, pad)

    def pool_projection(self, name, x, outputs, method="AVE"):
        return self.unit(f"{name}/projection", self.pool(f"{name}/pool", x, method, 1, 1), outputs)

    def finish(self, x, classes):
        net = self.net
        net.softmax(
            net.dense("classifier", net.dropout(net.pool("last_pool", x, "AVE")), classes, logits=True)
        )
        return net


def v1(size, narrow, classes):
    b = Inception("inception_v1", size, narrow, batch_norm=False)
    x = b.pool("pool1", b.unit("conv1", "data", 64, 7, 2, 3))
    x = b.branch("conv2", b.net.lrn("norm1", x), (64,), (192, 3, 1, 1))
    x = b.pool("pool2", b.net.lrn("norm2", x))
    plan = {
        "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
        "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64),
        "4d": (112, 144, 288, 32, 64, 64), "4e": (256, 160, 320, 32, 128, 128),
        "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
    }  # fmt: skip
    for name, (one, reduce3, three, reduce5, five, projection) in plan.items():
        if name in ("4a", "5a"):
            x = b.pool(f"{name}/pool", x)
        x = b.net.concat(name, [
            b.unit(f"{name}/1x1", x, one),
            b.branch(f"{name}/3x3_", x, (reduce3,), (three, 3, 1, 1)),
            b.branch(f"{name}/5x5_", x, (reduce5,), (five, 5, 1, 2)),
            b.pool_projection(name, x, projection, "MAX"),
        ])  # fmt: skip
    return b.finish(x, classes)


def excited(b, name, x):
    """Each channel times a number between 0 and 1 that the net finds for it."""
    channels = b.net.shape(x)[0]
    y = b.net.relu(
        b.net.dense(f"{name}/squeeze", b.net.global_pool(f"{name}/global", x), max(2, channels // 16))
    )
    y = b.net.sigmoid(b.net.dense(f"{name}/excite", y, channels))
    return b.net.gate(f"{name}/gated", x, y)


def with_batch_norm(name, excite, size, narrow, classes):
    """Inception v2: 5x5 as two 3x3. `excite` makes it SE-BN-Inception."""
    b = Inception(name, size, narrow, eps=1e-5)
    if excite:
        x = b.unit("conv1", "data", 64, 7, 2, 3)
    else:  # v2 begins with a convolution that is separable by channel
        x = b.net.conv("conv1/separate", "data", 24, 7, 2, 3, 3, bias=False)
        x = b.unit("conv1", x, 64)
    x = b.branch("conv2", b.pool("pool1", x), (64,), (192, 3, 1, 1))
    x = b.pool("pool2", x)
    # 1x1; 3x3 with its reduction; double 3x3 with its reduction; projection (0: a reduction of the size)
    plan = {
        "3a": (64, 64, 64, 64, 96, 32), "3b": (64, 64, 96, 64, 96, 64), "3c": (0, 128, 160, 64, 96, 0),
        "4a": (224, 64, 96, 96, 128, 128), "4b": (192, 96, 128, 96, 128, 128), "4c": (160, 128, 160, 128, 160, 96),
        "4d": (96, 128, 192, 160, 192, 96), "4e": (0, 128, 192, 192, 256, 0),
        "5a": (352, 192, 320, 160, 224, 128), "5b": (352, 192, 320, 192, 224, 128),
    }  # fmt: skip
    for module, (one, reduce3, three, reduce_double, double, projection) in plan.items():
        stride = 1 if one else 2
        branches = [b.unit(f"{module}/1x1", x, one)] if one else []
        branches += [
            b.branch(f"{module}/3x3_", x, (reduce3,), (three, 3, stride, 1)),
            b.branch(f"{module}/double_", x, (reduce_double,), (double, 3, 1, 1), (double, 3, stride, 1)),
        ]
        if one:
            branches.append(b.pool_projection(module, x, projection, "MAX" if module == "5b" else "AVE"))
        else:
            branches.append(b.pool(f"{module}/pool", x, pad=0 if excite else 1))
        x = b.net.concat(module, branches)
        if excite:
            x = excited(b, module, x)
    return b.finish(x, classes)


ROW, COLUMN = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))  # factors of a 7x7 convolution
ROW_3, COLUMN_3 = ((1, 3), 1, (0, 1)), ((3, 1), 1, (1, 0))


def v3(size, narrow, classes):
    b = Inception("inception_v3", size, narrow)
    x = b.branch("stem_a", "data", (32, 3, 2), (32, 3), (64, 3, 1, 1))
    x = b.branch("stem_b", b.pool("pool1", x), (80,), (192, 3))
    x = b.pool("pool2", x)
    for name, projection in (("a1", 32), ("a2", 64), ("a3", 64)):
        x = b.net.concat(name, [
            b.unit(f"{name}/1x1", x, 64),
            b.branch(f"{name}/5x5_", x, (48,), (64, 5, 1, 2)),
            b.branch(f"{name}/3x3_", x, (64,), (96, 3, 1, 1), (96, 3, 1, 1)),
            b.pool_projection(name, x, projection),
        ])  # fmt: skip
    x = b.net.concat("reduction_a", [
        b.unit("reduction_a/3x3", x, 384, 3, 2),
        b.branch("reduction_a/double_", x, (64,), (96, 3, 1, 1), (96, 3, 2)),
        b.pool("reduction_a/pool", x),
    ])  # fmt: skip
    for name, inner in (("b1", 128), ("b2", 160), ("b3", 160), ("b4", 192)):
        x = b.net.concat(name, [
            b.unit(f"{name}/1x1", x, 192),
            b.branch(f"{name}/7x7_", x, (inner,), (inner, *ROW), (192, *COLUMN)),
            b.branch(f"{name}/double_", x, (inner,), (inner, *COLUMN), (inner, *ROW), (inner, *COLUMN), (192, *ROW)),
            b.pool_projection(name, x, 192),
        ])  # fmt: skip
    x = b.net.concat("reduction_b", [
        b.branch("reduction_b/3x3_", x, (192,), (320, 3, 2)),
        b.branch("reduction_b/7x7_", x, (192,), (192, *ROW), (192, *COLUMN), (192, 3, 2)),
        b.pool("reduction_b/pool", x),
    ])  # fmt: skip
    for name, method in (("c1", "AVE"), ("c2", "MAX")):
        short = b.unit(f"{name}/short", x, 384)
        long = b.branch(f"{name}/long", x, (448,), (384, 3, 1, 1))
        x = b.net.concat(name, [
            b.unit(f"{name}/1x1", x, 320),
            b.unit(f"{name}/short_row", short, 384, *ROW_3), b.unit(f"{name}/short_column", short, 384, *COLUMN_3),
            b.unit(f"{name}/long_row", long, 384, *ROW_3), b.unit(f"{name}/long_column", long, 384, *COLUMN_3),
            b.pool_projection(name, x, 192, method),
        ])  # fmt: skip
    return b.finish(x, classes)


def v4_stem(b):
    x = b.branch("stem_a", "data", (32, 3, 2), (32, 3), (64, 3, 1, 1))
    x = b.net.concat("stem1", [b.pool("stem1/pool", x), b.unit("stem1/3x3", x, 96, 3, 2)])
    x = b.net.concat("stem2", [
        b.branch("stem2/short", x, (64,), (96, 3)),
        b.branch("stem2/long", x, (64,), (64, *ROW), (64, *COLUMN), (96, 3)),
    ])  # fmt: skip
    return b.net.concat("stem3", [b.unit("stem3/3x3", x, 192, 3, 2), b.pool("stem3/pool", x)])


def v4(size, narrow, classes):
    b = Inception("inception_v4", size, narrow)
    x = v4_stem(b)
    for i in range(1, 5):
        x = b.net.concat(f"a{i}", [
            b.unit(f"a{i}/1x1", x, 96),
            b.branch(f"a{i}/3x3_", x, (64,), (96, 3, 1, 1)),
            b.branch(f"a{i}/double_", x, (64,), (96, 3, 1, 1), (96, 3, 1, 1)),
            b.pool_projection(f"a{i}", x, 96),
        ])  # fmt: skip
    x = b.net.concat("reduction_a", [
        b.unit("reduction_a/3x3", x, 384, 3, 2),
        b.branch("reduction_a/double_", x, (192,), (224, 3, 1, 1), (256, 3, 2)),
        b.pool("reduction_a/pool", x),
    ])  # fmt: skip
    for i in range(1, 8):
        x = b.net.concat(f"b{i}", [
            b.unit(f"b{i}/1x1", x, 384),
            b.branch(f"b{i}/7x7_", x, (192,), (224, *ROW), (256, *COLUMN)),
            b.branch(f"b{i}/double_", x, (192,), (192, *COLUMN), (224, *ROW), (224, *COLUMN), (256, *ROW)),
            b.pool_projection(f"b{i}", x, 128),
        ])  # fmt: skip
    x = b.net.concat("reduction_b", [
        b.branch("reduction_b/3x3_", x, (192,), (192, 3, 2)),
        b.branch("reduction_b/7x7_", x, (256,), (256, *ROW), (320, *COLUMN), (320, 3, 2)),
        b.pool("reduction_b/pool", x),
    ])  # fmt: skip
    for i in range(1, 4):
        short = b.unit(f"c{i}/short", x, 384)
        long = b.branch(f"c{i}/long", x, (384,), (448, *ROW_3), (512, *COLUMN_3))
        x = b.net.concat(f"c{i}", [
            b.unit(f"c{i}/1x1", x, 256),
            b.unit(f"c{i}/short_row", short, 256, *ROW_3), b.unit(f"c{i}/short_column", short, 256, *COLUMN_3),
            b.unit(f"c{i}/long_row", long, 256, *ROW_3), b.unit(f"c{i}/long_column", long, 256, *COLUMN_3),
            b.pool_projection(f"c{i}", x, 256),
        ])  # fmt: skip
    return b.finish(x, classes)


NETS = {
    "inception_v1": (v1, 224, 96),
    "inception_v2": (lambda *sizes: with_batch_norm("inception_v2", False, *sizes), 231, 103),
    "inception_v3": (v3, 299, 107),
    "inception_v4": (v4, 299, 107),
    "se_bn_inception": (lambda *sizes: with_batch_norm("se_bn_inception", True, *sizes), 224, 96),
}
