"""Classification topologies by compact builders, with seeded weights, so that they are tested anywhere.

BUILDERS maps a name to (builder, published input size, input size of the short form).
"""

from numeric.topologies import alexnet, densenet, inception, mobilenet, resnet, shufflenet, squeezenet, vgg

BUILDERS = {**alexnet.NETS, **vgg.NETS, **squeezenet.NETS, **inception.NETS, **resnet.NETS, **mobilenet.NETS, **densenet.NETS, **shufflenet.NETS}


def build(name: str, full: bool = False):
    """The net at its published size, or small and a quarter as wide: all its layers, a thousandth of the work."""
    builder, size, short = BUILDERS[name]
    return builder(size, 1, 1000) if full else builder(short, 4, 50)
