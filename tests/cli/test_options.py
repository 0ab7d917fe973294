"""Options that are about the conversion itself: names and forms of options, versions, reports, settings files."""

import json
import re
import shutil
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest

from cli import nets
from support import converter, executors
from support.compare import worst_error

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def version_of(xml) -> int:
    return int(ElementTree.parse(xml).getroot().get("version"))


def types(xml) -> list:
    return [e.get("type") for e in ElementTree.parse(xml).iterfind("./layers/layer")]


# -- how options are written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [["--mean_value", "[1,2,3]"], ["--mean_values=[1,2,3]"], ["-ms", "( 1, 2, 3 )"],
                                     ["-ms=[1,2,3]"], ["--mean_va=(1,2,3)"]])  # fmt: skip
def test_aliases_and_prefixes(net, options):
    expected = net.convert("--mean_values", "[1,2,3]", out="a").xml.with_suffix(".bin").read_bytes()
    assert net.convert(*options, out="b").xml.with_suffix(".bin").read_bytes() == expected


def test_negative_numbers_are_values(net):
    x = nets.pixels(1, 3, 12, 10)
    out = net.infer({"data": x}, "--scale", "-2", "-ms", "[-1,-2,-3]")["conv2"]
    expected = net.infer({"data": (x + np.reshape(np.float32([1, 2, 3]), (1, 3, 1, 1))) / np.float32(-2)})["conv2"]
    assert worst_error(out, expected) <= 1e-4


def test_switches_take_false(net):
    plain = net.convert(out="a").xml.with_suffix(".bin").read_bytes()
    assert net.convert("--reverse_input_channels=False", out="b").xml.with_suffix(".bin").read_bytes() == plain
    assert net.convert("--reverse_input_channels=True", out="c").xml.with_suffix(".bin").read_bytes() != plain


@pytest.mark.parametrize("framework", ["tf", "mxnet", "kaldi", "onnx"])
def test_other_frameworks_are_refused_by_name(net, framework):
    stderr = net.convert("--framework", framework, status=2).stderr
    assert framework in stderr and "caffe" in stderr


def test_framework_is_found_by_the_file(net):
    net.convert()
    net.convert("--framework", "caffe")


# -- what is written ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3, 4, 5, 6, 7, 10, 11])
def test_versions(net, version):
    assert version_of(net.convert("--ir_version", version).xml) == version


@pytest.mark.parametrize(("option", "version"), [("--generate_deprecated_IR_V2", 2), ("--generate_deprecated_IR_V7", 7),
                                                   ("--generate_experimental_IR_V10", 10)])  # fmt: skip
def test_the_originals_names_of_versions(net, option, version):
    assert version_of(net.convert(option).xml) == version
    assert "conflicting-options" in net.convert(option, "--ir_version", "11", status=2).stderr


@pytest.mark.parametrize("name", ["mo.py", "mo_caffe.py"])
def test_called_by_the_originals_name_it_writes_v3(net, name):
    link = net.folder / name
    link.symlink_to(converter.binary())
    command = [link, "--input_model", net.model, "--output_dir", net.folder]
    subprocess.run(command, check=True, capture_output=True)
    assert version_of(net.folder / "net.xml") == 3
    subprocess.run([*command, "--ir_version", "11"], check=True, capture_output=True)
    assert version_of(net.folder / "net.xml") == 11


@pytest.mark.parametrize(("options", "half"), [((), False), (("--compress_to_fp16",), True),
                                               (("--compress_to_fp16=True",), True), (("--compress_to_fp16=False",), False),
                                               (("--data_type", "half"), True), (("--data_type", "float"), False)])  # fmt: skip
def test_half_precision(net, options, half):
    full = net.convert("--data_type", "FP32", out="full").xml.with_suffix(".bin").stat().st_size
    size = net.convert(*options).xml.with_suffix(".bin").stat().st_size
    assert (size < 0.7 * full) == half
    assert "conflicting-options" in net.convert("--data_type", "FP32", "--compress_to_fp16", status=2).stderr


def test_layers_that_are_not_to_be_fused(net):
    """The expression is looked for anywhere in the name."""
    options = ["-ms", "[1,2,3]", "--scale_values", "[4,5,6]"]
    assert "Multiply" not in types(net.convert(*options).xml)
    assert "Multiply" in types(net.convert(*options, "--finegrain_fusing", "nothing,onv1").xml)
    assert "Multiply" in types(net.convert(*options, "--finegrain_fusing", "data/.*").xml)
    assert "Multiply" not in types(net.convert(*options, "--finegrain_fusing", "^onv1").xml)
    assert "bad-regular-expression" in net.convert("--finegrain_fusing", "a(b", status=2).stderr


