"""examples/custom_layer: what its README says."""

import subprocess
import sys
from pathlib import Path

import pytest

from custom import nets
from support import converter, sdk

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "custom_layer"

pytestmark = pytest.mark.usefixtures("mo")


def test_the_runtime_computes_the_described_layer(tmp_path):
    done = converter.run("--input_model", EXAMPLE / "ripple.caffemodel", "--extensions", EXAMPLE / "layers",
                         "--output_dir", tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    ran = subprocess.run([sys.executable, EXAMPLE / "infer.py", tmp_path / "ripple.xml"], capture_output=True, text=True,
                         timeout=120, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "largest difference" in ran.stdout


def test_the_mapping_file(tmp_path):
    done = converter.run("--input_model", EXAMPLE / "ripple.caffemodel", "-k", EXAMPLE / "CustomLayersMapping.xml",
                         "--caffe_proto", EXAMPLE / "ripple_caffe.proto", "--output_dir", tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert 'frequency="2.5" amplitude="0.5" start="0.25"' in (tmp_path / "ripple.xml").read_text()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Built as the README says, against the installed SDK."""
    folder = tmp_path_factory.mktemp("library")
    return sdk.build(EXAMPLE / "extension", folder / "ext", f"-DCMAKE_PREFIX_PATH={sdk.install(folder / 'sdk')}")


@pytest.mark.parametrize("version", [3, 7, 10, 11])
def test_the_extension_library(library, tmp_path, version):
    """The IR is that of the description."""
    model = ["--input_model", EXAMPLE / "ripple.caffemodel", "--ir_version", version]
    for extensions, name in ((library, "library"), (EXAMPLE / "layers", "description")):
        done = converter.run(*model, "--extensions", extensions, "--output_dir", tmp_path, "--model_name", name)
        assert done.returncode == 0, done.stderr
    assert nets.structure(tmp_path / "library.xml") == nets.structure(tmp_path / "description.xml")
    assert (tmp_path / "library.bin").read_bytes() == (tmp_path / "description.bin").read_bytes()


@pytest.fixture(scope="module")
def runtime_extension(tmp_path_factory):
    from openvino.utils import get_cmake_path

    return sdk.build(EXAMPLE / "runtime", tmp_path_factory.mktemp("runtime"), f"-DOpenVINO_DIR={get_cmake_path()}")


@pytest.mark.parametrize("version", [10, 11])
def test_the_runtimes_extension_in_cpp(runtime_extension, tmp_path, version):
    done = converter.run("--input_model", EXAMPLE / "ripple.caffemodel", "--extensions", EXAMPLE / "layers",
                         "--output_dir", tmp_path, "--ir_version", version)  # fmt: skip
    assert done.returncode == 0, done.stderr
    command = [sys.executable, EXAMPLE / "infer.py", tmp_path / "ripple.xml", runtime_extension / "ripple_runtime.so"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "largest difference" in ran.stdout


def test_without_either_nothing_is_written(tmp_path):
    done = converter.run("--input_model", EXAMPLE / "ripple.caffemodel", "--output_dir", tmp_path)
    assert done.returncode == 1
    assert "Ripple" in done.stderr
    assert list(tmp_path.iterdir()) == []
