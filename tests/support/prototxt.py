"""Builds prototxt text, and finds the layers in it."""

import re


def shape(dims) -> str:
    return "shape { " + " ".join(f"dim: {d}" for d in dims) + " }"


def input_layer(name: str, dims) -> str:
    return f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ {shape(dims)} }} }}\n'


def layer(name: str, type_: str, bottoms=(), tops=None, params: str = "") -> str:
    """One V2 layer; a single top is called as the layer unless `tops` says otherwise."""
    ends = [f'bottom: "{b}"' for b in bottoms] + [f'top: "{t}"' for t in ((name,) if tops is None else tops)]
    return f'layer {{ name: "{name}" type: "{type_}" {" ".join(ends)} {params} }}\n'


_TOKEN = re.compile(r'#[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{}]|[^\s{}:"\'#]+')


def layer_types(text: str):
    """(name, type) of each layer, in file order; V0 and V1 nets too."""
    depth, name, type_ = 0, None, None
    tokens = [t for t in _TOKEN.findall(text) if not t.startswith("#")]
    nested = 0  # a V0 layer's name and type are one level deeper
    for i, token in enumerate(tokens):
        if token == "{":
            depth += 1
            if tokens[i - 1] in ("layer", "layers"):
                nested = depth
                if depth == 1:
                    name = type_ = None
        elif token == "}":
            if depth == 1 and name is not None:
                yield name, type_
                name = None
            depth -= 1
        elif depth and depth == nested and tokens[i - 1] in ("name", "type"):
            if tokens[i - 1] == "name":
                name = token.strip("\"'")
            else:
                type_ = token.strip("\"'")
