"""What `cmake --install` gives: examples/embed builds with it and infers, and the library exports its interface alone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from support import converter, sdk
from support.executors import run_openvino

EXAMPLE = converter.REPOSITORY / "examples" / "embed"
DIGITS = converter.REPOSITORY / "examples" / "digits" / "digits.caffemodel"
HEADER = converter.REPOSITORY / "include" / "mo" / "converter.hpp"

openvino = pytest.importorskip("openvino")
OPENVINO = Path(openvino.__file__).parent


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    return sdk.install(tmp_path_factory.mktemp("installed"))


def with_cmake(prefix: Path, folder: Path) -> Path:
    """By the commands of docs/cpp.md."""
    page = (converter.REPOSITORY / "docs" / "cpp.md").read_text()
    (commands,) = (block for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "examples/embed" in block)
    commands = commands.replace("PREFIX ", f"{prefix} ").replace("-B embed", f"-B {folder}")
    commands = commands.replace("--build embed", f"--build {folder}")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=converter.REPOSITORY, env=environment, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "embed"


def with_pkg_config(prefix: Path, folder: Path) -> Path:
    environment = os.environ | {"PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
    command = ["pkg-config", "--cflags", "--libs", "model_optimizer"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    runtime = next((OPENVINO / "libs").glob("libopenvino.so*"))
    folder.mkdir(parents=True)
    program = folder / "embed"
    done = subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                           EXAMPLE / "embed.cpp", f"-isystem{OPENVINO / 'include'}", *done.stdout.split(), runtime,
                           f"-Wl,-rpath,{OPENVINO / 'libs'}:{prefix / 'lib'}", "-o", program],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return program


@pytest.mark.parametrize("build", [with_cmake, with_pkg_config])
def test_the_example_converts_and_infers_in_memory(build, prefix, tmp_path):
    if build is with_pkg_config and not shutil.which("pkg-config"):
        pytest.skip("there is no pkg-config")
    program = build(prefix, tmp_path / "build")
    folder = tmp_path / "empty"
    folder.mkdir()
    image = np.random.default_rng(5).integers(0, 256, (1, 1, 8, 8)).astype(np.float32)
    done = subprocess.run([program, DIGITS], input=" ".join(map(str, image.ravel())), cwd=folder, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    done_by_program = converter.convert(DIGITS.with_suffix(".prototxt"), DIGITS, tmp_path, "digits", "--scale", "255")
    expected = run_openvino(done_by_program.xml, {"data": image})["prob"]
    np.testing.assert_allclose(np.array(done.stdout.split(), float), expected.ravel(), rtol=1e-4, atol=1e-6)

    missing = subprocess.run([program, "no.caffemodel"], cwd=folder, capture_output=True, text=True, check=False)
    assert missing.returncode == 3
    assert "no.caffemodel" in missing.stderr
    assert "docs/FAQ.md#file-not-found" in missing.stderr


def test_the_example_is_as_short_as_promised():
    body = re.search(r"int main.*?\{\n(.*?)^\}", (EXAMPLE / "embed.cpp").read_text(), re.DOTALL | re.MULTILINE)[1]
    assert len([line for line in body.splitlines() if line.strip()]) <= 15


def test_the_library_exports_what_its_header_declares(prefix):
    library = prefix / "lib" / "libmodel_optimizer.so"
    table = subprocess.run(["nm", "--dynamic", "--defined-only", "--demangle", library], capture_output=True, text=True,
                           check=True).stdout  # fmt: skip
    names = [line.split(maxsplit=2)[2] for line in table.splitlines()]
    declared = set(re.findall(r"^MO_CONVERTER_API .*?(\w+)\(", HEADER.read_text(), flags=re.MULTILINE))
    assert len(declared) >= 5
    exported = {re.sub(r"\[abi:\w+\]|\(.*", "", name).removeprefix("mo::") for name in names}
    assert declared <= exported
    of_errors = {"Error::Error", "Error::~Error", "typeinfo for mo::Error", "typeinfo name for mo::Error",
                 "vtable for mo::Error"}  # fmt: skip
    assert exported - declared == of_errors


def test_the_library_carries_its_version(prefix):
    version = (converter.REPOSITORY / "CMakeLists.txt").read_text().split("VERSION ")[2].split()[0]
    major, minor, _ = version.split(".")
    link = prefix / "lib" / f"libmodel_optimizer.so.{major}.{minor}"
    assert link.resolve().name == f"libmodel_optimizer.so.{version}"
    assert f'"{version}"' in (prefix / "include" / "mo" / "version.hpp").read_text()
    package = prefix / "lib" / "pkgconfig" / "model_optimizer.pc"
    assert f"Version: {version}" in package.read_text()


def test_a_package_of_another_minor_version_is_refused(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(other LANGUAGES CXX)\nfind_package(ModelOptimizer 99.0 REQUIRED)\n"
    )
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode != 0
    assert "version: 0" in done.stderr or "compatible with requested version" in done.stderr


def test_a_moved_installation_still_works(prefix, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(prefix, moved, symlinks=True)
    assert str(prefix) not in "".join(
        path.read_text() for path in (moved / "lib").rglob("*") if path.suffix in {".cmake", ".pc"}
    )
    program = with_cmake(moved, tmp_path / "build")
    done = subprocess.run([program, DIGITS], input="0 " * 64, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 10


def test_public_headers_are_documented():
    if not shutil.which("doxygen"):
        pytest.skip("there is no doxygen")
    done = subprocess.run(["bash", converter.REPOSITORY / "scripts" / "check_headers.sh"], capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_undocumented_members_are_found(tmp_path):
    """The check above can fail."""
    if not shutil.which("doxygen"):
        pytest.skip("there is no doxygen")
    (tmp_path / "bad.hpp").write_text("/// A file.\n/// @file\nnamespace mo {\nstruct Bad { int what; };\n}\n")
    done = subprocess.run(["bash", converter.REPOSITORY / "scripts" / "check_headers.sh", tmp_path], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode != 0
    assert "Bad" in done.stderr


