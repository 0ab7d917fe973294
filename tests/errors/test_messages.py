"""What a user reads when something is wrong: the place, the cause, the remedy, the exit code, and no output file."""

import numpy as np
import pytest

from support import caffemodel, converter
from support.prototxt import input_layer, layer

MODEL, COMMAND_LINE, FILES = 1, 2, 3

CONV = 'layer {\n  name: "conv1"\n  type: "Convolution"\n  bottom: "data"\n  top: "conv1"\n  convolution_param {\n'
NET = input_layer("data", (1, 3, 8, 8)) + CONV + "    num_output: 4\n    kernel_size: 3\n  }\n}\n"
WEIGHTS = {"conv1": [np.ones((4, 3, 3, 3), np.float32), np.zeros(4, np.float32)]}


@pytest.fixture
def place(tmp_path):
    """A folder with a good net, and one for the output."""
    (tmp_path / "net.prototxt").write_text(NET)
    caffemodel.write(tmp_path / "net.caffemodel", NET, WEIGHTS)
    (tmp_path / "out").mkdir()
    return tmp_path


def attempt(place, *arguments):
    return converter.run(
        *arguments, "--output_dir", place / "out", "--model_name", "net", cwd=place, timeout=60
    )


def refused(place, done, status, *words):
    """Checks the exit status, that each of `words` is said on stderr (in any case), and that nothing was written."""
    assert done.returncode == status, done.stdout + done.stderr
    said = done.stderr.lower()
    for word in words:
        choices = word if isinstance(word, tuple) else (word,)
        assert any(str(w).lower() in said for w in choices), f"{choices} is not said in:\n{done.stderr}"
    assert sorted(p.name for p in (place / "out").iterdir()) == [], "a refused model leaves no file"
    assert "traceback" not in said and "terminate called" not in said
    assert "success" not in done.stdout.lower()
    return done.stderr


pytestmark = pytest.mark.usefixtures("mo")


def test_the_good_net_converts(place):
    """Otherwise the refusals below would prove nothing."""
    done = attempt(place, "--input_model", "net.caffemodel")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (place / "out").iterdir()} >= {"net.xml", "net.bin"}


# -- files -------------------------------------------------------------------------------------------------------------


def test_wrong_path_of_the_model(place):
    done = attempt(place, "--input_model", "nut.caffemodel")
    refused(
        place,
        done,
        FILES,
        "nut.caffemodel",
        ("no such file", "does not exist", "not found"),
        "file-not-found",
    )


def test_wrong_path_of_the_prototxt(place):
    done = attempt(place, "--input_model", "net.caffemodel", "--input_proto", "other.prototxt")
    refused(place, done, FILES, "other.prototxt", ("no such file", "does not exist", "not found"))


def test_prototxt_missing_beside_the_model(place):
    (place / "net.prototxt").unlink()
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, FILES, "net.prototxt", "--input_proto")


def test_a_folder_in_place_of_a_model(place):
    (place / "folder.caffemodel").mkdir()
    done = attempt(place, "--input_model", "folder.caffemodel", "--input_proto", "net.prototxt")
    refused(place, done, FILES, "folder.caffemodel")


def test_output_folder_that_cannot_be(place):
    (place / "file").write_text("in the way")
    done = converter.run("--input_model", "net.caffemodel", "--output_dir", place / "file" / "out", cwd=place)
    refused(place, done, FILES, "file", "output-not-writable")


# -- what files are not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["net.caffemodel", "net.prototxt"])
def test_empty_file(place, name):
    (place / name).write_bytes(b"")
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, name, "empty", "empty-file")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_caffemodel(place, share):
    whole = (place / "net.caffemodel").read_bytes()
    (place / "net.caffemodel").write_bytes(whole[: int(len(whole) * share)])
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "net.caffemodel", ("truncated", "ends", "cut"), ("download", "copy"))


