"""Extension libraries, built against the installed SDK: what they can express, and what becomes of their mistakes."""

import shutil
import subprocess

import numpy as np
import pytest

from custom import nets
from custom.test_descriptions import REGION_NET
from support import converter, executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


def convert(folder, text, extensions, *options, weights=None):
    folder.mkdir(exist_ok=True)
    return nets.convert(folder, text, "--extensions", extensions, *options, weights=weights)


def layer_types(xml):
    return [type_ for _, type_, *_ in nets.structure(xml)[0]]


# ---- What is built


def test_the_sdk_is_headers_and_a_package(prefix):
    installed = {str(p.relative_to(prefix)) for p in prefix.rglob("*") if p.is_file() and p.name != "mo"}
    headers = {str(p.relative_to(converter.REPOSITORY)) for p in (converter.REPOSITORY / "include" / "mo").rglob("*.h*")}
    assert {"include/mo/extension.h", "include/mo/extension.hpp"} < headers
    assert headers | {"lib/cmake/ModelOptimizer/ModelOptimizerConfig.cmake"} <= installed
    assert (prefix / "bin" / "mo").is_file()
    assert (prefix / "lib" / "mo" / "extensions").is_dir()


def test_a_library_exports_its_entry_and_needs_nothing_of_mo(libraries):
    listed = subprocess.run(["nm", "-D", "-C", libraries / "family" / "family.so"], capture_output=True, text=True,
                            check=True).stdout.splitlines()  # fmt: skip
    defined = {line.split()[-1] for line in listed if " T " in line}
    assert defined == {"mo_extension_abi", "mo_extension_register"}
    assert not [line for line in listed if " U " in line and " mo" in line]


# ---- Layers and ops


@pytest.mark.parametrize("version", [2, 3, 4, 5, 6, 7, 10, 11])
@pytest.mark.parametrize("type_", ["ELU", "Region"])
def test_a_built_in_layer_expressed_by_an_extension(tmp_path, libraries, type_, version):
    net = REGION_NET if type_ == "Region" else nets.fancy_net("elu_param { alpha: 0.3 }", "ELU")
    built_in = convert(tmp_path / "a", net, "", "--ir_version", version)
    extended = convert(tmp_path / "b", net, libraries / "family", "--ir_version", version)
    assert built_in.status == extended.status == 0, extended.stderr
    assert nets.structure(extended.xml) == nets.structure(built_in.xml)
    assert extended.bin.read_bytes() == built_in.bin.read_bytes()


@pytest.mark.parametrize("version", [3, 11])
def test_a_layer_with_blobs(tmp_path, libraries, version):
    factors = nets.random(3)
    done = convert(tmp_path, nets.fancy_net("", "AFFINENINE"), libraries / "family", "--ir_version", version,
                   weights={"fancy": [factors]})  # fmt: skip
    assert done.status == 0, done.stderr
    if version == 3:
        np.testing.assert_array_equal(np.frombuffer(done.bin.read_bytes(), np.float32)[:3], 2 * factors)
        return
    x = nets.random(1, 3, 4, 4)
    y = next(iter(executors.run_openvino(done.xml, {"data": x}).values()))
    np.testing.assert_allclose(y, x * 2 * factors[:, None, None], rtol=1e-6)


@pytest.mark.parametrize("version", [3, 10, 11])
def test_an_op_without_a_spelling_stands_as_it_is(tmp_path, libraries, version):
    weights = nets.random(2, 3)
    done = convert(tmp_path, nets.fancy_net('own_param { tag: "x < y" }', "Own"), libraries / "family", "--ir_version",
                   version, weights={"fancy": [weights]})  # fmt: skip
    assert done.status == 0, done.stderr
    assert nets.attributes(done.xml, "fancy") == {"size": "3", "name_": "x < y"}
    assert nets.layer_of(done.xml, "fancy").get("type") == "Own"
    assert nets.layer_of(done.xml, "fancy").get("version") == (None if version == 3 else "extension")
    assert nets.output_shapes(done.xml, "fancy") == [(1, 3, 4, 4)]
    assert weights.tobytes() in done.bin.read_bytes()
    assert 'layer "fancy"' in done.stderr
    assert "it is converted as an example" in done.stderr
    assert "docs/FAQ.md#extension-failed" in done.stderr


