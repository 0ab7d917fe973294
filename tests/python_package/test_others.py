"""Errors, inspection, upgrades, verification and the documentation of the Python package."""

import inspect
import logging
import pickle
import re
import subprocess
import sys
from pathlib import Path

import openvino
import pytest

from support import converter

DIGITS = converter.REPOSITORY / "examples" / "digits" / "digits.caffemodel"
PAGE = converter.REPOSITORY / "docs" / "python.md"


def test_an_error_has_all_messages_with_their_places(caffe_mo, tmp_path):
    net = tmp_path / "bad.prototxt"
    net.write_text('input: "x" input_shape { dim: 1 }\n'
                   'layer { name: "a" type: "Nonsense" bottom: "x" top: "a" }\n'
                   'layer { name: "b" type: "MoreNonsense" bottom: "a" top: "b" }\n')  # fmt: skip
    with pytest.raises(caffe_mo.ModelError) as caught:
        caffe_mo.convert_model(DIGITS, input_proto=net)
    error = caught.value
    assert error.code == "unsupported-layer"
    assert error.exit_status == 1
    assert len(error.errors) == 2
    assert {(message.file, message.line) for message in error.errors} == {(str(net), 2), (str(net), 3)}
    assert all(message.cause in str(error) for message in error.errors)
    path, _, anchor = error.faq.removeprefix("file://").partition("#")
    assert f"## {anchor}\n" in Path(path).read_text()
    again = pickle.loads(pickle.dumps(error))
    assert again.messages == error.messages


def test_an_error_names_its_layer(caffe_mo, tmp_path):
    net = tmp_path / "bad.prototxt"
    net.write_text(DIGITS.with_suffix(".prototxt").read_text().replace("num_output: 32", "num_output: 33"))
    with pytest.raises(caffe_mo.ModelError) as caught:
        caffe_mo.convert_model(DIGITS, input_proto=net)
    assert caught.value.layer == "conv2"
    assert caught.value.errors[0].layer_type == "Convolution"


@pytest.mark.parametrize(("options", "kind", "base"), [
    ({"mean_values": "nonsense"}, "OptionError", ValueError),
    ({"scale": 0}, "OptionError", ValueError),
    ({"ir_version": 9}, "OptionError", ValueError),
    ({"framework": "onnx"}, "OptionError", ValueError),
    ({"transform": "LowLatency"}, "OptionError", ValueError),
    ({"input_proto": "no.prototxt"}, "FileError", OSError),
])  # fmt: skip
def test_errors_have_types(options, kind, base, caffe_mo):
    with pytest.raises(getattr(caffe_mo, kind)) as caught:
        caffe_mo.convert_model(DIGITS, **options)
    assert isinstance(caught.value, base)
    assert isinstance(caught.value, caffe_mo.ConversionError)


def test_misspelt_options_are_python_errors(caffe_mo):
    with pytest.raises(TypeError, match="mean_value"):
        caffe_mo.convert_model(DIGITS, mean_value=[1])
    with pytest.raises(TypeError, match="mean_value"):
        caffe_mo.convert_to_ir(DIGITS, mean_value=[1])


def test_warnings_go_to_the_logger_and_stay_with_the_ir(caffe_mo, caplog):
    ir = caffe_mo.convert_to_ir(DIGITS, scale=0.5)
    assert [message.code for message in ir.messages if message.level == "warning"] == ["small-scale"]
    assert [record.levelno for record in caplog.records if record.name == "caffe_mo"] == [logging.WARNING]
    caplog.clear()
    caffe_mo.convert_to_ir(DIGITS, scale=0.5, silent=True)
    assert not caplog.records


def test_a_model_that_cannot_be_saved_leaves_nothing(caffe_mo, tmp_path):
    ir = caffe_mo.convert_to_ir(DIGITS)
    with pytest.raises(caffe_mo.FileError):
        caffe_mo.save_model(ir, tmp_path / "net.onnx")
    (tmp_path / "file").write_text("")
    with pytest.raises(caffe_mo.FileError):
        caffe_mo.save_model(ir, tmp_path / "file" / "net.xml")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(ValueError, match="compress_to_fp16"):
        caffe_mo.save_model(ir, tmp_path / "net.xml", compress_to_fp16=True)


def test_models_of_the_runtime_are_saved_by_it(caffe_mo, tmp_path):
    model = caffe_mo.convert_model(DIGITS)
    for half in (False, True):
        caffe_mo.save_model(model, tmp_path / f"{half}.xml", compress_to_fp16=half)
    assert (tmp_path / "True.bin").stat().st_size < 0.6 * (tmp_path / "False.bin").stat().st_size
    assert openvino.Core().read_model(tmp_path / "False.xml").outputs[0].any_name == "prob"


def test_inspection_says_what_the_command_line_says(caffe_mo):
    info = caffe_mo.inspect(DIGITS, batch=2)
    text = converter.run("--inspect", "--input_model", DIGITS, "--batch", "2").stdout
    assert info.name == "digits"
    assert info.trained
    assert f"{info.multiply_adds / 1000:.2f} k multiply-adds, {info.weights / 1000:.2f} k weights" in text
    for layer in info.layers:
        assert re.search(rf"^{layer.name} +{layer.type} ", text, flags=re.MULTILINE)
    assert info["conv1"].tops[0].shape == (2, 16, 8, 8)
    assert info["conv1"].parameters["num_output"] == "16"
    with pytest.raises(KeyError):
        info["no layer"]


