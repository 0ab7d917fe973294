"""Conversion time and memory of `mo`, side by side with `cp` and with the Python Model Optimizer 2023.3."""

import argparse
import os
import sys
from pathlib import Path

import models
from measure import Runs, ratio, run_once, side_by_side

ROOT = Path(__file__).resolve().parents[1]
MO = os.environ.get("MO_BINARY", str(ROOT / "build/release/bin/mo"))
PEER = ROOT / "build/peer-venv/bin/mo"
OUT = models.FOLDER / "out"


def ours(model, *options) -> list:
    prototxt, weights = model
    return [MO, "--input_model", weights, "--input_proto", prototxt, "--output_dir", OUT, "--model_name", "ir", *options]


class Table:
    """Rows of work, ratio, goal; remembers what missed twice its goal."""

    def __init__(self, factor):
        self.factor = factor
        self.failed = []

    def row(self, work, against, value, goal, unit="x", detail=""):
        met = "yes" if value <= goal else "no"
        print(f"| {work} | {against} | {value:.3g} {unit} | {goal:g} {unit} | {met} | {detail} |", flush=True)
        if value > goal * self.factor:
            self.failed.append(work)


def against_copy(table, name, model, goal, count, *options):
    copy = OUT / "copy"
    results = side_by_side({"mo": ours(model, *options), "cp": ["cp", model[1], copy]}, count, (copy, OUT / "ir.bin", OUT / "ir.onnx"))
    size = model[1].stat().st_size / 1e6
    detail = (
        f"{results['mo'].median:.3f} s, cp {results['cp'].median:.3f} s, {size:.0f} MB, "
        f"resident {results['mo'].resident / 2**20:.0f} MiB, private {results['mo'].private / 2**20:.0f} MiB"
    )
    table.row(name, "cp", ratio(results, "mo", "cp"), goal, detail=detail)
    return results["mo"]


def small_net(table, count):
    model = models.topology("squeezenet_v1.1")
    script = f'cat "{model[1]}" > "{OUT}/copy"; true'
    results = side_by_side({"mo": ours(model), "floor": ["sh", "-c", script]}, count)
    extra = 1000 * (results["mo"].median - results["floor"].median)
    table.row("SqueezeNet v1.1", "start, read and write alone", extra, 15, "ms more")


def scaling(table, count):
    few, many = models.chain(10_000), models.chain(100_000)
    results = side_by_side({"many": ours(many), "few": ours(few)}, count)
    detail = f"{results['many'].median:.2f} s and {results['few'].median:.2f} s"
    table.row("100,000 layers", "10,000 layers", ratio(results, "many", "few"), 12, detail=detail)


def against_peer(table, name, model, results):
    peer = Runs()
    command = [PEER, "--framework", "caffe", "--use_legacy_frontend", "--input_model", model[1], "--input_proto", model[0]]
    run_once([*command, "--output_dir", OUT, "--model_name", "peer", "--compress_to_fp16=False"], peer)
    speed = peer.median / results.median
    # As a cost, so that smaller is better in every row.
    table.row(name, "Python mo 2023.3", 1 / speed, 1 / 300, "of its time", f"{peer.median:.1f} s: {speed:.0f} times faster")
    memory = results.resident / peer.resident
    table.row(f"{name}, resident memory", "Python mo 2023.3", memory, 0.1, "of it", f"{peer.resident / 2**30:.2f} GiB")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="small and quick")
    parser.add_argument("--no-peer", action="store_true", help="without the Python Model Optimizer")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    table = Table(2 if arguments.smoke else 1)
    print("| work | against | measured | goal | met | |\n|---|---|---|---|---|---|")
    resnet = models.topology("resnet50")
    resnet_runs = against_copy(table, "ResNet-50 FP32, all fused", resnet, 2.0, arguments.runs)
    onnx = ("--output_format", "onnx")
    against_copy(table, "ResNet-50 FP32 to ONNX", resnet, 2.0, arguments.runs, *onnx)
    small_net(table, arguments.runs)
    if not arguments.smoke:
        vgg = models.topology("vgg16")
        vgg_runs = against_copy(table, "VGG-16 FP32", vgg, 1.2, arguments.runs)
        against_copy(table, "VGG-16 FP16", vgg, 1.0, arguments.runs, "--data_type", "FP16")
        onnx_runs = against_copy(table, "VGG-16 FP32 to ONNX", vgg, 1.2, arguments.runs, *onnx)
        table.row("VGG-16 FP32 to ONNX, private memory", "", onnx_runs.private / 2**20, 64, "MiB")
        table.row("VGG-16 FP32, private memory", "", vgg_runs.private / 2**20, 64, "MiB")
        scaling(table, arguments.runs)
        big = against_copy(table, "5 GiB caffemodel", models.giant(5), 1.3, 3)
        table.row("5 GiB caffemodel, private memory", "", big.private / 2**20, 64, "MiB")
        if not arguments.no_peer:
            against_peer(table, "ResNet-50", resnet, resnet_runs)
            against_peer(table, "VGG-16", vgg, vgg_runs)
    if table.failed:
        print("missed:", ", ".join(table.failed))
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
