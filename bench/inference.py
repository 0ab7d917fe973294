"""How fast the runtime is with our IR, beside the IR of the Python Model Optimizer 2023.3 and ours without fusing.

Both IRs of a pair take turns in one process (A B A B ...), and are compiled several times, since where the runtime puts
their weights is worth some percent. The shortest time of each counts, since whatever else the machine does only adds to it;
the spread says how far to trust a row: it is the ratio of the two shortest compilations of our IR.
"""

import argparse
import gc
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import models
import numpy as np
import openvino
from measure import machine, put_into

from numeric import topologies
from support.compare import worst_error

OUT = models.FOLDER / "inference"
PEERS = models.FOLDER / "peer"
PRECISIONS = {"f32": {"INFERENCE_PRECISION_HINT": "f32"}, "default": {}}
COMPILATIONS = 6
MEASURES = ("latency", "throughput", "start")


def run(command) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command}\n{done.stdout[-1000:]}{done.stderr[-1000:]}")


def our_ir(name, model, *options) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    run([models.MO, "--input_model", model[1], "--input_proto", model[0], "-o", OUT, "-n", name, *options, "--silent"])
    return OUT / f"{name}.xml"


def peer_ir(name, model) -> Path:
    """Kept: the peer takes minutes for each."""
    PEERS.mkdir(parents=True, exist_ok=True)
    if not (PEERS / f"{name}.xml").exists():
        run(models.peer_command(model, PEERS, name))
    return PEERS / f"{name}.xml"


def interleaved(actions, budget: float, least: int) -> list:
    """Shortest time of each action, in turns until `budget` seconds are over, `least` turns at least."""
    shortest = [math.inf] * len(actions)
    end, turns = time.perf_counter() + budget, 0
    while turns < least or time.perf_counter() < end:
        for i, action in enumerate(actions):
            start = time.perf_counter()
            action()
            shortest[i] = min(shortest[i], time.perf_counter() - start)
        turns += 1
    return shortest


def requests_of(xml, settings) -> tuple:
    """(compiled model, infer function) with seeded inputs in place."""
    compiled = openvino.Core().compile_model(str(xml), "CPU", settings)
    request = compiled.create_infer_request()
    for i, port in enumerate(compiled.inputs):
        shape = port.shape
        request.set_input_tensor(
            i, openvino.Tensor(np.random.RandomState(i).standard_normal(shape).astype(np.float32))
        )
    return compiled, request


def start_of(xml, settings):
    """Reads and compiles, by a new core, so that nothing is kept."""
    return lambda: openvino.Core().compile_model(openvino.Core().read_model(str(xml)), "CPU", settings)


def streams(xml, settings, count):
    """Runs `count` inferences with as many streams as the runtime takes for throughput."""
    compiled = openvino.Core().compile_model(str(xml), "CPU", settings | {"PERFORMANCE_HINT": "THROUGHPUT"})
    queue = openvino.AsyncInferQueue(compiled)
    feeds = [np.random.RandomState(i).standard_normal(port.shape).astype(np.float32) for i, port in enumerate(compiled.inputs)]

    def action():
        for _ in range(count):
            queue.start_async(feeds)
        queue.wait_all()

    return action


def latencies(pair, settings, budget) -> tuple:
    """For each IR the shortest times after each of its compilations, sorted; and the largest difference of their outputs.

    Where weights come to lie in memory is worth some percent, so that each is compiled several times.
    """
    times = ([], [])
    for turn in range(COMPILATIONS):
        order = (0, 1) if turn % 2 == 0 else (1, 0)
        requests = {i: requests_of(pair[i], settings)[1] for i in order}
        for request in requests.values():
            request.infer()
        if turn == 0:
            error = worst_error(*(np.array(requests[i].get_output_tensor(0).data, np.float32) for i in (0, 1)))
        for i, shortest in zip(order, interleaved([requests[i].infer for i in order], budget / COMPILATIONS, 5)):
            times[i].append(shortest)
        requests.clear()
        gc.collect()
    return tuple(map(sorted, times)), error


