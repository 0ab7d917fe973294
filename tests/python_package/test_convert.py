"""caffe_mo.convert_model: the IR of the command line, byte by byte, from Python's types and in memory."""

import gc
import os
import re
import subprocess
import sys
import threading

import numpy as np
import openvino
import pytest

from support import caffemodel, converter
from support.executors import run_openvino

DIGITS = converter.REPOSITORY / "examples" / "digits" / "digits.caffemodel"

TWO_INPUTS = """
name: "two"
layer { name: "image" type: "Input" top: "image" input_param { shape { dim: 1 dim: 3 dim: 6 dim: 6 } } }
layer { name: "extra" type: "Input" top: "extra" input_param { shape { dim: 1 dim: 4 dim: 6 dim: 6 } } }
layer { name: "conv" type: "Convolution" bottom: "image" top: "conv"
        convolution_param { num_output: 4 kernel_size: 3 pad: 1 } }
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "bn" }
layer { name: "sum" type: "Eltwise" bottom: "bn" bottom: "extra" top: "sum" }
"""


@pytest.fixture(scope="module")
def two_inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    generator = np.random.default_rng(3)
    blobs = {
        "conv": [generator.standard_normal((4, 3, 3, 3)), generator.standard_normal(4)],
        "bn": [generator.standard_normal(4), generator.random(4) + 0.5, np.ones(1)],
    }
    (folder / "two.prototxt").write_text(TWO_INPUTS)
    caffemodel.write(folder / "two.caffemodel", TWO_INPUTS, blobs)
    return folder / "two.caffemodel"


def shape_of_runtime(*dimensions):
    return openvino.PartialShape([openvino.Dimension(*d) if isinstance(d, tuple) else d for d in dimensions])


