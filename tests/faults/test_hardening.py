"""What the compiler and the linker do against writes outside of buffers is in the programs; and the list of what they are made of."""

import json
import re
import subprocess
import sys

import pytest

from support import converter

pytestmark = pytest.mark.usefixtures("mo")

BUILD = converter.REPOSITORY / "build" / "release"
MADE = [path for path in (BUILD / "bin" / "mo", BUILD / "bin" / "mo-verify", BUILD / "libmodel_optimizer.so") if path.exists()]


def readelf(*arguments) -> str:
    return subprocess.run(["readelf", "--wide", *arguments], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_programs_are_hardened(path):
    assert re.search(r"Type:\s+DYN", readelf("--file-header", path)), "not position-independent"
    if path.suffix != ".so":
        assert "PIE" in readelf("--dynamic", path)
    segments = readelf("--program-headers", path)
    assert re.search(r"GNU_STACK\s.*\sRW\s", segments), "a stack that can be executed"
    assert "GNU_RELRO" in segments and "NOW" in readelf("--dynamic", path), "tables of functions that can be written to"
    symbols = readelf("--dyn-syms", path)
    assert "__stack_chk_fail" in symbols, "no protection of the stack"
    assert re.search(r"__\w+_chk@", symbols.replace("__stack_chk_fail", "")), "no checked functions of the C library"


def test_every_file_is_compiled_with_it():
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    own = [entry for entry in commands if f"{converter.REPOSITORY}/src/" in entry["file"]]
    assert len(own) > 100
    for entry in own:
        words = entry["command"].split()
        assert "-fstack-protector-strong" in words and {"-fPIC", "-fPIE"} & set(words), entry["file"]
        assert re.search(r"-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=[23]( |$)", entry["command"]), entry["file"]


def test_the_list_of_what_it_is_made_of_is_current():
    """sbom.cdx.json: scripts/packages.sh and the pinned Python packages, with their licences."""
    script = converter.REPOSITORY / "scripts" / "generate_sbom.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    components = json.loads((converter.REPOSITORY / "sbom.cdx.json").read_text())["components"]
    names = {component["name"] for component in components}
    for line in (converter.REPOSITORY / "tests" / "requirements.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            assert re.split("==", line)[0] in names
    assert all(component["licenses"][0]["expression"] for component in components)
