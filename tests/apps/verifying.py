"""Running `mo verify` in the tests, on nets of cli.nets."""

import json
import sys

import numpy as np

from cli import nets
from support import converter, executors

BY_LAYER = f"{sys.executable} {converter.REPOSITORY / 'scripts' / 'run_by_layer.py'}"


def verify(net, *options, xml=None, status: int = 0):
    """Runs `mo verify` on a net of cli.nets; gives the process, and the report as `report`."""
    report = net.folder / "report.json"
    report.unlink(missing_ok=True)
    done = converter.run("verify", "--input_model", net.model, "--ir", xml or net.folder / "ir" / f"{net.name}.xml",
                         "--report", report, *options, cwd=net.folder)  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    done.report = json.loads(report.read_text()) if report.exists() else None
    return done


def arrays(path) -> dict:
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def recorded_run(net, tops: dict) -> None:
    """Inputs, and what OpenCV gives for them under the names `tops`, as files of NumPy."""
    inputs = {"data": nets.pixels(1, 3, 12, 10) - 128}
    np.savez(net.folder / "in.npz", **inputs)
    layers = {f"top {i}": name for i, name in enumerate(tops)}
    found = executors.run_opencv(net.text, net.model, inputs, layers)
    np.savez_compressed(net.folder / "out.npz", **{tops[layers[top]]: value for top, value in found.items()})
