"""The tables of small nets, one module per family of layers; each has a list ROWS."""

from importlib import import_module

FAMILIES = (
    "activation",
    "convolution",
    "decoding",
    "detection_output",
    "flow",
    "fusing",
    "inner_product",
    "misc",
    "nets",
    "normalization",
    "output",
    "pooling",
    "rearranging",
    "regions",
    "segmentation",
    "shape",
    "ssd",
    "sweep",
)


def rows(family: str) -> list:
    return import_module(f"numeric.layers.{family}").ROWS
