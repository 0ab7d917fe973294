"""--graph: what the pictures say of a net, and of what became of its layers."""

import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from cli import nets
from report import pages
from support import converter

pytestmark = pytest.mark.usefixtures("mo")


def drawn(net, *options) -> dict:
    """What the page knows of a net that is converted with these options."""
    done = net.convert("--graph", "net.html", *options)
    data = pages.data_of(net.folder / "net.html")
    data["xml"], data["stdout"] = done.xml, done.stdout
    return data


def fates(data) -> dict:
    return {layer["name"]: (layer["fate"], [data["after"][i]["name"] for i in layer.get("counterparts", [])]) for layer in data["before"]}


def structure(data) -> list:
    return [(layer["name"], layer["type"], layer.get("sources")) for layer in data["after"]]


# -- what became of what -----------------------------------------------------------------------------------------------


def test_what_was_fused_and_removed(tmp_path):
    data = drawn(pages.normalised(tmp_path))
    assert fates(data) == {
        "data": ("kept", ["data"]), "conv": ("kept", ["conv"]), "bn": ("fused", ["conv"]), "scale": ("fused", ["conv"]),
        "relu": ("kept", ["relu"]), "drop": ("removed", []), "fc": ("kept", ["fc"]), "prob": ("kept", ["prob"])}  # fmt: skip
    conv = pages.by_name(data["after"])["conv"]
    assert [data["before"][i]["name"] for i in conv["counterparts"]] == ["conv", "bn", "scale"]
    assert "SUCCESS" in data["stdout"]


def test_layers_after_are_those_of_the_ir(tmp_path):
    """The names of the IR's layers are those of the picture, or begin with them."""
    data = drawn(pages.normalised(tmp_path))
    names = {layer.get("name") for layer in ElementTree.parse(data["xml"]).iterfind("./layers/layer")}
    after = {layer["name"] for layer in data["after"]}
    assert after <= names
    assert {name.split("/")[0] for name in names} == after


def test_without_fusing_each_layer_stays(tmp_path):
    data = drawn(pages.normalised(tmp_path), "--disable_fusing")
    assert {name: fate for name, (fate, _) in fates(data).items() if fate != "kept"} == {"drop": "removed"}


def test_preprocessing_that_was_taken_in(tmp_path):
    net = pages.normalised(tmp_path)
    data = drawn(net, "--scale", "255", "--mean_values", "[1,2,3]")
    assert sorted(pages.by_name(data["after"])["conv"]["absorbed"]) == ["data/mean", "data/scale"]
    kept = drawn(net, "--scale", "255", "--disable_fusing")
    assert "counterparts" not in pages.by_name(kept["after"])["data/scale"]


def test_convolutions_that_become_one(tmp_path):
    found = fates(drawn(pages.grouped(tmp_path)))
    assert {name: became for name, (_, became) in found.items()} == {
        "data": ["data"], "parts": ["all"], "c0": ["all"], "c1": ["all"], "all": ["all"]}  # fmt: skip
    assert found["c0"][0] == found["c1"][0] == "fused" and found["all"][0] == "kept"


@pytest.mark.parametrize("version", [3, 7, 10])
def test_fates_in_other_versions(tmp_path, version):
    found = fates(drawn(pages.normalised(tmp_path), "--ir_version", version))
    assert found["bn"] == found["scale"] == ("fused", ["conv"])
    assert found["drop"] == ("removed", [])


def test_onnx(tmp_path):
    found = fates(drawn(pages.normalised(tmp_path), "--output_format", "onnx"))
    assert found["scale"] == ("fused", ["conv"])


# -- sizes, shapes, parameters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--data_type", "FP16"), ("--ir_version", "5")])
def test_bytes_of_all_layers_are_those_of_the_file(tmp_path, options):
    data = drawn(pages.normalised(tmp_path), *options)
    assert sum(layer.get("bytes", 0) for layer in data["after"]) == data["xml"].with_suffix(".bin").stat().st_size


def test_sizes_of_a_layer(tmp_path):
    data = drawn(pages.normalised(tmp_path))
    before, after = pages.by_name(data["before"])["conv"], pages.by_name(data["after"])["conv"]
    assert before["multiply_adds"] == after["multiply_adds"] == 4 * 6 * 6 * 3 * 9
    assert (before["weights"], after["weights"]) == (4 * 3 * 9, 4 * 3 * 9 + 4)
    assert before["outputs"] == [{"name": "conv", "shape": "[1, 4, 6, 6]"}]
    assert before["parameters"] == {"num_output": "4", "kernel_size": "3", "pad": "0", "bias_term": "false"}
    assert after["parameters"]["kernel"] == "3,3"
    assert [data["after"][i]["name"] for i in pages.by_name(data["after"])["relu"]["sources"]] == ["conv"]