def test_strides_stay_where_they_are_told_to(tmp_path):
    n = nets.Numbers("strides")
    text = (nets.input_layer("data", (1, 3, 8, 8)) + nets.convolution("a", "data", 4, 3, 1)
            + nets.convolution("b", "a", 4, 1, 0, "stride: 2"))  # fmt: skip
    net = nets.Net(tmp_path, text, {"a": [n.normal(4, 3, 3, 3), n.normal(4)], "b": [n.normal(4, 4, 1, 1), n.normal(4)]})
    strides = lambda *o: [e.get("strides") for e in ElementTree.parse(net.convert(*o).xml).iterfind(  # noqa: E731
        "./layers/layer[@type='Convolution']/data")]  # fmt: skip
    assert strides("--disable_resnet_optimization") == ["1, 1", "2, 2"]
    assert strides() == ["2, 2", "1, 1"]


def test_silent_and_version_and_help(net):
    done = net.convert("--silent", "--scale", "0.5")
    assert done.stderr == ""
    assert "small-scale" in net.convert("--scale", "0.5").stderr
    first, *others = converter.run("--version").stdout.splitlines()
    assert re.fullmatch(r"Version of Model Optimizer is: \d+\.\d+\.\d+", first)
    names = [line.partition(" (")[0].partition(":")[0] for line in others]
    assert names == ["Writes", "protobuf", "HDF5", "fmt", "JSON for Modern C++", "protozero", "pugixml", "toml11", "Compiler"]
    assert all(re.search(r": (\d+\.\d+|not in this build|IR|GCC|Clang)", line) for line in others), others
    short, long = converter.run("-h").stdout, converter.run("--help-all").stdout
    assert "--mean_values, -ms VALUES" in short
    assert "--use_legacy_frontend" in long and "--use_legacy_frontend" not in short
    assert converter.run("--help").stdout == short


@pytest.mark.parametrize("option", ["--static_shape", "--progress", "--stream_output", "--use_legacy_frontend",
                                    "--use_new_frontend", "--caffe_parser_path=x", "--share_weights=False", "--keep_shape_ops",
                                    "--disable_weights_compression", "--legacy_ir_generation",
                                    "--enable_concat_optimization"])  # fmt: skip
def test_accepted_without_effect(net, option):
    plain = net.convert(out="a").xml.with_suffix(".bin").read_bytes()
    assert net.convert(option, out="b").xml.with_suffix(".bin").read_bytes() == plain


@pytest.mark.parametrize("option", ["--transform", "--transformations_config"])
def test_transformations_are_refused_by_name(net, option):
    stderr = net.convert(option, "LowLatency2", status=2).stderr
    assert "not-in-this-build" in stderr and "LowLatency2" in stderr


def test_python_extensions_are_said_to_be_left_out(net):
    (net.folder / "ext").mkdir()
    assert "not-in-this-build" not in net.convert("--extensions", net.folder / "ext").stderr
    (net.folder / "ext" / "op.py").write_text("pass\n")
    assert "not-in-this-build" in net.convert("--extensions", net.folder / "ext").stderr


# -- reports and settings ----------------------------------------------------------------------------------------------


def test_print_shapes(net):
    lines = [line.split() for line in net.convert("--print_shapes").stdout.splitlines()]
    assert ["conv1", "Convolution", "[1,", "6,", "12,", "10]"] in lines
    alone = converter.run("--input_proto", net.prototxt, "--print_shapes", "--input_shape", "[2,3,12,10]", cwd=net.folder)
    assert alone.returncode == 0, alone.stderr
    assert "[2, 6, 12, 10]" in alone.stdout and "SUCCESS" not in alone.stdout


def test_report(net):
    net.convert("--report", "r.json", "--scale", "0.5")
    report = json.loads((net.folder / "r.json").read_text())
    assert report["status"] == 0
    assert report["inputs"] == [{"name": "data", "shape": [1, 3, 12, 10], "element_type": "f32"}]
    assert report["outputs"] == [{"name": "conv2", "shape": [1, 4, 4, 3], "element_type": "f32"}]
    assert report["files"]["xml"].endswith("net.xml")
    assert [m["code"] for m in report["messages"] if m["severity"] == "warning"] == ["small-scale"]
    net.convert("--report", "bad.json", "--output", "nothing", status=2)
    report = json.loads((net.folder / "bad.json").read_text())
    assert report["status"] == 2 and report["files"] == {}
    assert report["messages"][0]["code"] == "unknown-node" and report["messages"][0]["remedy"]
    assert "output-not-writable" in net.convert("--report", "none/r.json", status=3).stderr