# What Python says, and what a command line says.
CASES = {
    "nothing": ({}, []),
    "means": ({"mean_values": [[104, 117.5, 123], [1, 2, 3, 4]]},
              ["--mean_values", "[104,117.5,123],[1,2,3,4]"]),
    "means of one": ({"mean_values": {"image": (104, 117, 123)}}, ["--mean_values", "image[104,117,123]"]),
    "arrays": ({"mean_values": {"image": np.float32([1, 2, 3])}, "scale_values": {"extra": np.array([2])}},
               ["--mean_values", "image[1,2,3]", "--scale_values", "extra[2]"]),
    "scale": ({"scale": 127.5}, ["--scale", "127.5"]),
    "texts": ({"mean_values": "image[1,2,3]", "scale": "2", "input": "image,extra", "input_shape": "[2,3,6,6],[2,4,6,6]"},
              ["--mean_values", "image[1,2,3]", "--scale", "2", "--input", "image,extra", "--input_shape", "[2,3,6,6],[2,4,6,6]"]),
    "channels": ({"reverse_input_channels": True}, ["--reverse_input_channels"]),
    "shapes": ({"input": ["image", "extra"], "input_shape": [[2, 3, 8, 8], (2, 4, 8, 8)]},
               ["--input", "image,extra", "--input_shape", "[2,3,8,8],[2,4,8,8]"]),
    "partial shapes": ({"input": ["image", "extra"], "input_shape": [shape_of_runtime((1, 4), 3, -1, -1), [None, 4, -1, -1]]},
                       ["--input", "image,extra", "--input_shape", "[1..4,3,?,?],[?,4,?,?]"]),
    "one input": ({"input": ("image", [1, 3, 6, 6]), "output": "bn"}, ["--input", "image[1,3,6,6]", "--output", "bn"]),
    "typed input": ({"input": [("image", [1, 3, 6, 6], np.uint8), ("extra", openvino.Type.f32)]},
                    ["--input", "image[1,3,6,6]{u8},extra{f32}"]),
    "cut": ({"input": "bn", "output": ["bn"]}, ["--input", "bn", "--output", "bn"]),
    "frozen": ({"freeze_placeholder_with_value": {"extra": [0.25, 1] * 72}},
               ["--freeze_placeholder_with_value", f"extra->[{' '.join(['0.25', '1'] * 72)}]"]),
    "batch": ({"batch": 3}, ["--batch", "3"]),
    "layout": ({"layout": {"image": "nchw"}}, ["--layout", "image(nchw)"]),
    "half": ({"compress_to_fp16": True}, ["--compress_to_fp16=True"]),
    "data type": ({"data_type": "FP16"}, ["--data_type", "FP16"]),
    "old": ({"ir_version": 7}, ["--ir_version", "7"]),
    "no fusing": ({"disable_fusing": True, "model_name": "other"}, ["--disable_fusing", "--model_name", "other"]),
    "fine": ({"finegrain_fusing": ["conv"]}, ["--finegrain_fusing", "conv"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_ir_is_that_of_the_command_line(case, caffe_mo, two_inputs, tmp_path):
    options, words = CASES[case]
    ir = caffe_mo.convert_to_ir(two_inputs, **options)
    name = options.get("model_name", "two")
    done = converter.run("--input_model", two_inputs, "--output_dir", tmp_path, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    # The folder of the output is the one thing that the command line has to say and Python has not.
    xml = re.sub(rb'\t\t\t<output_dir value="DIR" />\n', b"", (tmp_path / f"{name}.xml").read_bytes())
    if options.get("ir_version", 11) >= 10:
        assert ir.xml == xml
    else:
        tail = re.compile(rb"<meta_data>.*", re.DOTALL)
        assert tail.sub(b"", ir.xml) == tail.sub(b"", xml)
    assert ir.weights.tobytes() == (tmp_path / f"{name}.bin").read_bytes()
    assert ir.mapping == (tmp_path / f"{name}.mapping").read_bytes()
    caffe_mo.save_model(ir, tmp_path / "saved" / "net.xml")
    assert (tmp_path / "saved" / "net.xml").read_bytes() == ir.xml
    assert (tmp_path / "saved" / "net.bin").read_bytes() == ir.weights.tobytes()


def test_layout_maps_and_input_cut_infos(caffe_mo, two_inputs):
    mapped = caffe_mo.convert_to_ir(two_inputs, layout={"image": caffe_mo.LayoutMap("nchw", "nhwc")})
    assert mapped.xml.count(b"image(nchw-&gt;nhwc)") == 1
    assert mapped.inputs[0].shape == (1, 6, 6, 3)
    cut = caffe_mo.convert_to_ir(two_inputs, input=[caffe_mo.InputCutInfo("image", [1, 3, 4, 4], "u8"),
                                                    caffe_mo.InputCutInfo("extra", [1, 4, 4, 4], None, [0.5] * 64)])  # fmt: skip
    assert [port.name for port in cut.inputs] == ["image"]


def test_the_model_infers_after_all_else_is_gone(caffe_mo, two_inputs, tmp_path):
    inputs = {"image": np.random.default_rng(1).random((1, 3, 6, 6), np.float32),
              "extra": np.random.default_rng(2).random((1, 4, 6, 6), np.float32)}  # fmt: skip
    converter.run("--input_model", two_inputs, "--output_dir", tmp_path)
    expected = run_openvino(tmp_path / "two.xml", inputs)["sum"]
    model = caffe_mo.convert_model(two_inputs)
    assert isinstance(model, openvino.Model)
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    del model
    gc.collect()
    junk = [np.full(1000, i, np.float32) for i in range(1000)]  # takes the place of memory that was given back
    np.testing.assert_allclose(compiled(inputs)["sum"], expected, rtol=1e-5)
    assert len(junk) == 1000


def test_an_ir_is_read_by_the_runtime_as_documented(caffe_mo, two_inputs):
    ir = caffe_mo.convert_to_ir(two_inputs)
    assert not ir.weights.flags.writeable
    model = openvino.Core().read_model(ir.xml, openvino.Tensor(ir.weights))
    assert [port.any_name for port in model.inputs] == [port.name for port in ir.inputs]


def in_a_new_process(installed, code: str, timeout: float = 120) -> str:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=timeout,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_without_the_runtime_an_ir_comes_back(installed):
    code = f"import sys; sys.modules['openvino'] = None; import caffe_mo; print(type(caffe_mo.convert_model({str(DIGITS)!r})))"
    assert in_a_new_process(installed, code) == "<class 'caffe_mo._ir.Ir'>"


def test_numpy_is_all_that_is_imported(installed):
    code = (
        "import sys; before = set(sys.modules); import numpy, logging, tempfile, subprocess; known = set(sys.modules)\n"
        f"import caffe_mo; caffe_mo.convert_to_ir({str(DIGITS)!r})\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - known}\n"
        "print(sorted(name for name in new if name not in sys.stdlib_module_names))"
    )
    assert in_a_new_process(installed, code) == "['caffe_mo']"


def test_old_ir_is_given_as_bytes(caffe_mo):
    ir = caffe_mo.convert_model(DIGITS, ir_version=3)
    assert isinstance(ir, caffe_mo.Ir)
    assert b'version="3"' in ir.xml


def test_progress_is_told_in_phases(caffe_mo):
    told = []
    caffe_mo.convert_to_ir(DIGITS, progress=lambda *state: told.append((*state, threading.get_ident())))
    phases = list(dict.fromkeys(phase for phase, *_ in told))
    assert phases == ["read the model", "build the graph", "optimise", "lay out the IR", "write the weights",
                      "write the layers"]  # fmt: skip
    assert {thread for *_, thread in told} == {threading.get_ident()}
    written = [(done, total) for phase, done, total, _ in told if phase == "write the weights"]
    assert written[-1][0] == written[-1][1] > 0


@pytest.mark.parametrize("phase", ["optimise", "write the weights"])
def test_what_progress_raises_ends_the_conversion(phase, caffe_mo):
    class Enough(Exception):
        pass

    def stop(now, done, total):
        if now == phase:
            raise Enough(f"{done} {total}")

    with pytest.raises(Enough):
        caffe_mo.convert_to_ir(DIGITS, progress=stop)


def test_other_threads_run_meanwhile(installed, tmp_path):
    """The conversion waits for a pipe that another thread of the same Python fills: with the GIL held it would wait for ever."""
    pipe = tmp_path / "pipe.prototxt"
    os.mkfifo(pipe)
    code = f"""
import os, select, threading, time, caffe_mo
results = []
def convert():
    results.append(caffe_mo.convert_to_ir({str(DIGITS)!r}, input_proto={str(pipe)!r}))
descriptor = os.open({str(pipe)!r}, os.O_RDWR)  # a writer before the reader comes
thread = threading.Thread(target=convert)
thread.start()
os.write(descriptor, open({str(DIGITS.with_suffix(".prototxt"))!r}, "rb").read())
while select.select([descriptor], [], [], 0)[0]:  # until it has been read
    time.sleep(0.01)
os.close(descriptor)
thread.join()
print(len(results[0].outputs))
"""
    assert in_a_new_process(installed, code) == "1"


def test_conversions_run_side_by_side(caffe_mo, two_inputs):
    expected = {path: caffe_mo.convert_to_ir(path) for path in (DIGITS, two_inputs)}
    failures = []

    def work(path):
        for _ in range(20):
            ir = caffe_mo.convert_to_ir(path)
            if ir.xml != expected[path].xml or ir.weights.tobytes() != expected[path].weights.tobytes():
                failures.append(path)

    threads = [threading.Thread(target=work, args=(path,)) for path in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
