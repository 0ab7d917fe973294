"""--report: the page and the JSON of a conversion, and that the code in it runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cli import nets
from report import pages
from support import converter, sdk
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


def reported(net, *options, status=0) -> dict:
    net.convert("--report", "r.json", *options, status=status)
    return json.loads((net.folder / "r.json").read_text())


def printed_by(code: str, folder: Path) -> list:
    """What a program in Python prints, line by line, run in another folder than the model's."""
    (folder / "elsewhere").mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder / "elsewhere", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# -- what it says ------------------------------------------------------------------------------------------------------


def test_summary(tmp_path):
    net = pages.normalised(tmp_path)
    report = reported(net, "--scale", "255")
    assert report["inputs"] == [{"name": "data", "shape": [1, 3, 8, 8], "element_type": "f32"}]
    assert report["outputs"] == [{"name": "prob", "shape": [1, 5], "element_type": "f32"}]
    totals = report["totals"]
    assert (totals["caffe_layers"], totals["layers"], totals["fused"], totals["removed"], totals["added"]) == (8, 5, 2, 1, 0)
    assert totals["bytes"] == (tmp_path / "ir" / "net.bin").stat().st_size
    assert totals["caffe_weights"] == 4 * 27 + 9 + 8 + 5 * 144 + 5
    assert totals["multiply_adds"] == 4 * 36 * 27 + 5 * 144
    assert pages.by_name(report["layers"])["conv"]["caffe_layers"] == ["conv", "bn", "scale"]
    assert pages.by_name(report["layers"])["conv"]["absorbed"] == ["data/scale"]
    assert pages.by_name(report["caffe_layers"])["bn"] == {"name": "bn", "type": "BatchNorm", "fate": "fused", "layers": ["conv"]}
    assert report["preprocessing"] == ["the inputs are divided by 255"]
    assert report["written"] == {"format": "ir", "version": 11, "text": "IR v11", "data_type": "FP32"}


def test_timing_of_the_phases(tmp_path):
    timing = reported(pages.normalised(tmp_path))["timing"]
    phases = {phase["name"]: phase for phase in timing["phases"]}
    assert {"read the model", "build the graph", "optimise", "write the weights"} <= set(phases)
    assert phases["write the weights"]["bytes"] == (tmp_path / "ir" / "net.bin").stat().st_size
    assert 0 < sum(phase["seconds"] for phase in phases.values()) <= timing["seconds"]


def test_preprocessing_in_sentences(tmp_path):
    report = reported(pages.normalised(tmp_path), "--mean_values", "data[104,117,123]", "--scale_values", "[2,3,4]",
                      "--reverse_input_channels", "--input", "data{u8}", "--layout", "nchw->nhwc")  # fmt: skip
    text = "\n".join(report["preprocessing"])
    for words in ('the mean 104, 117, 123 is subtracted from "data"', "divided by 2, 3, 4", "channels is reversed", "fed as u8",
                  "in the order NHWC"):  # fmt: skip
        assert words in text
    assert report["inputs"] == [{"name": "data", "shape": [1, 8, 8, 3], "element_type": "u8"}]


def test_weights_that_fp16_cannot_hold(tmp_path):
    weights = np.full((2, 3, 1, 1), 0.5, np.float32)
    weights[0, 0], weights[1, :] = 1e6, 1e-12
    net = nets.Net(tmp_path, input_layer("data", (1, 3, 4, 4)) + nets.convolution("c", "data", 2, 1), {"c": [weights, np.zeros(2)]})
    report = reported(net, "--data_type", "FP16", "--allow_fp16_overflow")
    assert report["fp16_losses"] == [{"layer": "c", "weights": 6, "to_infinity": 1, "to_zero": 3}]
    assert {"fp16-overflow", "fp16-underflow"} <= {message["code"] for message in report["messages"]}
    assert reported(net)["fp16_losses"] == []


def test_the_page_shows_what_the_json_says(tmp_path):
    net = pages.normalised(tmp_path)
    report = reported(net)
    net.convert("--report", "r.html")
    shown = pages.data_of(tmp_path / "r.html")
    report.pop("timing"), shown.pop("timing")
    assert shown == report