def test_noise_in_place_of_a_caffemodel(place):
    (place / "net.caffemodel").write_bytes(np.random.RandomState(1).bytes(4000))
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, "net.caffemodel")


@pytest.mark.parametrize("name", ["net.caffemodel", "net.prototxt"])
def test_web_page_in_place_of_a_file(place, name):
    (place / name).write_text(
        "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n"
    )
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, name, "html", "download", "wrong-file-kind")


@pytest.mark.parametrize("name", ["net.caffemodel", "net.prototxt"])
def test_git_lfs_pointer(place, name):
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (place / name).write_text(text)
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, name, "lfs", "git lfs pull")


def test_swapped_arguments(place):
    done = attempt(place, "--input_model", "net.prototxt", "--input_proto", "net.caffemodel")
    refused(place, done, MODEL, ("swap", "exchange", "other way round"), "--input_model", "--input_proto")


# -- the prototxt ------------------------------------------------------------------------------------------------------


def test_misspelt_field_is_named_with_its_place_and_the_nearest_name(place):
    text = NET.replace("kernel_size: 3", "kernal_size: 3")
    (place / "net.prototxt").write_text(text)
    line = text.splitlines().index("    kernal_size: 3") + 1
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, f"net.prototxt:{line}:5", "kernal_size", "kernel_size", "misspelt-field")


def test_syntax_error_has_line_and_caret(place):
    text = NET + 'layer {\n  name: "relu\n}\n'
    (place / "net.prototxt").write_text(text)
    done = attempt(place, "--input_model", "net.caffemodel")
    line = text.splitlines().index('  name: "relu') + 1
    refused(place, done, MODEL, f"net.prototxt:{line}:", '  name: "relu', "^", "prototxt-syntax")


def test_unclosed_brace(place):
    (place / "net.prototxt").write_text(NET.rstrip().rstrip("}"))
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, "net.prototxt:", "}")


def test_nesting_without_end_is_refused(place):
    (place / "net.prototxt").write_text("layer { " * 200_000)
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, "net.prototxt:")


def test_bottom_that_no_layer_makes(place):
    (place / "net.prototxt").write_text(NET + layer("relu1", "ReLU", ["conv2"]))
    refused(
        place,
        attempt(place, "--input_model", "net.caffemodel"),
        MODEL,
        "relu1",
        "conv2",
        "conv1",
        "unknown-bottom",
    )


def test_input_without_shape(place):
    (place / "net.prototxt").write_text('input: "data"\n' + NET.split("\n", 1)[1])
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "data", "shape", "--input_shape", "input-without-shape")


def test_net_without_inputs(place):
    (place / "net.prototxt").write_text('name: "nothing"\n')
    refused(place, attempt(place, "--input_model", "net.caffemodel"), MODEL, "net.prototxt")


# -- weights -----------------------------------------------------------------------------------------------------------


def test_missing_weights_name_every_layer(place):
    more = "".join(
        layer(
            f"conv{i}", "Convolution", ["conv1"], params="convolution_param { num_output: 2 kernel_size: 1 }"
        )
        for i in (2, 3)
    )
    (place / "net.prototxt").write_text(NET + more)
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "conv2", "conv3", "weights", "missing-weights")


def test_weights_of_the_wrong_size(place):
    caffemodel.write(
        place / "net.caffemodel", NET, {"conv1": [np.ones((4, 3, 5, 5), np.float32), np.zeros(4)]}
    )
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "conv1", "[4, 3, 5, 5]", "[4, 3, 3, 3]", "blob-size-mismatch")


def test_unused_weights_are_a_note_alone(place):
    relu = NET + layer("extra", "InnerProduct", ["conv1"], params="inner_product_param { num_output: 2 }")
    caffemodel.write(place / "net.caffemodel", relu, {**WEIGHTS, "extra": [np.ones((2, 144), np.float32)]})
    done = attempt(place, "--input_model", "net.caffemodel", "--log_level", "INFO")
    assert done.returncode == 0, done.stderr
    assert "extra" in done.stdout + done.stderr


