"""Old IR written, checked, brought to v11 and to its own version: the numbers and the weights stay."""

import filecmp
import os
import re
import shlex
import subprocess

import numpy as np
import pytest

from numeric import layers, topologies
from support import caffemodel, converter
from support.compare import worst_error
from support.executors import run_openvino
from support.prototxt import input_layer, layer

VERSIONS = (2, 3, 7)
NETS = [name for name in topologies.BUILDERS][::4]
FAMILIES = ("convolution", "pooling", "inner_product", "shape", "normalization")
# Ops that legacy IR says by several layers, or that not every version has.
COMPOSED = ("absval", "exp", "axis_2", "threshold_exact", "bnll_large", "swish_beta", "reduction_sum", "reduction_sumsq",
            "reduction_mean_coeff", "embed", "batch_reindex", "lstm", "rnn_several_sequences",
            "batch_norm_own_statistics_eps")  # fmt: skip
ROWS = [pytest.param(row, id=f"{family}-{row.name}")
        for family in FAMILIES for row in layers.rows(family)[::6]]  # fmt: skip
ROWS += [pytest.param(row, id=f"{family}-{row.name}")
         for family in layers.FAMILIES for row in layers.rows(family) if row.name in COMPOSED]  # fmt: skip


def upgrade(old, folder, name, *options):
    done = converter.run("--upgrade_ir", old, "--output_dir", folder, "--model_name", name, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"{name}.xml"


def check_clean(xml):
    done = converter.run("--check_ir", xml)
    assert done.returncode == 0, done.stdout


COPIES = {
    "concat": layer("copy", "Concat", ["data"]),
    "power": layer("copy", "Power", ["data"], params="power_param { scale: 1 }"),
    "reshapes": layer("there", "Reshape", ["data"], params="reshape_param { shape { dim: 0 dim: 24 } }")
                + layer("copy", "Reshape", ["there"], params="reshape_param { shape { dim: 0 dim: 2 dim: 3 dim: 4 } }"),
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("source", ["input", "layer"])
def test_an_output_stays_that_is_a_copy_of_what_others_read(kind, source, version, mo, tmp_path):
    text = input_layer("data", (1, 2, 3, 4))
    copy = COPIES[kind]
    if source == "layer":
        text += layer("x", "TanH", ["data"])
        copy = copy.replace('bottom: "data"', 'bottom: "x"')
    net = tmp_path / "net.prototxt"
    net.write_text(text + copy + layer("other", "ReLU", ["x" if source == "layer" else "data"]))
    old = converter.convert(net, None, tmp_path, "old", "--ir_version", version)
    assert old.status == 0, old.text
    check_clean(old.xml)
    x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(1, 2, 3, 4)
    got = run_openvino(upgrade(old.xml, tmp_path, "new"), {"data": x})
    value = np.tanh(x) if source == "layer" else x
    compare({"copy": value, "other": np.maximum(value, 0)}, got)


def compare(want, got, limit=1e-4):
    """By number of elements and order: old IR knows layers, not blobs."""
    wanted = list({id(value): value for value in want.values()}.values())
    found = list({id(value): value for value in got.values()}.values())
    for value in wanted:
        errors = [worst_error(other.reshape(value.shape), value) for other in found if other.size == value.size]
        assert errors and min(errors) <= limit, f"off by {min(errors, default=None)}"


def run_engine(command, xml, inputs, folder):
    """An old engine: COMMAND IR.xml IN.npz OUT.npz."""
    np.savez(folder / "in.npz", **inputs)
    done = subprocess.run([*shlex.split(command), xml, folder / "in.npz", folder / "out.npz"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    with np.load(folder / "out.npz") as archive:
        return {name: archive[name] for name in archive.files}


def follow(net, weights, inputs, options, folder):
    """Every version there and back."""
    direct = converter.convert(net, weights, folder, "direct", *options)
    assert direct.status == 0, direct.text
    check_clean(direct.xml)
    want, written = run_openvino(direct.xml, inputs), 0
    for version in VERSIONS:
        old = converter.convert(net, weights, folder, f"v{version}", "--ir_version", version, *options)
        if old.status != 0:
            assert f"IR v{version} has no " in old.text, old.text
            continue
        written += 1
        check_clean(old.xml)
        same = upgrade(old.xml, folder, f"same{version}", "--ir_version", version)
        assert filecmp.cmp(old.bin, same.with_suffix(".bin"), shallow=False)
        check_clean(same)
        new = upgrade(old.xml, folder, f"new{version}", "--ir_version", 11)
        check_clean(new)
        compare(want, run_openvino(new, inputs))
        if engine := os.environ.get("MO_OLD_ENGINE"):
            compare(want, run_engine(engine, old.xml, inputs, folder))
    return written


@pytest.mark.parametrize("name", NETS)
def test_topology_there_and_back(name, mo, tmp_path):
    net = topologies.build(name)
    (tmp_path / "net.prototxt").write_text(net.text)
    net.write(tmp_path / "net.caffemodel")
    assert follow(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", net.inputs, (), tmp_path) == 3


@pytest.mark.parametrize("row", ROWS)
def test_layer_there_and_back(row, mo, tmp_path):
    (tmp_path / "net.prototxt").write_text(row.net)
    caffemodel.write(tmp_path / "net.caffemodel", row.net, row.weights, row.encoding)
    follow(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", row.inputs, row.options, tmp_path)


@pytest.mark.parametrize("kind, blobs", [("LSTM", [(16, 3), (16,), (16, 4)]),
                                         ("RNN", [(4, 3), (4,), (4, 4), (4, 4), (4,)])])  # fmt: skip
def test_one_sequence_is_one_layer_from_v5_on(kind, blobs, mo, tmp_path):
    """Against the same net with the indicator as an input, which is unrolled."""
    numbers = np.random.RandomState(3)
    steps = 'layer { name: "c" type: "ContinuationIndicator" top: "c" continuation_indicator_param { time_step: 5 batch_size: 2 } }'
    given = 'layer { name: "c" type: "Input" top: "c" input_param { shape { dim: 5 dim: 2 } } }'
    net = """layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 5 dim: 2 dim: 3 } } } %s
layer { name: "y" type: "%s" bottom: "x" bottom: "c" top: "y" recurrent_param { num_output: 4 } }"""
    weights = {"y": [numbers.standard_normal(shape) for shape in blobs]}
    (tmp_path / "net.prototxt").write_text(net % (given, kind))
    caffemodel.write(tmp_path / "net.caffemodel", net % (given, kind), weights)
    unrolled = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "unrolled")
    x = numbers.standard_normal((5, 2, 3)).astype(np.float32)
    indicator = np.float32([[0, 0]] + [[1, 1]] * 4)
    want = run_openvino(unrolled.xml, {"x": x, "c": indicator})
    (tmp_path / "net.prototxt").write_text(net % (steps, kind))
    old = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "v4", "--ir_version", 4)
    assert old.status == 1
    assert f'layer "y" ({kind}Sequence)' in old.stderr
    assert "--ir_version 5" in old.stderr
    old = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "v5", "--ir_version", 5)
    assert f'type="{kind}Sequence"' in old.xml.read_text()
    assert 'name="c"' not in old.xml.read_text(), "the indicator is no result"
    check_clean(old.xml)
    same = upgrade(old.xml, tmp_path, "same", "--ir_version", 5)
    assert filecmp.cmp(old.bin, same.with_suffix(".bin"), shallow=False)
    compare(want, run_openvino(upgrade(old.xml, tmp_path, "new"), {"x": x}))
    if engine := os.environ.get("MO_OLD_ENGINE"):
        compare(want, run_engine(engine, old.xml, {"x": x}, tmp_path))


NET = """name: "n" input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4
layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 5 } }"""


@pytest.fixture
def old(mo, tmp_path):
    """A v3 IR, FP16, with means beside its layers."""
    (tmp_path / "net.prototxt").write_text(NET)
    numbers = np.random.RandomState(1)
    weights = {"fc": [numbers.standard_normal((5, 48)), numbers.standard_normal(5)]}
    caffemodel.write(tmp_path / "net.caffemodel", NET, weights)
    done = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "old", "--ir_version", 3,
                             "--data_type", "FP16", "--mean_values", "[1,2,3]", "--move_to_preprocess")  # fmt: skip
    assert done.status == 0, done.text
    return done


def test_half_stays_half_and_means_become_a_layer(old, tmp_path):
    new = upgrade(old.xml, tmp_path, "new")
    assert "<pre-process" not in new.read_text()
    assert new.with_suffix(".bin").stat().st_size < 600
    x = np.random.RandomState(2).standard_normal((1, 3, 4, 4)).astype(np.float32)
    direct = converter.convert(tmp_path / "net.prototxt", tmp_path / "net.caffemodel", tmp_path, "direct",
                               "--data_type", "FP16", "--mean_values", "[1,2,3]")  # fmt: skip
    # The direct way puts the means into the biases before these are rounded to half precision.
    compare(run_openvino(direct.xml, {"data": x}), run_openvino(new, {"data": x}), 1e-3)
    full = upgrade(old.xml, tmp_path, "full", "--data_type", "FP32")
    assert full.with_suffix(".bin").stat().st_size > 900
    same = upgrade(old.xml, tmp_path, "same", "--ir_version", 4)
    assert "<pre-process" in same.read_text()


def test_broken_weights_are_found_and_refused(old):
    with open(old.bin, "r+b") as file:
        file.truncate(100)
    done = converter.run("--check_ir", old.xml)
    assert done.returncode == 1
    assert 'FullyConnected "fc"' in done.stdout
    assert "[ir-blob-range]" in done.stdout
    assert converter.run("--upgrade_ir", old.xml, "--model_name", "x").returncode == 1


def test_exit_status_tells_missing_files_from_faults(old, tmp_path):
    assert converter.run("--check_ir", tmp_path / "none.xml").returncode == 3
    os.remove(old.bin)
    done = converter.run("--check_ir", old.xml)
    assert done.returncode == 0
    assert "[ir-weights-unchecked]" in done.stdout
    assert converter.run("--upgrade_ir", old.xml, "--output_dir", tmp_path / "new").returncode == 3


def test_the_old_ir_is_not_overwritten(old, tmp_path):
    before = old.bin.read_bytes()
    done = converter.run("--upgrade_ir", old.xml, "--output_dir", tmp_path)
    assert done.returncode == 3
    assert old.bin.read_bytes() == before


def test_an_ir_of_today_is_not_upgraded(old, tmp_path):
    new = upgrade(old.xml, tmp_path, "new")
    done = converter.run("--upgrade_ir", new, "--model_name", "again", "--output_dir", tmp_path)
    assert done.returncode == 1
    assert "not-legacy-ir" in done.stderr


@pytest.mark.parametrize("how", ["MO_CONFIG", "MO_IR_VERSION"])
def test_a_site_chooses_its_version(how, old, tmp_path, monkeypatch):
    (tmp_path / "mo.conf").write_text("ir_version = 5\n")
    monkeypatch.setenv(how, {"MO_CONFIG": str(tmp_path / "mo.conf"), "MO_IR_VERSION": "5"}[how])
    assert 'version="5"' in upgrade(old.xml, tmp_path, "site").read_text()[:300]
    assert 'version="4"' in upgrade(old.xml, tmp_path, "four", "--ir_version", 4).read_text()[:300]


# -- attributes that are missing or nonsense -----------------------------------------------------------------------------

VALUES = (None, "", "x", "-1", "0", "99999999999") if converter.is_full() else (None,)


def one_of_each_layer(folder):
    """(type, text of the IR) of a net of the tables for each type of layer, in the newest old version that has it."""
    done = {}
    for family in layers.FAMILIES:
        for row in layers.rows(family):
            caffemodel.write(folder / "net.caffemodel", row.net, row.weights, row.encoding)
            (folder / "net.prototxt").write_text(row.net)
            made = re.findall(r'type: *"(\w+)"', row.net)[-1:]
            if not made or made[0] in done:
                continue
            result = converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net", "--ir_version", "7")
            if result.status == 0:
                done[made[0]] = result.xml.read_text()
    return done


def test_missing_attributes_are_defaults_or_faults(tmp_path):
    """Of each attribute of each layer: the old IR without it is read, or refused with a message, never a defect of `mo`."""
    broken, refused, count = [], 0, 0
    texts = one_of_each_layer(tmp_path)
    for type_, text in texts.items():
        data = [place for place in re.finditer(r'(?<=\s)(\w+(?:-\w+)?)="[^"]*"(?=[^<>]*/>)', text)
                if text.rfind("<", 0, place.start()) == text.rfind("<data ", 0, place.start())]  # fmt: skip
        for place in data:
            for value in VALUES:
                new = "" if value is None else f'{place[1]}="{value}"'
                (tmp_path / "net.xml").write_text(text[: place.start()] + new + text[place.end() :])
                for version in ("3", "11") if converter.is_full() else ("11",):
                    done = converter.run("--upgrade_ir", tmp_path / "net.xml", "--output_dir", tmp_path / "new", "--ir_version",
                                         version, timeout=60)  # fmt: skip
                    count += 1
                    refused += done.returncode != 0
                    if done.returncode not in (0, 1) or (done.returncode and "[ ERROR ]" not in done.stderr):
                        broken.append((type_, place[0], value, version, done.returncode, done.stderr[-200:]))
    assert broken == []
    assert len(texts) > 60 and count / 10 < refused < count


@pytest.mark.parametrize(("said", "written"), [("", [0.1] * 4), ("variance: 0.2", [0.2] * 4),
                                               ("variance: 1 variance: 2 variance: 3 variance: 4", [1, 2, 3, 4])])  # fmt: skip
def test_clustered_boxes_always_have_four_variances(said, written, mo, tmp_path):
    """Of a single one, the 2020.1 engine writes the first quarter alone and leaves zeros behind it."""
    net = tmp_path / "net.prototxt"
    net.write_text(input_layer("data", (1, 3, 8, 8)) + layer("boxes", "PriorBoxClustered", ["data", "data"],
                   params=f"prior_box_param {{ width: 2 height: 3 step: 1 {said} }}"))  # fmt: skip
    weights = tmp_path / "net.caffemodel"
    caffemodel.write(weights, net.read_text(), {})
    for version in VERSIONS:
        done = converter.convert(net, weights, tmp_path, f"v{version}", "--ir_version", str(version))
        assert done.status == 0, done.stderr
        said_in_ir = re.search(r'variance="([^"]+)"', done.xml.read_text())[1]
        np.testing.assert_allclose([float(number) for number in said_in_ir.split(",")], written, rtol=1e-6)


def test_a_sum_of_too_many_numbers_is_refused_before_its_weights_are_made(mo, tmp_path):
    net, weights = tmp_path / "net.prototxt", tmp_path / "net.caffemodel"
    net.write_text(input_layer("x", (1, 100000, 1000, 10)) + layer("r", "Reduction", ["x"]))
    caffemodel.write(weights, net.read_text(), {})
    done = converter.convert(net, weights, tmp_path, "old", "--ir_version", "7")
    assert done.status == 1
    assert 'layer "r"' in done.stderr and "docs/FAQ.md#too-large" in done.stderr and "v10" in done.stderr
    assert converter.convert(net, weights, tmp_path, "new").status == 0
