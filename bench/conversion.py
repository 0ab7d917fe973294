"""Conversion time and memory of `mo`, side by side with `cp` and with the Python Model Optimizer 2023.3."""

import argparse
import sys
from pathlib import Path

import models
from measure import Runs, machine, put_into, ratio, run_once, side_by_side

OUT = models.FOLDER / "out"


class Table:
    """Rows of work, against what, measured, goal; remembers what missed its goal by more than `factor`."""

    def __init__(self, factor):
        self.factor = factor
        self.lines = ["| work | against | measured | goal | met | |", "|---|---|---|---|---|---|"]
        self.failed = []
        print("\n".join(self.lines))

    def row(self, work, against, value, goal, shown, detail="", shortest=None, goal_shown=""):
        goal_shown = goal_shown or f"{goal:g}"
        met = "yes" if value <= goal else "by the shortest runs" if (shortest or value) <= goal else "no"
        self.lines.append(f"| {work} | {against} | {shown} | {goal_shown} | {met} | {detail} |")
        print(self.lines[-1], flush=True)
        if value > goal * self.factor:
            self.failed.append(work)


def ours(model, *options) -> list:
    prototxt, weights = model
    files = ["--input_model", weights, "--input_proto", prototxt, "--output_dir", OUT, "--model_name", "ir"]
    return [models.MO, *files, *options]


def against_copy(table, name, model, goal, count, *options):
    copy = OUT / "copy"
    commands = {"mo": ours(model, *options), "cp": ["cp", model[1], copy]}
    results = side_by_side(commands, count, (copy, OUT / "ir.bin", OUT / "ir.onnx"))
    mo, cp = results["mo"], results["cp"]
    detail = (
        f"{mo.median:.3f} s, cp {cp.median:.3f} s, {model[1].stat().st_size / 1e6:.0f} MB, "
        f"resident {mo.resident / 2**20:.0f} MiB, private {mo.private / 2**20:.0f} MiB"
    )
    found = ratio(mo, cp)
    # A quick look on a busy machine trusts the shortest runs.
    table.row(name, "`cp`", found.pairs if table.factor == 1 else found.shortest, goal, found, detail, found.shortest)
    return mo


def small_net(table, count):
    model = models.topology("squeezenet_v1.1")
    floor = ["sh", "-c", f'cat "{model[1]}" > "{OUT}/copy"; true']
    results = side_by_side({"mo": ours(model), "floor": floor}, count)
    extra = 1000 * (min(results["mo"].seconds) - min(results["floor"].seconds))
    middle = 1000 * (results["mo"].median - results["floor"].median)
    shown = f"{middle:.1f} ms more (shortest runs {extra:.1f} ms)"
    value = extra if table.factor > 1 else middle
    table.row("SqueezeNet v1.1", "start, read and write alone", value, 15, shown, shortest=extra)


def scaling(table, count, few, many, goal):
    results = side_by_side({"many": ours(models.chain(many)), "few": ours(models.chain(few))}, count)
    found = ratio(results["many"], results["few"])
    detail = f"{results['many'].median:.2f} s and {results['few'].median:.2f} s"
    value = found.pairs if table.factor == 1 else min(found.shortest, found.processor)
    table.row(f"{many:,} layers", f"{few:,} layers", value, goal, found, detail, found.processor)


def against_peer(table, name, model, results):
    """Once: it takes minutes."""
    peer = Runs()
    run_once(models.peer_command(model, OUT, "peer"), peer)
    speed = peer.median / results.median
    # As a cost, so that smaller is better in every row.
    shown, detail = f"{speed:.0f} times faster", f"{peer.median:.1f} s and {results.median:.3f} s"
    table.row(name, "Python `mo` 2023.3", 1 / speed, 1 / 300, shown, detail, goal_shown="300 times")
    memory = results.resident / peer.resident
    detail = f"{peer.resident / 2**20:.0f} and {results.resident / 2**20:.0f} MiB"
    table.row(f"{name}, resident memory", "Python `mo` 2023.3", memory, 0.1, f"{memory:.3f}", detail)


def everything(table, count, peer, big):
    vgg, resnet = models.topology("vgg16"), models.topology("resnet50")
    vgg_runs = against_copy(table, "VGG-16 FP32", vgg, 1.2, count)
    against_copy(table, "VGG-16 FP16", vgg, 1.0, count, "--data_type", "FP16")
    resnet_runs = against_copy(table, "ResNet-50 FP32, all fused", resnet, 2.0, count)
    onnx_runs = against_copy(table, "VGG-16 FP32 to ONNX", vgg, 1.2, count, "--output_format", "onnx")
    against_copy(table, "ResNet-50 FP32 to ONNX", resnet, 2.0, count, "--output_format", "onnx")
    small_net(table, count)
    private = vgg_runs.private / 2**20
    table.row("VGG-16 FP32, private memory", "", private, 64, f"{private:.0f} MiB")
    private = onnx_runs.private / 2**20
    table.row("VGG-16 FP32 to ONNX, private memory", "", private, 64, f"{private:.0f} MiB")
    scaling(table, count, 10_000, 100_000, 12)
    if big:
        giant = against_copy(table, "5 GiB caffemodel", models.giant(5), 1.3, 3)
        private = giant.private / 2**20
        table.row("5 GiB caffemodel, private memory", "", private, 64, f"{private:.0f} MiB")
    if peer:
        against_peer(table, "ResNet-50", resnet, resnet_runs)
        against_peer(table, "VGG-16", vgg, vgg_runs)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="small and quick: within twice the goals")
    parser.add_argument("--no-peer", action="store_true", help="without the Python Model Optimizer")
    parser.add_argument("--no-giant", action="store_true", help="without the file of 5 GiB")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the table into this document")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    table = Table(2 if arguments.smoke else 1)
    if arguments.smoke:
        resnet = models.topology("resnet50")
        against_copy(table, "ResNet-50 FP32, all fused", resnet, 2.0, arguments.runs)
        against_copy(table, "ResNet-50 FP16", resnet, 2.0, arguments.runs, "--data_type", "FP16")
        small_net(table, arguments.runs)
        scaling(table, 3, 2_000, 20_000, 12)
    else:
        everything(table, arguments.runs, not arguments.no_peer, not arguments.no_giant)
    for leftover in ("copy", "ir.bin", "peer.bin"):
        (OUT / leftover).unlink(missing_ok=True)
    if arguments.markdown:
        put_into(arguments.markdown, "conversion", f"{machine()}.\n\n" + "\n".join(table.lines))
    if table.failed:
        print("missed:", ", ".join(table.failed))
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
