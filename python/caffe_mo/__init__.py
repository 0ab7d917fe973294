"""Converts trained Caffe models to OpenVINO IR, in memory.

    import caffe_mo
    model = caffe_mo.convert_model("net.caffemodel", mean_values=[104, 117, 123])

Options have the names of the command line `mo`, and its documentation holds here too.
"""

from ._converter import __version__
from ._errors import ConversionError, FileError, InternalError, Message, ModelError, OptionError
from ._inspect import Blob, Layer, ModelInfo, inspect
from ._ir import Ir, Port, convert_model, convert_to_ir, save_model, upgrade_ir, upgrade_to_ir
from ._options import InputCutInfo, LayoutMap
from ._verify import LayerComparison, Verification, verify

__all__ = [
    "Blob",
    "ConversionError",
    "FileError",
    "InputCutInfo",
    "InternalError",
    "Ir",
    "Layer",
    "LayerComparison",
    "LayoutMap",
    "Message",
    "ModelError",
    "ModelInfo",
    "OptionError",
    "Port",
    "Verification",
    "__version__",
    "convert_model",
    "convert_to_ir",
    "inspect",
    "save_model",
    "upgrade_ir",
    "upgrade_to_ir",
    "verify",
]
