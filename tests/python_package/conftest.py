"""The package as pip would install it, from the build under test."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import converter


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """The folder that `import caffe_mo` finds it in."""
    folder = tmp_path_factory.mktemp("site-packages")
    shutil.copytree(converter.REPOSITORY / "python" / "caffe_mo", folder / "caffe_mo")
    build = converter.binary().parents[1]
    done = subprocess.run(["cmake", "--install", build, "--component", "python", "--prefix", folder], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "caffe_mo" / "FAQ.md").is_file(), "the build has no Python module: configure with MO_PYTHON=ON"
    return folder


@pytest.fixture(scope="session")
def caffe_mo(installed):
    sys.path.insert(0, str(installed))
    import caffe_mo

    return caffe_mo
