#!/usr/bin/env python3
"""Opens the pages of --graph and --report in a headless Chromium, and says how long that takes.

    build/venv/bin/python scripts/check_pages.py [--pictures DIR] [--most SECONDS] [MODEL ...]

MODEL: a .caffemodel with its .prototxt beside it, or a .prototxt alone, which has no report.  A residual net of 1,000
layers, with seeded weights, is always among them.  The time is what the page measures from the start of loading until
it has drawn itself, the best of three; more than --most (2 s), an error on the page or something that it loads from
elsewhere is a failure.  --pictures: screenshots go there, to be looked at.
"""

import argparse
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests"))

from report import pages  # noqa: E402
from support import browser, converter  # noqa: E402


def drawn(model: Path, folder: Path) -> list:
    """The pages of a model, by what they are."""
    net = ["--input_proto" if model.suffix == ".prototxt" else "--input_model", model.resolve()]
    wanted = {"graph": folder / "graph.html"}
    if model.suffix != ".prototxt":
        wanted["report"] = folder / "report.html"
    options = [word for name, path in wanted.items() for word in (f"--{name}", path)]
    done = converter.run(*net, "--output_dir", folder, "--silent", *options)
    if done.returncode != 0:
        sys.exit(f"{model}: {done.stderr}")
    return list(wanted.items())


def check(name: str, kind: str, page: Path, arguments) -> bool:
    best, complaints = float("inf"), []
    for _ in range(3):
        html, complaints = browser.document(page)
        best = min(best, browser.ready_after(html))
    if arguments.pictures:
        browser.screenshot(page, arguments.pictures / f"{name}-{kind}.png")
    data = pages.data_of(page)
    layers = len(data["before"]) if kind == "graph" else data["totals"]["caffe_layers"]
    good = best <= arguments.most and not complaints
    print(f"{name:24} {kind:7} {layers:7} layers {page.stat().st_size / 1e6:8.2f} MB {best:7.2f} s {'' if good else 'FAILED'}")
    for complaint in complaints:
        print("   ", complaint)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--most", type=float, default=2.0, metavar="SECONDS")
    arguments = parser.parse_args()
    if browser.find() is None:
        sys.exit("no Chromium: apt install chromium")
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        thousand = pages.residual(Path(folder) / "residual-1000", 37).model
        for i, model in enumerate([*arguments.models, thousand]):
            (Path(folder) / str(i)).mkdir()
            name = model.parent.name if model.stem in ("deploy", "net") else model.stem
            for kind, page in drawn(model, Path(folder) / str(i)):
                good = check(name, kind, page, arguments) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