def test_a_required_number_of_blobs(tmp_path, libraries):
    done = convert(tmp_path, nets.fancy_net("", "Affine9"), libraries / "family")
    assert done.status == 1
    assert "docs/FAQ.md#missing-weights" in done.stderr


def test_a_misspelt_type_finds_the_extension(tmp_path, libraries):
    done = convert(tmp_path, nets.fancy_net("", "Afine9"), libraries / "family")
    assert done.status == 1
    assert 'did you mean "Affine9"?' in done.stderr


# ---- Passes

PASSES_NET = (
    input_layer("data", (1, 3, 4, 4))
    + layer("gate", "Sigmoid", ["data"])
    + layer("product", "Eltwise", ["data", "gate"], params="eltwise_param { operation: PROD }")
    + layer("slopes", "PReLU", ["product"])
    + layer("elu", "ELU", ["slopes"])
    + layer("magnitude", "AbsVal", ["elu"])
)


def test_a_pass_of_each_stage_and_a_replaced_op(tmp_path, libraries):
    weights = {"slopes": [np.full(3, 0.25, np.float32)]}
    plain = convert(tmp_path / "a", PASSES_NET, "", weights=weights)
    done = convert(tmp_path / "b", PASSES_NET, libraries / "passes", weights=weights)
    assert plain.status == done.status == 0, done.stderr
    names = [name for name, *_ in nets.structure(done.xml)[0]]
    assert "product/swish" in names  # front
    assert "slopes/plain" in names  # middle
    assert "elu/half" in names  # back
    assert "PReLU" in layer_types(plain.xml)
    assert layer_types(done.xml).count("Power") == 2  # what the library writes for AbsVal
    x = nets.random(1, 3, 4, 4)
    expected = x / (1 + np.exp(-x))
    expected = np.where(expected > 0, expected, 0.25 * expected)
    expected = np.abs(0.5 * np.where(expected > 0, expected, 0.5 * (np.exp(expected) - 1)))
    results = executors.run_openvino(done.xml, {"data": x})
    assert "magnitude" in results
    np.testing.assert_allclose(results["magnitude"], expected, rtol=1e-4, atol=1e-6)


def test_a_disabled_built_in_pass(tmp_path, libraries):
    net = (
        input_layer("data", (1, 3, 4, 4))
        + layer("conv", "Convolution", ["data"], params="convolution_param { num_output: 2 kernel_size: 1 }")
        + layer("scale", "Scale", ["conv"])
    )
    weights = {"conv": [nets.random(2, 3, 1, 1), nets.random(2)], "scale": [nets.random(2)]}
    fused = convert(tmp_path / "a", net, "", weights=weights)
    kept = convert(tmp_path / "b", net, libraries / "passes", weights=weights)
    assert fused.status == kept.status == 0, kept.stderr
    assert layer_types(fused.xml).count("Multiply") == 0
    assert layer_types(kept.xml).count("Multiply") == 1


def test_the_version_is_known_to_passes(tmp_path, libraries):
    done = convert(tmp_path, nets.fancy_net("", "ELU"), libraries / "passes", "--ir_version", 3)
    assert done.status == 0, done.stderr
    assert nets.attributes(done.xml, "fancy/half")["shift"] == "1.0"


# ---- Mistakes: each has one message that names the library

