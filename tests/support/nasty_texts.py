"""Prototxts that some way of reading text could take more than linear time for.

KINDS maps a name to a function of a number of bytes that gives a text of about as many.
"""

from support.prototxt import input_layer, layer

DATA = input_layer("data", (1, 1, 4, 4))
RELU = layer("relu", "ReLU", ["data"])


def repeated(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece))


def numbered(form: str, size: int, joint: str = "") -> str:
    """`form` with 0, 1, 2 ... in the place of {}."""
    return joint.join(form.format(i) for i in range(max(1, size // (len(form) + len(joint) + 2))))


def in_layer(form: str, joint: str = "\n"):
    """A layer with as many fields."""
    return lambda size: DATA + layer("relu", "ReLU", ["data"], params=numbered(form, size, joint))


def layers(form: str, joint: str = "\n"):
    return lambda size: DATA + numbered(form, size, joint)


def nested(size: int) -> str:
    """As deep as is read, again and again."""
    return DATA + repeated("x { " * 60 + "a: 1 " + "} " * 60 + "\n", size) + RELU


KINDS = {
    "deep": lambda size: "layer { " * (size // 8),
    "deep beside each other": nested,
    "closing braces": lambda size: DATA + "}" * size,
    "one comment": lambda size: DATA + RELU + "#" + "x" * size,
    "comments": lambda size: DATA + repeated("# a comment {\n", size) + RELU,
    "blanks": lambda size: DATA + " " * size + RELU,
    "line ends": lambda size: DATA + "\n" * size + RELU + "layer {",
    "one string": lambda size: DATA + layer("x" * size, "ReLU", ["data"], ["relu"]),
    "one open string": lambda size: DATA + 'layer { name: "' + "x" * size,
    "escapes": lambda size: DATA + layer("\\377" * (size // 4), "ReLU", ["data"], ["relu"]),
    "strings side by side": lambda size: DATA + 'layer { type: "ReLU" bottom: "data" top: "relu" name: ' + repeated('"x" ', size) + "}",
    "one number": lambda size: DATA + layer("p", "Power", ["data"], params=f"power_param {{ shift: {'9' * size} }}"),
    "one number with a point": lambda size: DATA + layer("p", "Power", ["data"], params=f"power_param {{ shift: 0.{'1' * size} }}"),
    "one name of a field": lambda size: DATA + layer("relu", "ReLU", ["data"], params="x" * size + ": 1"),
    "one extension's name": lambda size: DATA + layer("relu", "ReLU", ["data"], params="[a" + ".b" * (size // 2) + "]: 1"),
    "fields of one name": in_layer("loss_weight: 1"),
    "unknown fields": in_layer("field_{}: 1"),
    "unknown fields in one line": in_layer("field_{}: 1", " "),
    "misspelt fields in one line": in_layer("loss_weigth: {}", " "),
    "unknown messages": in_layer("message_{} {{ }}"),
    "bottoms": in_layer('bottom: "b{}"'),
    "tops": in_layer('top: "t{}"'),
    "a list": lambda size: DATA + layer("r", "Reshape", ["data"], params="reshape_param { shape { dim: [" + numbered("{}", size, ",") + "] } }"),
    "dims": lambda size: DATA + layer("r", "Reshape", ["data"], params="reshape_param { shape { " + repeated("dim: 1 ", size) + "} }"),
    "layers without anything": layers("layer {{ }}"),
    "unknown layers in one line": layers('layer {{ name: "{}" type: "Nothing{}" }}'.replace("Nothing{}", "Nothing"), " "),
    "layers of unknown bottoms": layers('layer {{ name: "a" type: "ReLU" bottom: "b{}" top: "t" }}'),
    "layers with faults in one line": layers('layer {{ type: "Pooling" bottom: "data" pooling_param {{ kernal_size: {} }} }}', " "),
    "layers of one name and top": layers('layer {{ name: "a" type: "ReLU" bottom: "data" top: "data" }} # {}'),
    "a chain": lambda size: DATA + "".join(layer(f"r{i}", "ReLU", [f"r{i - 1}" if i else "data"]) for i in range(size // 55)),
    "old layers": layers('layers {{ name: "a" type: RELU bottom: "data" top: "a{}" }}'),
    "older layers": layers('layers {{ layer {{ name: "a" type: "relu" }} bottom: "data" top: "a{}" }}'),
    "inputs": lambda size: numbered('input: "i{}"\n', size) + RELU,
    "input dims": lambda size: 'input: "data"\n' + repeated("input_dim: 1\n", size) + RELU,
    "rules of phases": in_layer("include {{ phase: TRAIN }}"),
    "param_str": lambda size: DATA + layer("p", "Python", ["data"], params='python_param { module: "m" layer: "L" param_str: "'
                                           + numbered("'k{}': 1, ", size) + '" }'),
    "param_str of brackets": lambda size: DATA + layer("p", "Python", ["data"], params='python_param { module: "m" layer: "L" param_str: "'
                                                       + "{[" * (size // 2) + '" }'),
    "dots": lambda size: "." * size,
    "minus signs": lambda size: "a: " + "-" * size,
    "bytes of continuation": lambda size: DATA + layer("\\200" * 10 + "é" * (size // 2), "ReLU", ["data"], ["relu"]),
}  # fmt: skip
