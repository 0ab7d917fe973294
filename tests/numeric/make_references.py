#!/usr/bin/env python3
"""Makes references/<family>.npz by running BVLC Caffe 1.0 on the rows of the layer tables.

    CAFFE_RUNNER=COMMAND tests/numeric/make_references.py [FAMILY ...]

COMMAND runs BVLC Caffe: it is called with PROTOTXT CAFFEMODEL IN.npz OUT.npz, sets the inputs that IN.npz names, runs
the net in the phase TEST and writes every blob of the net into OUT.npz under its name. A loop over pycaffe's
`net.blobs` does. Rows whose reference is up to date are not run again.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from numeric import layers, references  # noqa: E402
from support import caffemodel  # noqa: E402
from support.executors import run_caffe  # noqa: E402


def net_outputs(net: str) -> list:
    """Tops that no later layer reads, in file order."""
    import re

    ends = re.findall(r'\b(bottom|top):\s*"([^"]+)"', net)
    inputs = re.findall(r'\binput:\s*"([^"]+)"', net)
    open_tops = dict.fromkeys(inputs)
    pending = []
    for kind, name in ends:
        if kind == "bottom":
            open_tops.pop(name, None)
            pending.append(name)
        else:
            open_tops[name] = None
    return list(open_tops)


def reference(row) -> dict:
    """Outputs of the row's net, in Caffe."""
    encoding = row.encoding
    if encoding.values == "half":
        encoding = caffemodel.Encoding()
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "net.caffemodel"
        caffemodel.write(weights, row.reference_net, row.weights, encoding)
        blobs = run_caffe(row.reference_net, weights, row.inputs)
    names = row.outputs or net_outputs(row.reference_net)
    return {name: blobs[name] for name in names}


def main() -> None:
    references.FOLDER.mkdir(exist_ok=True)
    for family in sys.argv[1:] or layers.FAMILIES:
        path = references.FOLDER / f"{family}.npz"
        kept = dict(np.load(path)) if path.exists() else {}
        made, failed = {}, 0
        for row in layers.rows(family):
            if row.formula is not None:
                continue
            digest = f"{row.name}/{references.DIGEST}"
            if digest in kept and np.array_equal(kept[digest], row.digest()):
                made |= {k: v for k, v in kept.items() if k.startswith(row.name + "/")}
                continue
            try:
                made |= {f"{row.name}/{top}": value for top, value in reference(row).items()}
                made[digest] = row.digest()
            except (RuntimeError, KeyError) as e:
                failed += 1
                print(f"{family}/{row.name}: {e}", file=sys.stderr)
        np.savez_compressed(path, **made)
        print(f"{family}: {len(made)} arrays, {path.stat().st_size // 1024} KB, {failed} failures")


if __name__ == "__main__":
    main()