LOADING = {
    "segfault": "it crashes when it is loaded (Segmentation fault)",
    "abort": "it crashes when it is loaded (Aborted)",
    "constructor": "it crashes when it is loaded (Aborted)",
    "exits": "it ends the program when it is loaded (exit status 0)",
    "wrong_abi": "it was built for version 999 of the interface, this mo has 1",
    "no_entry": "it does not export mo_extension_abi",
    "missing_symbol": "undefined symbol: nowhere_defined",
    "status": "ended with status 7 and did not say why",
    "raw_throw": "an exception left it, which must not be: out of the entry",
    "throws": "the licence has run out",
    "duplicate_layer": "it offers the layer type Fancy, which",
    "duplicate_op": "it offers the op Fancy, which",
    "duplicate_pass": "it offers the pass Fancy, which",
    "unknown_layer": 'it disables the layer type "NoSuchType", which is not built in',
    "unknown_pass": 'it disables the pass "no_such_pass", which is not built in',
    "small_struct": "it offers a layer whose size is 8",
    "bad_stage": "it offers a pass for the unknown stage 3",
    "input_op": "it offers the op Input, which cannot be replaced",
    "unnamed": "it offers a layer without a name",
}


def assert_one_message(done, library, words):
    assert done.status == 1, done.stderr
    assert done.stderr.count("[ ERROR ]") == 1, done.stderr
    assert str(library) in done.stderr
    assert words in done.stderr
    assert not done.xml.exists()


@pytest.mark.parametrize("fault", LOADING)
def test_a_broken_library(tmp_path, libraries, fault):
    done = convert(tmp_path, nets.fancy_net("", "ReLU"), libraries / fault)
    assert_one_message(done, libraries / fault / f"{fault}.so", LOADING[fault])
    assert "docs/FAQ.md#extension-library" in done.stderr


@pytest.mark.parametrize("content", [b"", b"no library\n" * 20, b"\x7fELF" + b"\0" * 200])
def test_a_file_that_is_no_library(tmp_path, content):
    (tmp_path / "ext").mkdir()
    (tmp_path / "ext" / "junk.so").write_bytes(content)
    done = convert(tmp_path, nets.fancy_net("", "ReLU"), tmp_path / "ext")
    assert_one_message(done, tmp_path / "ext" / "junk.so", "it cannot be loaded")


def test_two_libraries_with_one_type(tmp_path, libraries):
    shutil.copy(libraries / "sound" / "sound.so", tmp_path / "first.so")
    shutil.copy(libraries / "sound" / "sound.so", tmp_path / "second.so")
    done = convert(tmp_path, nets.fancy_net("", "ReLU"), tmp_path)
    assert_one_message(done, tmp_path / "second.so",
                       f"it offers the layer type Fancy, which {tmp_path / 'first.so'} has too")  # fmt: skip


def test_a_library_and_a_description_of_one_type(tmp_path, libraries):
    shutil.copy(libraries / "sound" / "sound.so", tmp_path)
    nets.write(tmp_path, "fancy.toml", 'type = "Fancy"\noutputs = ["same(0)"]\n[layer]\ntype = "Fancy"\n')
    done = convert(tmp_path, nets.fancy_net("", "ReLU"), tmp_path)
    assert_one_message(done, tmp_path / "sound.so", f"which {tmp_path / 'fancy.toml'} has too")


CALLBACKS = {
    "Throws": "thrown on purpose",
    "ThrowsNumber": "no std::exception",
    "Fails": "it does not like fancy",
    "UnknownOp": 'there is no op "Poolling"',
    "AddsInput": "adds an input",
    "LacksAttributes": "is absent or of another type",
    "BadParameter": "does not list its parameter fancy_param.width",
    "BadKind": "is declared with another type",
    "BadBottom": "uses bottom 3, the layer has 1",
    "BadTop": "uses top 9, the layer has 1",
    "BadValue": "uses output 5",
    "BadNode": "a node that does not exist",
    "BadTensor": "a tensor that it was not given",
    "BadBlob": "uses blob 0, the layer has 0",
    "BadName": '"a b" cannot be the name',
    "NoShape": "sets no shape",
    "ZeroShape": "its output would have the shape [1, 0]",
    "NotWritten": "does not write output 0",
    "BadPort": "a port that no layer has",
    "ThrowsWriting": "no pen",
}