# -- with and without a conversion -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [pages.normalised, pages.grouped, pages.preactivated, nets.padded])
def test_without_a_caffemodel_it_is_the_same_picture(tmp_path, make):
    net = make(tmp_path)
    trained = drawn(net, "--ir_version", "11")
    done = converter.run("--input_proto", net.prototxt, "--graph", "alone.html", "-o", "nothing", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "SUCCESS" not in done.stdout and not (tmp_path / "nothing").exists()
    alone = pages.data_of(tmp_path / "alone.html")
    assert structure(alone) == structure(trained)
    assert fates(alone) == fates(trained)
    assert "without a caffemodel" in alone["summary"] and "without" not in trained["summary"]


def test_beside_inspect_nothing_is_converted(tmp_path):
    net = pages.normalised(tmp_path)
    done = net.convert("--inspect", "--graph", "seen.html", out="nothing")
    assert "multiply-adds" in done.stdout and not (tmp_path / "nothing").exists()
    assert fates(pages.data_of(tmp_path / "seen.html"))["bn"] == ("fused", ["conv"])


def test_the_ir_is_the_same_with_a_picture(tmp_path):
    net = pages.normalised(tmp_path)
    plain = net.convert(out="a").xml
    with_graph = net.convert("--graph", "g.html", out="b").xml
    assert plain.read_bytes() == with_graph.read_bytes()
    assert plain.with_suffix(".bin").read_bytes() == with_graph.with_suffix(".bin").read_bytes()


def test_a_net_with_an_error_shows_what_was_read(tmp_path):
    net = pages.normalised(tmp_path)
    net.prototxt.write_text(net.text.replace('"Softmax"', '"Softmin"'))
    net.convert("--graph", "g.html", status=1)
    data = pages.data_of(tmp_path / "g.html")
    assert not data["optimised"] and len(data["before"]) == 8 and data["after"] == []


# -- Graphviz ----------------------------------------------------------------------------------------------------------


def test_pictures_by_graphviz(tmp_path):
    if shutil.which("dot") is None:
        pytest.fail("the pictures need Graphviz: scripts/install_prerequisites.sh --test")
    net = pages.normalised(tmp_path)
    net.convert("--graph", "g.svg")
    texts = [text.text for text in ElementTree.parse(tmp_path / "g.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("conv") == 2 and "fused into conv" in texts and "removed" in texts and "+ BatchNorm, Scale" in texts
    net.convert("--graph", "g.png")
    assert (tmp_path / "g.png").read_bytes().startswith(b"\x89PNG")


def test_dot_reads_its_language_whatever_the_names_are(tmp_path):
    net = pages.hostile(tmp_path)
    net.convert("--graph", "g.dot")
    plain = subprocess.run(["dot", "-Tplain", tmp_path / "g.dot"], capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"^node ", plain, flags=re.MULTILINE)) == 8
    net.convert("--graph", "g.svg")
    text = "".join(ElementTree.parse(tmp_path / "g.svg").getroot().itertext())
    assert pages.HOSTILE in text and pages.MARKUP in text


def test_long_nets_are_broken_into_columns(tmp_path):
    text, last = 'input: "data" input_shape { dim: 1 dim: 2 dim: 3 dim: 3 }\n', "data"
    for i in range(300):
        text += f'layer {{ name: "r{i}" type: "{"ReLU" if i % 2 else "TanH"}" bottom: "{last}" top: "r{i}" }}\n'
        last = f"r{i}"
    (tmp_path / "net.prototxt").write_text(text)
    assert converter.run("--input_proto", "net.prototxt", "--graph", "g.dot", cwd=tmp_path).returncode == 0
    plain = subprocess.run(["dot", "-Tplain", tmp_path / "g.dot"], capture_output=True, text=True, check=True).stdout
    _, _, width, height = plain.split("\n")[0].split()
    assert float(height) < 4 * float(width)  # one strip would be 15 times as high as wide


def test_without_graphviz_it_says_so_before_it_converts(tmp_path, monkeypatch):
    net = pages.normalised(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for ending in ("svg", "png"):
        stderr = net.convert("--graph", f"g.{ending}", status=3).stderr
        assert "graphviz" in stderr and ".html" in stderr
    assert not (tmp_path / "ir").exists()
    net.convert("--graph", "g.dot")
    net.convert("--graph", "g.html")


def test_graphviz_that_fails_is_reported(tmp_path, monkeypatch):
    net = pages.normalised(tmp_path)
    (tmp_path / "dot").write_text("#!/bin/sh\necho it broke >&2\nexit 1\n")
    (tmp_path / "dot").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    done = net.convert("--graph", "g.svg", status=3)
    assert "it broke" in done.stderr and not (tmp_path / "g.svg").exists() and done.xml.exists()


# -- command line ------------------------------------------------------------------------------------------------------


def test_names_that_cannot_be(tmp_path):
    net = pages.normalised(tmp_path)
    assert "none of .html" in net.convert("--graph", "g.jpeg", status=2).stderr
    assert "output-not-writable" in net.convert("--graph", "none/g.html", status=3).stderr
    (tmp_path / "list.txt").write_text("net.caffemodel\n")
    for words in (["--manifest", "list.txt", "--graph", "g.html"], ["--upgrade_ir", "ir/net.xml", "--graph", "g.html"]):
        done = converter.run(*words, cwd=tmp_path)
        assert done.returncode == 2 and "conflicting-options" in done.stderr
    (tmp_path / "list.txt").write_text("net.caffemodel --graph g.html\n")
    assert "for the whole run" in converter.run("--manifest", "list.txt", cwd=tmp_path).stderr


def test_names_do_not_leave_the_data_of_the_page(tmp_path):
    net = pages.hostile(tmp_path)
    data = drawn(net)
    text = (tmp_path / "net.html").read_text()
    assert text.count("</script") == 2 and pages.MARKUP not in text and "<img" not in text
    assert {pages.HOSTILE, pages.MARKUP, "\\N 'quoted' {{data}} é"} <= {layer["name"] for layer in data["before"]}
    assert data["before"][-1]["outputs"][0]["name"] == "it's \"here\" \\ &amp;"
