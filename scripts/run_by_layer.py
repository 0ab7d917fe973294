#!/usr/bin/env python3
"""Runs a net layer by layer, each layer in OpenCV alone or by its published formula in NumPy (tests/numeric/net_formulas.py),
and writes what every layer gives, for nets that no executor reads as a whole:

    mo verify --caffe "build/venv/bin/python scripts/run_by_layer.py" --input_model net.caffemodel --ir net.xml

    run_by_layer.py PROTOTXT CAFFEMODEL IN.npz OUT.npz

OUT.npz gets the first top of each layer by the layer's name; `layer.1` is a second top.  Nets of `layer { }` blocks alone.
"""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

import numpy as np  # noqa: E402

from numeric.net_formulas import FORMULAS  # noqa: E402
from support import layerwise  # noqa: E402


def main() -> int:
    prototxt, caffemodel, source, target = sys.argv[1:]
    text = Path(prototxt).read_text(encoding="utf-8", errors="replace")
    with np.load(source) as archive:
        inputs = {name: archive[name] for name in archive.files}
    results = {}
    try:
        for layer, tops in layerwise.steps(text, Path(caffemodel), inputs, FORMULAS):
            results |= {layer.name if i == 0 else f"{layer.name}.{i}": array for i, array in enumerate(tops)}
    except Exception as error:  # noqa: BLE001 - whatever the executor of a layer throws is why the net is not run
        print(f"{type(error).__name__}: {error}".splitlines()[0], file=sys.stderr)
        return 1
    np.savez(target, **results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