@pytest.mark.parametrize("type_", CALLBACKS)
def test_a_mistake_in_a_callback(tmp_path, libraries, type_):
    done = convert(tmp_path, nets.fancy_net("", type_), libraries / "mistakes")
    assert done.status == 1, done.stderr
    assert done.stderr.count("[ ERROR ]") == 1, done.stderr
    assert CALLBACKS[type_] in done.stderr
    assert 'layer "fancy"' in done.stderr
    if type_ != "ZeroShape":  # a shape that no layer can have: the same message as for a built-in layer
        assert "docs/FAQ.md#extension-failed" in done.stderr
    assert not done.xml.exists()


def test_an_exception_that_leaves_a_callback(tmp_path, libraries):
    done = convert(tmp_path, nets.fancy_net(""), libraries / "raw_throw_later")
    assert_one_message(done, libraries / "raw_throw_later" / "raw_throw_later.so",
                       "layer Fancy of")  # fmt: skip
    assert "an exception left it, which must not be" in done.stderr


def test_what_legacy_ir_lacks(tmp_path, libraries):
    done = convert(tmp_path, nets.fancy_net("", "NotWritten"), libraries / "mistakes", "--ir_version", 3)
    assert_one_message(done, libraries / "mistakes" / "mistakes.so", "does not say the layer's type")


PASS_MISTAKES = {
    "Cycle": ("cycle", "would let the node cycle need itself"),
    "EraseUsed": ("erase_used", "erases the node data, which is in use"),
    "PassThrows": ("pass_throws", "lost the way"),
}


@pytest.mark.parametrize("type_", PASS_MISTAKES)
def test_a_mistake_in_a_pass(tmp_path, libraries, type_):
    name, words = PASS_MISTAKES[type_]
    done = convert(tmp_path, input_layer("data", (1, 3, 4, 4)) + layer(name, type_, ["data"]), libraries / "mistakes")
    assert_one_message(done, libraries / "mistakes" / "mistakes.so", words)
    assert "pass mistaken" in done.stderr


# ---- Where libraries are looked for


def test_nothing_is_loaded_from_the_working_directory(tmp_path, libraries, monkeypatch):
    shutil.copy(libraries / "segfault" / "segfault.so", tmp_path)
    (tmp_path / "extensions").mkdir()
    shutil.copy(libraries / "segfault" / "segfault.so", tmp_path / "extensions")
    monkeypatch.chdir(tmp_path)
    for options in ([], ["--extensions", ""], ["--extensions", ","]):
        done = nets.convert(tmp_path, nets.fancy_net("", "ReLU"), *options)
        assert done.status == 0, done.stderr


def test_the_default_folder(tmp_path, prefix, libraries, monkeypatch):
    root = tmp_path / "root"
    shutil.copytree(prefix, root)
    shutil.copy(libraries / "family" / "family.so", root / "lib" / "mo" / "extensions")
    monkeypatch.setenv("MO_BINARY", str(root / "bin" / "mo"))
    assert converter.binary() == root / "bin" / "mo"
    net = nets.fancy_net("", "Own")
    done = nets.convert(tmp_path, net)
    assert done.status == 0, done.stderr
    done = convert(tmp_path, net, libraries / "passes")  # beside those of another folder
    assert done.status == 0, done.stderr
    done = nets.convert(tmp_path, net, "--extensions", "")
    assert done.status == 1
    assert 'layers of type "Own" are not supported' in done.stderr


def test_inspection_knows_them(tmp_path, libraries):
    (tmp_path / "net.prototxt").write_text(nets.fancy_net("", "Own"))
    done = converter.run("--inspect", "--input_proto", tmp_path / "net.prototxt", "--extensions", libraries / "family")
    assert done.returncode == 0, done.stderr
    assert "Own" in done.stdout