def compare(pair, settings, budget) -> dict:
    """Ratio of the first to the second in each measure, and the latencies in seconds."""
    times, error = latencies(pair, settings, budget)
    if not 0.98 < times[0][0] / times[1][0] < 1.02:  # more than a machine like this repeats: to be seen again
        more, _ = latencies(pair, settings, 3 * budget)
        times = [sorted(first + again) for first, again in zip(times, more)]
    count = max(2, min(16, int(budget / 8 / times[0][0])))
    flows = interleaved([streams(xml, settings, count) for xml in pair], budget, 5)
    gc.collect()
    starts = interleaved([start_of(xml, settings) for xml in pair], budget / 2, 5)
    return {
        "latency": times[0][0] / times[1][0],
        "throughput": flows[0] / flows[1],  # as time for as many, so that smaller is better everywhere
        "start": starts[0] / starts[1],
        "seconds": times[0][0],
        "spread": times[0][1] / times[0][0],
        "error": error,
    }


def geometric_mean(values) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def table(results, against) -> str:
    """Markdown of all nets: ratios, smaller than 1 where ours is faster."""
    lines = [
        "| net | precision | latency | throughput | read and compile | ms | the same IR twice | worst error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, by_precision in results.items():
        for precision, row in by_precision.items():
            lines.append(
                f"| {name} | {precision} | {row['latency']:.3f} | {row['throughput']:.3f} | {row['start']:.3f} "
                f"| {1000 * row['seconds']:.2f} | {row['spread']:.3f} | {row['error']:.0e} |"
            )
    for precision in PRECISIONS:
        rows = [r[precision] for r in results.values() if precision in r]
        if rows:
            means = " | ".join(f"**{geometric_mean([row[m] for row in rows]):.3f}**" for m in MEASURES)
            lines.append(f"| **geometric mean of {len(rows)}** | {precision} | {means} | | | |")
    return f"Ratios to {against}.\n\n" + "\n".join(lines)


def given_topologies(folder: Path, command: str) -> dict:
    """name -> (prototxt, caffemodel) of a folder with NAME/deploy.prototxt; `command` makes weights."""
    found = {}
    for prototxt in sorted(folder.glob("*/deploy.prototxt")):
        weights = models.FOLDER / "given" / f"{prototxt.parent.name}.caffemodel"
        weights.parent.mkdir(parents=True, exist_ok=True)
        if not weights.exists():
            run([*command.split(), prototxt, weights])
        found[prototxt.parent.name] = (prototxt, weights)
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", choices=["peer", "unfused"], default="peer")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these nets alone")
    parser.add_argument("--budget", type=float, default=3.0, help="seconds for each measure")
    parser.add_argument("--topologies", type=Path, metavar="DIR", help="nets of DIR/NAME/deploy.prototxt instead of the built-in ones")
    parser.add_argument("--weights", metavar="COMMAND", help="COMMAND PROTOTXT OUT.caffemodel makes the weights of --topologies")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the table into this document")
    arguments = parser.parse_args()
    nets = given_topologies(arguments.topologies, arguments.weights) if arguments.topologies else {}
    names = arguments.only or nets or list(topologies.BUILDERS)
    results = {}
    for name in names:
        model = nets.get(name) or models.topology(name)
        fused = our_ir(name, model)
        other = peer_ir(name, model) if arguments.against == "peer" else our_ir(f"{name}_unfused", model, "--disable_fusing")
        results[name] = {p: compare((fused, other), s, arguments.budget) for p, s in PRECISIONS.items()}
        print(name, json.dumps(results[name]), flush=True)
    what = {"peer": "the IR of the Python Model Optimizer 2023.3", "unfused": "our own IR with --disable_fusing"}
    text = table(results, what[arguments.against])
    print(text)
    if arguments.markdown:
        head = f"{machine()}, OpenVINO {openvino.get_version().split('-')[0]}.\n\n"
        put_into(arguments.markdown, f"inference-{arguments.against}", head + text)
    worst = max(row["latency"] for by in results.values() for row in by.values())
    means = [geometric_mean([r[p][m] for r in results.values()]) for p in PRECISIONS for m in ("latency", "start")]
    return 0 if worst <= 1.03 and max(means) <= 1.0 else 1


if __name__ == "__main__":
    sys.exit(main())