def test_inspection_lists_problems_beside_the_layers(caffe_mo, tmp_path):
    net = tmp_path / "bad.prototxt"
    net.write_text('input: "x" input_shape { dim: 1 }\nlayer { name: "a" type: "Nonsense" bottom: "x" top: "a" }\n')
    info = caffe_mo.inspect(input_proto=net)
    assert info["a"].tops[0].shape is None
    assert info.messages[0].code == "unsupported-layer"
    with pytest.raises(caffe_mo.FileError):
        caffe_mo.inspect(input_proto="no.prototxt")


def test_old_irs_become_models(caffe_mo, tmp_path):
    old = caffe_mo.convert_to_ir(DIGITS, ir_version=4)
    old.save(tmp_path / "old.xml")
    assert caffe_mo.upgrade_ir(tmp_path / "old.xml").outputs[0].any_name == "prob"
    converter.run("--upgrade_ir", tmp_path / "old.xml", "--output_dir", tmp_path, "--model_name", "by_program")
    ir = caffe_mo.upgrade_to_ir(tmp_path / "old.xml")
    assert ir.weights.tobytes() == (tmp_path / "by_program.bin").read_bytes()
    assert caffe_mo.upgrade_to_ir(tmp_path / "old.xml", compress_to_fp16=True).weights.size < 0.6 * ir.weights.size
    with pytest.raises(caffe_mo.ConversionError):
        caffe_mo.upgrade_ir(DIGITS)


@pytest.fixture
def verifier(monkeypatch):
    program = converter.binary().with_name("mo-verify")
    monkeypatch.setenv("MO_VERIFY", str(program))
    return program


@pytest.mark.usefixtures("verifier")
def test_verification_compares_models_and_irs(caffe_mo):
    for model in (caffe_mo.convert_to_ir(DIGITS, scale=255), caffe_mo.convert_model(DIGITS, scale=255)):
        result = caffe_mo.verify(model, DIGITS)
        assert result, result.text
        assert result.outputs[0].layer == "prob"
        assert result.outputs[0].relative < 1e-4
        assert {layer.layer for layer in result.layers} >= {"score", "prob"}


@pytest.mark.usefixtures("verifier")
def test_verification_finds_differences(caffe_mo):
    ir = caffe_mo.convert_to_ir(DIGITS)
    weights = ir.weights.copy()
    weights.view("<f4")[:100] *= 1.5
    damaged = caffe_mo.Ir(ir.xml, weights, ir.mapping, ir.inputs, ir.outputs, ())
    result = caffe_mo.verify(damaged, DIGITS)
    assert not result
    assert result.first_diverging
    assert any(not layer.agrees for layer in result.layers)
    with pytest.raises(caffe_mo.FileError):
        caffe_mo.verify("no.xml", DIGITS)


def test_verification_without_its_program_says_where_it_is(caffe_mo, monkeypatch):
    monkeypatch.delenv("MO_VERIFY", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(caffe_mo.FileError, match="mo-verify") as caught:
        caffe_mo.verify("x.xml", DIGITS)
    assert caught.value.code == "apps-not-built"


def test_every_parameter_is_an_option_of_the_command_line(caffe_mo):
    with_effect, _, without = converter.run("--help-all").stdout.partition("without effect")
    known, ineffective = (set(re.findall(r"^  --([\w-]+)", part, flags=re.MULTILINE)) for part in (with_effect, without))
    parameters = set(inspect.signature(caffe_mo.convert_model).parameters)
    assert inspect.signature(caffe_mo.convert_to_ir).parameters == inspect.signature(caffe_mo.convert_model).parameters
    assert parameters - known - ineffective == {"threads"}
    # Those that concern the terminal, files and other ways of working.
    assert known - parameters == {
        "help", "help-all", "version", "log_level", "output_dir", "output_format", "onnx_opset", "onnx_external_data", "config",
        "manifest", "jobs", "resume", "inspect", "list_layers", "print_shapes", "graph", "report", "max_memory", "fsync", "upgrade_ir",
        "check_ir", "verify", "generate_deprecated_IR_V2", "generate_deprecated_IR_V7", "generate_experimental_IR_V10",
    }  # fmt: skip


def test_the_examples_of_the_page_do_what_their_comments_say(caffe_mo, tmp_path, monkeypatch, capsys):
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4
    (tmp_path / "examples").symlink_to(converter.REPOSITORY / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "caffe_mo", caffe_mo)
    code = "\n".join(blocks)
    exec(compile(code, str(PAGE), "exec"), {})
    said = re.findall(r"print\(.*  # (.*)$", code, flags=re.MULTILINE)
    assert len(said) >= 3
    assert capsys.readouterr().out.splitlines() == said
    assert (tmp_path / "digits.mapping").is_file()


def test_the_module_runs_the_program(installed, tmp_path):
    """`python -m caffe_mo` in an environment whose folder of scripts has `mo`."""
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (environment / "bin" / "mo").symlink_to(converter.binary())
    path = f"import sys, runpy; sys.path[:0] = {[str(installed), *filter(None, sys.path)]!r}; sys.argv = ['mo', '--version']"
    done = subprocess.run([environment / "bin" / "python", "-c", f"{path}; runpy.run_module('caffe_mo', run_name='__main__')"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout == converter.run("--version").stdout, done.stderr
