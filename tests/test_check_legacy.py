"""scripts/check_legacy.py tells identical from deliberate from wrong; in short, over references beside the repository."""

import subprocess
import sys

import check_legacy
import legacy_ir
import numpy as np
import pytest
from legacy_deviations import DEVIATIONS, Deviations

from support import caffemodel, converter

SHARED = converter.REPOSITORY.parent / "shared"

KNOWN = """[[deviation]]
model = "net"
versions = [3, 4]
layers = ["relu*", "gone"]
row = "ReLU"

[[no_outputs]]
model = "other"
why = "none"
"""


@pytest.fixture
def deviations(tmp_path):
    (tmp_path / "known.toml").write_text(KNOWN)
    return Deviations(tmp_path / "known.toml")


def test_only_what_the_file_names_is_deliberate(deviations):
    found = [("relu1", "relu1 differs"), ("conv", "conv differs")]
    assert deviations.unexplained("net", 3, found) == ["conv differs"]
    assert deviations.unexplained("net", 7, found) == ["relu1 differs", "conv differs"]
    assert deviations.unexplained("another", 3, found) == ["relu1 differs", "conv differs"]


def test_entries_that_nothing_needs_are_stale(deviations):
    assert deviations.stale() == [], "nothing was compared yet"
    deviations.unexplained("net", 3, [("relu1", "relu1 differs")])
    assert deviations.stale() == ["net v3: gone does not differ (any more)"]


def test_every_deviation_has_its_row_in_the_documentation():
    page = (converter.REPOSITORY / "docs" / "differences.md").read_text()
    rows = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")}
    known = Deviations(DEVIATIONS)
    assert known.entries
    assert {entry["row"] for entry in known.entries} <= rows


NET = """name: "n" input: "data" input_dim: 1 input_dim: 2 input_dim: 4 input_dim: 4
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 3 kernel_size: 3 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "relu" }"""


def test_differing_layers_and_weights_are_seen(mo, tmp_path):
    numbers = np.random.RandomState(1)
    weights = {"conv": [numbers.standard_normal((3, 2, 3, 3)), numbers.standard_normal(3)]}
    (tmp_path / "net.prototxt").write_text(NET)
    caffemodel.write(tmp_path / "net.caffemodel", NET, weights)
    one, two = (converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, name, "--ir_version", 3)
                for name in ("one", "two"))  # fmt: skip
    assert legacy_ir.compare(one.xml, two.xml)[:3] == (3, 3, 0)
    two.xml.write_text(two.xml.read_text().replace('negative_slope="0.0"', 'negative_slope="0.1"'))
    same, _, _, _, differences = legacy_ir.compare(one.xml, two.xml)
    assert same == 2
    assert [layer for layer, _ in differences] == ["relu"]
    data = np.fromfile(two.bin, np.float32)
    data[5] += 0.1
    data.tofile(two.bin)
    assert [layer for layer, _ in legacy_ir.compare(one.xml, two.xml)[4]] == ["conv", "relu"]


@pytest.mark.skipif(not (SHARED / "reference-ir").is_dir(), reason="no references beside the repository")
@pytest.mark.parametrize("names", ["ln_[a-f]*", "mtcnn_det*"])
def test_what_the_original_wrote(names, mo):
    done = subprocess.run(
        [sys.executable, check_legacy.__file__, "--references", SHARED / "reference-ir", "--models",
         SHARED / "layer-nets", "--models", SHARED / "models", names], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "identical" in done.stdout
    assert ", 0 WRONG" in done.stdout