def test_a_conversion_that_fails(tmp_path):
    net = pages.normalised(tmp_path)
    net.prototxt.write_text(net.text.replace('"Softmax"', '"Softmin"'))
    net.convert("--report", "r.html", status=1)
    shown = pages.data_of(tmp_path / "r.html")
    assert shown["status"] == 1 and shown["files"] == {} and shown["layers"] == []
    assert shown["messages"][0]["code"] == "unsupported-layer"
    assert shown["code"] == {"python": "", "cpp": ""}


def test_pages_are_of_one_conversion(tmp_path):
    net = pages.normalised(tmp_path)
    (tmp_path / "list.txt").write_text("net.caffemodel\n")
    for words in (["--manifest", "list.txt"], ["--upgrade_ir", "old.xml"], ["--inspect", "--input_proto", net.prototxt]):
        done = converter.run(*words, "--report", "r.html", cwd=tmp_path)
        assert done.returncode == 2 and "conflicting-options" in done.stderr


# -- the code ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--ir_version", "10"), ("--data_type", "FP16"), ("--output_format", "onnx"),
                                     ("--input_shape", "[?,3,8,8]"), ("--input", "data{u8}")])  # fmt: skip
def test_python_code_runs_the_model(tmp_path, options):
    code = reported(pages.normalised(tmp_path), *options)["code"]["python"]
    assert printed_by(code, tmp_path) == ["prob (1, 5) float32"]


def test_python_code_with_several_inputs_and_names_that_need_escapes(tmp_path):
    text = (input_layer("a \\\"b\\\" \\\\", (1, 2, 3, 3)) + input_layer("b", (2,)) + layer("sum é", "ReLU", ['a \\"b\\" \\\\'])
            + layer("other", "TanH", ["b"]))  # fmt: skip
    code = reported(nets.Net(tmp_path, text, {}))["code"]["python"]
    assert printed_by(code, tmp_path) == ["sum é (1, 2, 3, 3) float32", "other (2,) float32"]


def test_python_code_of_hostile_names(tmp_path):
    code = reported(pages.hostile(tmp_path))["code"]["python"]
    assert printed_by(code, tmp_path) == ["it's \"here\" \\ &amp; (1, 2, 4, 4) float32"]


@pytest.mark.parametrize("version", [2, 4, 5, 7])
def test_python_code_for_old_engines(tmp_path, version):
    """Which are not at hand: it is Python, and calls what the engines of the time had."""
    code = reported(pages.normalised(tmp_path), "--ir_version", version)["code"]
    compile(code["python"], "code", "exec")
    assert ("IEPlugin" in code["python"]) == (version <= 4)
    assert f'weights="{tmp_path}/ir/net.bin"' in code["python"] and code["cpp"] == ""


CMAKE = """cmake_minimum_required(VERSION 3.20)
project(infer CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(OpenVINO REQUIRED COMPONENTS Runtime)
foreach(name IN ITEMS v11 v10)
  add_executable(${name} ${name}.cpp)
  target_link_libraries(${name} PRIVATE openvino::runtime)
endforeach()
"""


def test_cpp_code_runs_the_model(tmp_path):
    package = Path(next(iter(__import__("openvino").__path__)), "cmake")
    if not package.is_dir() or shutil.which("cmake") is None:
        pytest.skip("no C++ SDK of the OpenVINO runtime")
    source = tmp_path / "source"
    source.mkdir()
    (source / "CMakeLists.txt").write_text(CMAKE)
    (source / "v11.cpp").write_text(reported(pages.hostile(tmp_path / "hostile"))["code"]["cpp"])
    (source / "v10.cpp").write_text(reported(pages.normalised(tmp_path / "net"), "--ir_version", "10", "--input", "data{u8}")["code"]["cpp"])
    built = sdk.build(source, tmp_path / "built", f"-DOpenVINO_DIR={package}", "-DCMAKE_BUILD_TYPE=Debug")
    environment = {**os.environ, "LD_LIBRARY_PATH": str(package.parent / "libs")}
    for name, said in (("v11", "it's \"here\" \\ &amp; [1,2,4,4]"), ("v10", "prob [1,5]")):
        done = subprocess.run([built / name], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == said + "\n"
