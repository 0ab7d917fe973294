"""docs/migration.md says of every flag what the program does with it, and its recipes give the same numbers."""

import re
import shlex

import numpy as np
import pytest

from cli import nets
from support import converter, executors
from support.compare import worst_error

PAGE = (converter.REPOSITORY / "docs" / "migration.md").read_text()
FLAGS = re.findall(r"^\| ((?:`--?\w+` ?)+) \| (?:[+–] \| ){4}(.+) \|$", PAGE, flags=re.MULTILINE)
VALUES = {  # of flags that take one
    "--input_proto": "net.prototxt", "-d": "net.prototxt", "--framework": "caffe", "--model_name": "other", "-n": "other",
    "--output_dir": "out", "-o": "out", "--input_shape": "[1,3,12,10]", "--batch": "2", "-b": "2", "--input": "data",
    "--output": "pool1", "--mean_values": "[1,2,3]", "-ms": "[1,2,3]", "--scale_values": "[1,2,3]", "--scale": "2",
    "-s": "2", "--mean_file": "mean.binaryproto", "-mf": "mean.binaryproto", "--mean_file_offsets": "(0,0)", "-mo": "(0,0)",
    "--data_type": "FP16", "--finegrain_fusing": "conv1", "--extensions": ".", "--k": "CustomLayersMapping.xml",
    "-k": "CustomLayersMapping.xml", "--layout": "nchw", "--source_layout": "nchw", "--target_layout": "nchw",
    "--log_level": "ERROR", "--caffe_parser_path": ".", "--transform": "LowLatency2", "--transformations_config": "x.json",
    "--example_input": "x",
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    nets.mean_file(tmp_path / "mean.binaryproto", nets.pixels(1, 3, 12, 10))
    (tmp_path / "CustomLayersMapping.xml").write_text("<CustomLayers/>")
    return nets.padded(tmp_path)


def test_the_table_has_every_option_of_the_originals():
    listed = set(re.findall(r"--?\w+", " ".join(names for names, _ in FLAGS)))
    table = (converter.REPOSITORY / "docs" / "cli.md").read_text()
    rows = re.findall(r"^\| (.+?) \| .*? \| (?:2018|later) \|", table, flags=re.MULTILINE)
    options = set(re.findall(r"`(--?\w+)`", " ".join(rows)))
    assert len(options) > 40
    assert options - listed == {"--help", "-h"}


@pytest.mark.parametrize(("names", "here"), FLAGS, ids=[names for names, _ in FLAGS])
def test_a_flag_does_what_the_table_says(names, here, net):
    plain = net.convert(out="plain").xml.with_suffix(".bin").read_bytes()
    for name in re.findall(r"--?\w+", names):
        if name in ("--input_model", "-w", "-m"):
            done = converter.run(name, net.model, cwd=net.folder)
            assert done.returncode == 0, done.stderr
            continue
        status = 2 if here.startswith(("refused", "unknown")) else 0
        words = ["--input", "data", "--freeze_placeholder_with_value", "data->" + str([0.5] * 360).replace(",", "")] if "freeze" in name else (
            [name, *([VALUES[name]] if name in VALUES else [])])  # fmt: skip
        if name in ("--mean_file_offsets", "-mo"):
            words += ["--mean_file", "mean.binaryproto"]
        done = converter.run("--input_model", net.model, *words, cwd=net.folder)
        assert done.returncode == status, done.stderr
        if here.startswith("no effect"):
            assert (net.folder / "net.bin").read_bytes() == plain
        if here.startswith("unknown"):
            assert "#unknown-option" in done.stderr


@pytest.mark.parametrize(("version", "option"), re.findall(r"^\| 20[^|]+\| v(\d+)[^|]*\| `(--ir_version \d+)`", PAGE, flags=re.MULTILINE))
def test_the_version_of_a_release(version, option, net):
    assert f'version="{version}"' in net.convert(*option.split()).xml.read_text()[:300]


def test_what_blob_from_image_did_is_in_the_model(net):
    import cv2

    (call,) = re.findall(r"`(blobFromImage\(image, .+, swapRB=True\))` becomes", PAGE)
    (command,) = re.findall(r"^mo (.+--reverse_input_channels)$", PAGE, flags=re.MULTILINE)
    image = np.floor(nets.pixels(12, 10, 3)).astype(np.uint8)
    fed = eval(f"cv2.dnn.{call}", {"cv2": cv2, "image": image})
    wanted = executors.run_opencv(net.text, net.model, {"data": fed}, {"conv2": "conv2"})["conv2"]
    done = converter.run(*shlex.split(command), cwd=net.folder)
    assert done.returncode == 0, done.stderr
    raw = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32)
    assert worst_error(executors.run_openvino(net.folder / "net.xml", {"data": raw})["conv2"], wanted) < 1e-5


def test_what_the_transformer_did_is_in_the_model(net):
    """caffe.io.Transformer on an image that caffe.io.load_image read: from 0 to 1, red, green, blue."""
    image = np.floor(nets.pixels(12, 10, 3))  # as bytes, blue, green, red
    loaded = image[:, :, ::-1] / 255
    fed = (loaded.transpose(2, 0, 1)[[2, 1, 0]] * 255 - np.reshape([104, 117, 123], (3, 1, 1))) * 0.017
    wanted = executors.run_opencv(net.text, net.model, {"data": fed[None].astype(np.float32)}, {"conv2": "conv2"})["conv2"]
    options = [re.search(rf"`({name}[^`]*)`", PAGE)[1].split() for name in (r"--mean_values \[104", r"--scale 58\.")]
    net.convert(*options[0], *options[1])
    raw = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32)
    assert worst_error(executors.run_openvino(net.folder / "ir" / "net.xml", {"data": raw})["conv2"], wanted) < 1e-5
