"""The Debian package of the build under test, unpacked; scripts/check_packages.sh installs it in a bare system."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support import converter

DIGITS = converter.REPOSITORY / "examples" / "digits" / "digits.caffemodel"


def run(*command) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    if not shutil.which("dpkg-shlibdeps"):
        pytest.skip("there is no dpkg-shlibdeps")
    folder = tmp_path_factory.mktemp("package")
    # Uncompressed: it is unpacked at once.
    run("cpack", "--config", converter.binary().parents[1] / "CPackConfig.cmake", "-B", folder, "-D",
        "CPACK_DEBIAN_COMPRESSION_TYPE=none")  # fmt: skip
    (package,) = folder.glob("*.deb")
    return package


def test_it_says_what_it_needs(package):
    depends = run("dpkg-deb", "--field", package, "Depends")
    assert "libc6 (>=" in depends
    assert "libstdc++6" in depends
    assert "libpugixml" in depends
    version = converter.run("--version").stdout.splitlines()[0].split()[-1]
    assert run("dpkg-deb", "--field", package, "Version").strip() == version


def test_its_program_converts(package, tmp_path):
    run("dpkg-deb", "--extract", package, tmp_path)
    for name in ("share/man/man1/mo.1", "share/bash-completion/completions/mo", "share/zsh/vendor-completions/_mo",
                 "share/doc/caffe-model-optimizer/FAQ.md", "lib/libmodel_optimizer.so", "include/mo/converter.hpp",
                 "include/mo/version.hpp", "lib/pkgconfig/model_optimizer.pc",
                 "lib/cmake/ModelOptimizer/ModelOptimizerConfig.cmake"):  # fmt: skip
        assert (tmp_path / "usr" / name).is_file(), name
    run(tmp_path / "usr" / "bin" / "mo", "--input_model", DIGITS, "--output_dir", tmp_path / "by_package")
    run(converter.binary(), "--input_model", DIGITS, "--output_dir", tmp_path / "by_build")
    for kind in ("xml", "bin", "mapping"):
        assert (tmp_path / "by_package" / f"digits.{kind}").read_bytes() == (tmp_path / "by_build" / f"digits.{kind}").read_bytes()
