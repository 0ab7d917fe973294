#!/usr/bin/env python3
"""Runs a net layer by layer, each layer in OpenCV alone or by its published formula in NumPy (tests/numeric/net_formulas.py),
and writes what every layer gives, for nets that no executor reads as a whole:

    mo verify --caffe "build/venv/bin/python scripts/run_by_layer.py" --input_model net.caffemodel --ir net.xml

    run_by_layer.py [--bottoms IR.npz] PROTOTXT CAFFEMODEL IN.npz OUT.npz

With --bottoms each layer gets what the IR says of its bottoms, as far as it does: the file is `ir.npz` of `mo verify --keep` with
the same inputs.  Each layer is then judged by itself.  Where nearly equal numbers decide (the positions of SegNet's maxima), the
layers behind them would be compared on other inputs otherwise.

OUT.npz gets the first top of each layer by the layer's name; `layer.1` is a second top.  Where several layers have one name,
their tops go by their own.  Nets of `layer { }` blocks alone.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import numpy as np  # noqa: E402

from numeric.net_formulas import FORMULAS  # noqa: E402
from support import layerwise  # noqa: E402


def arrays(path: Path) -> dict:
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[2].strip())
    parser.add_argument("--bottoms", type=Path)
    for name in ("prototxt", "caffemodel", "inputs", "outputs"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    text = arguments.prototxt.read_text(encoding="utf-8", errors="replace")
    results, repeated = {}, Counter(layer.name for layer in layerwise.layers(text))

    def keys(layer) -> list:
        return layer.tops if repeated[layer.name] > 1 else [layer.name, *(f"{layer.name}.{i}" for i in range(1, len(layer.tops)))]

    try:
        bottoms = arrays(arguments.bottoms) if arguments.bottoms else {}
        for layer, tops in layerwise.steps(text, arguments.caffemodel, arrays(arguments.inputs), FORMULAS,
                                           instead=lambda layer, index: bottoms.get(keys(layer)[index])):  # fmt: skip
            results |= dict(zip(keys(layer), tops))
    except Exception as error:  # noqa: BLE001 - whatever the executor of a layer throws is why the net is not run
        print(f"{type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
        return 1
    np.savez(arguments.outputs, **results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