# -- layers and shapes -------------------------------------------------------------------------------------------------


def test_every_unsupported_layer_in_one_report(place):
    net = NET + layer("mystery1", "Frobnicate", ["conv1"]) + layer("mystery2", "Unheard", ["mystery1"])
    (place / "net.prototxt").write_text(net)
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "mystery1", "Frobnicate", "mystery2", "Unheard", "unsupported-layer")


def test_kernel_larger_than_its_input(place):
    (place / "net.prototxt").write_text(NET.replace("dim: 8 dim: 8", "dim: 2 dim: 2"))
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "conv1", "kernel", "bad-shape")


def test_sizes_beyond_reason_are_refused_not_allocated(place):
    (place / "net.prototxt").write_text(NET.replace("dim: 8 dim: 8", "dim: 2000000000 dim: 2000000000"))
    done = attempt(place, "--input_model", "net.caffemodel")
    assert done.returncode in (MODEL, 0), done.stderr
    assert "terminate called" not in done.stderr


def test_concat_of_shapes_that_do_not_fit(place):
    (place / "net.prototxt").write_text(NET + layer("both", "Concat", ["data", "conv1"]))
    done = attempt(place, "--input_model", "net.caffemodel")
    refused(place, done, MODEL, "both", "8", "6", "bad-shape")


# -- the command line --------------------------------------------------------------------------------------------------


def test_unknown_option_suggests_the_nearest(place):
    done = attempt(place, "--input_modle", "net.caffemodel")
    refused(place, done, COMMAND_LINE, "--input_modle", "--input_model", "unknown-option")


def test_every_unknown_option_at_once(place):
    done = attempt(place, "--input_model", "net.caffemodel", "--ouput_layers", "x", "--data_tipe", "FP16")
    refused(place, done, COMMAND_LINE, "--ouput_layers", "--data_tipe", "--data_type")


def test_no_model(place):
    refused(place, attempt(place), COMMAND_LINE, "--input_model")


def test_option_without_its_value(place):
    done = converter.run("--output_dir", place / "out", "--input_model", cwd=place)
    refused(place, done, COMMAND_LINE, "--input_model")


@pytest.mark.parametrize(
    "option, value",
    [("--data_type", "FP17"), ("--ir_version", "99"), ("--batch", "many"), ("--batch", "0"), ("--batch", "-1"),
     ("--input_shape", "[1,3,x,8]"), ("--input_shape", "1,3,8,8]"), ("--log_level", "LOUD")],
)  # fmt: skip
def test_bad_value_of_an_option(place, option, value):
    done = attempt(place, "--input_model", "net.caffemodel", option, value)
    refused(place, done, COMMAND_LINE, option, value)


def test_shape_count_unlike_inputs(place):
    done = attempt(place, "--input_model", "net.caffemodel", "--input_shape", "[1,3,8,8],[1,3,8,8]")
    refused(place, done, COMMAND_LINE, "--input_shape", "data", "input-shape-count")


def test_framework_that_is_not_caffe(place):
    done = attempt(place, "--input_model", "net.caffemodel", "--framework", "tf")
    refused(place, done, COMMAND_LINE, "tf", "caffe", "unknown-framework")


# -- all messages ------------------------------------------------------------------------------------------------------


def test_a_failure_leaves_the_former_output_alone(place):
    assert attempt(place, "--input_model", "net.caffemodel").returncode == 0
    before = {p.name: p.read_bytes() for p in (place / "out").iterdir()}
    (place / "net.caffemodel").write_bytes(b"")
    assert attempt(place, "--input_model", "net.caffemodel").returncode == MODEL
    assert before == {p.name: p.read_bytes() for p in (place / "out").iterdir()}


def test_help_and_version_are_no_errors():
    for option in ("--help", "-h", "--version"):
        done = converter.run(option)
        assert done.returncode == 0, option
        assert done.stdout.strip() and not done.stderr.strip()
