"""examples/custom_layer: what its README says."""

import subprocess
import sys
from pathlib import Path

import pytest

from support import converter

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


def test_without_either_nothing_is_written(tmp_path):
    done = converter.run("--input_model", EXAMPLE / "ripple.caffemodel", "--output_dir", tmp_path)
    assert done.returncode == 1
    assert "Ripple" in done.stderr
    assert list(tmp_path.iterdir()) == []