TOML = 'mean_values = [1, 2, 3]\nscale_values = "[4.5,5,6]"\nreverse_input_channels = true\ninput_shape = [[2,3,12,10]]\n'
INI = "# a comment\n[model]\nmean_values = [1, 2, 3]\nscale_values=\"[4.5,5,6]\"\nreverse_input_channels = True\n" \
      "input_shape = [2,3,12,10]\n"  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [("s.toml", TOML), ("s.ini", INI), ("settings", INI)])
def test_settings_file(net, name, text):
    (net.folder / name).write_text(text)
    options = ["-ms", "[1,2,3]", "--scale_values", "[4.5,5,6]", "--reverse_input_channels", "--input_shape", "[2,3,12,10]"]
    expected = net.convert(*options, out="a").xml.with_suffix(".bin").read_bytes()
    done = net.convert("--config", name, out="b")
    assert done.xml.with_suffix(".bin").read_bytes() == expected
    assert tuple(executors.read_ir(done.xml).input(0).shape) == (2, 3, 12, 10)
    over = net.convert("--config", name, "--input_shape", "[5,3,12,10]", out="c")
    assert tuple(executors.read_ir(over.xml).input(0).shape) == (5, 3, 12, 10)


@pytest.mark.parametrize(("name", "text", "code", "status"), [
    ("s.toml", "mean_values = [1, 2", "config-file", 2), ("s.ini", "mean_values\n", "config-file", 2),
    ("s.ini", "mean_valeus = [1]\n", "unknown-option", 2), ("s.toml", "scale = { a = 1 }", "config-file", 2),
    (None, None, "file-not-found", 3)])  # fmt: skip
def test_settings_files_that_are_wrong(net, name, text, code, status):
    if name:
        (net.folder / name).write_text(text)
    assert code in net.convert("--config", name or "absent.toml", status=status).stderr


# -- what is made of the option table ----------------------------------------------------------------------------------

GENERATED = {"mo.bash": "scripts/completion/mo.bash", "_mo": "scripts/completion/_mo", "mo.1": "docs/mo.1"}


@pytest.mark.parametrize(("name", "path"), GENERATED.items())
def test_generated_files_are_current(name, path):
    """If this fails: scripts/generate_from_options.sh"""
    assert (converter.REPOSITORY / path).read_text() == converter.run("--generate", name).stdout


def test_table_of_options_in_the_documentation_is_current():
    text = (converter.REPOSITORY / "docs" / "cli.md").read_text()
    table = converter.run("--generate", "options.md").stdout
    assert table.count("\n") > 40
    assert table in text
    for path in set(re.findall(r"\(\.\./(tests/[^)]+)\)", table)):
        assert (converter.REPOSITORY / path).is_file(), path


def test_every_option_occurs_in_the_test_that_the_table_names():
    rows = converter.run("--generate", "options.md").stdout.splitlines()[2:]
    for row in rows:
        names = re.findall(r"`(--?[\w-]+)`", row.split("|")[1])
        path = re.search(r"\(\.\./(tests/[^)]+)\)", row).group(1)
        text = (converter.REPOSITORY / path).read_text()
        assert any(f'"{name}' in text or f" {name}" in text for name in names), f"{names} in {path}"


def test_bash_completion(tmp_path):
    if shutil.which("bash") is None:
        pytest.fail("the completion needs bash")
    script = converter.REPOSITORY / "scripts" / "completion" / "mo.bash"
    complete = lambda *words: subprocess.run(  # noqa: E731
        ["bash", "-c", f'source {script}; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _mo; echo "${{COMPREPLY[@]}}"', "-", *words],
        capture_output=True, text=True, check=True).stdout.split()  # fmt: skip
    assert complete("mo", "--mean_f") == ["--mean_file", "--mean_file_offsets"]
    assert complete("mo", "--data_type", "F") == ["FP16", "FP32"]


def test_manual_page_has_every_option():
    page = (converter.REPOSITORY / "docs" / "mo.1").read_text().replace("\\-", "-")
    for row in converter.run("--generate", "options.md").stdout.splitlines()[2:]:
        assert re.findall(r"`(--?[\w-]+)`", row)[0] in page
