"""What the tables of detection layers share: a row whose results a formula says."""

from numeric.row import Numbers, Row
from support import prototxt


def case(name, type_, params, inputs, expected, opencv="", said="", blobs=(), **more):
    """A layer alone; `inputs` name -> array in the order of its bottoms, `expected` arrays -> array.

    `said`: the parameters with defaults written out, for executors whose defaults are not those of the fork.
    """

    def net(params):
        layers = [prototxt.input_layer(n, a.shape) for n, a in inputs.items()]
        return "".join(layers) + prototxt.layer("layer", type_, list(inputs), ("out",), params)

    return Row(
        name,
        net(params),
        {"layer": list(blobs)} if blobs else {},
        inputs,
        formula=lambda values: {"out": expected(*values.values())},
        executor_net=net(said) if said else "",
        opencv=opencv,
        **more,
    )


def with_defaults(params, defaults):
    """`params` and what of `defaults` (field -> text) they do not say."""
    return " ".join([params] + [text for field, text in defaults.items() if f"{field}:" not in params])


def image(name, *shape):
    return {"data": Numbers(name).normal(*shape)}
