"""Every command in the documentation is run as it stands there, in the order of its page.

A command is a line of a fenced block that begins with a program of this repository, with a tool that builds or installs, or
with `$ `.  NOT_RUN has those that cannot be run here, each with the reason; an entry that fits no command fails too.
"""

import re
import subprocess
import sys

import pytest

from docs.pages import FAQ, PAGES, REPOSITORY, all_commands, blocks, commands, make_place, name, run

NOT_RUN = {
    "./test": "it is what runs this",
    "scripts/install_prerequisites.sh --development": "tests do not install packages of the distribution; .ci/run does",
    "scripts/build.sh": "tests do not build what they test; .ci/run does",
    "scripts/build_site.sh": "installs MkDocs; .ci/run does",
    "scripts/tidy.sh": "minutes",
    "scripts/check_wheel.sh": "a minute; .ci/run does",
    "scripts/check_readme.sh": "minutes; the nightly workflow does",
    "scripts/check_packages.sh": "minutes; the nightly workflow does",
    "scripts/build_windows.sh": "minutes, and packages of the distribution; the nightly workflow does",
    "scripts/check_windows.sh": "as above",
    "scripts/build_packages.sh": "minutes; scripts/check_packages.sh does; tests/library/test_debian.py has its short form",
    "pip install . openvino": "scripts/check_wheel.sh installs the wheel; tests/python_package has the same from the build",
    "seq 0 4 252 | embed/embed examples/digits/digits.caffemodel": "docs/cpp.md builds it; tests/library runs it",
    "scripts/cppcheck.sh": "minutes; the nightly workflow does",
    "scripts/check_memory.sh": "builds anew for the threads; the nightly workflow does",
    "scripts/fuzz.sh --minutes 1": "builds with clang; the nightly workflow does",
    "scripts/generate_sbom.py": "writes into the sources; tests/faults/test_hardening.py compares what it would",
    ".ci/nightly": "an hour",
    ".ci/run": "it is what runs the tests",
    "bench/run": "hours",
    "bench/run --no-peer": "minutes",
    "bench/run --smoke": "tests/bench/test_smoke.py runs it",
    "build/venv/bin/python scripts/check_faults.py": "minutes; tests/faults runs its short form",
    "build/venv/bin/python scripts/mutate_models.py --models FOLDER --count 1000": "an hour; tests/faults runs its short form",
    "build/venv/bin/python scripts/compare_random_nets.py --count 1000": "half an hour; tests/numeric runs its short form",
    "python3 -m venv build/train": "scikit-learn is for this example alone; tests/examples/test_digits.py has its net",
    "build/train/bin/pip install -r examples/digits/requirements.txt": "as above",
    "build/train/bin/python examples/digits/train.py": "as above",
}
RUN_PYTHON = ("README.md", "docs/integrate.md")  # pages whose programs in Python are whole
RESULT = re.compile(r"\[ SUCCESS \] the|accuracy|mAP|^\d\t|largest difference from")
ALL = {page: all_commands(page.read_text()) for page in PAGES if page != FAQ}  # the FAQ's: test_faq_commands.py

pytestmark = pytest.mark.usefixtures("mo")


def run_page(page, folder) -> tuple:
    """What its commands print, and the lines of results that the page shows."""
    printed, shown, found = "", [], blocks(page.read_text())
    for language, text in found:  # files of a project
        if language == "cmake" and "project(" in text:
            (folder / "CMakeLists.txt").write_text(text)
        elif language == "cpp" and "int main" in text:
            (folder / "application.cpp").write_text(text)
    for language, text in found:
        if language == "python" and name(page) in RUN_PYTHON:
            printed += run(f"{sys.executable} - <<'END'\n{text}\nEND", folder)
        built = [command.removeprefix("scripts/build.sh && ") for command in commands(language, text)]
        script = "\n".join(command for command in built if command not in NOT_RUN)
        if script:
            printed += run(script, folder)
        if not language:
            shown += [line.strip() for line in text.splitlines() if RESULT.search(line)]
    return printed, shown


def test_every_exception_is_a_command_of_a_page():
    everything = {command for found in ALL.values() for command in found}
    assert len(everything) > 40, "the pattern does not fit the pages any more"
    assert set(NOT_RUN) - everything == set()


@pytest.mark.parametrize("page", [page for page, found in ALL.items() if set(found) - set(NOT_RUN)], ids=name)
def test_commands_of_the_page(page, tmp_path):
    make_place(tmp_path)
    printed, shown = run_page(page, tmp_path)
    for line in shown:  # what the page says comes out, does
        assert line in printed, line
    if name(page) == "docs/integrate.md":
        assert "classid probability" in printed
        assert printed.count("Throughput") == 2  # benchmark_app
        rows = re.findall(r"^(\d) (\d\.\d{4})$", run("out/application", tmp_path), flags=re.MULTILINE)
        assert len(rows) == 10
        assert sum(float(probability) for _, probability in rows) == pytest.approx(1, abs=2e-3)


def test_the_samples_are_a_project_of_their_own(tmp_path):
    """As a user would who copied the folder; the compiler has seen them all before."""
    import openvino.utils

    subprocess.run(["cmake", "-S", REPOSITORY / "apps" / "samples", "-B", tmp_path, f"-DOpenVINO_DIR={openvino.utils.get_cmake_path()}"],
                   check=True, capture_output=True)  # fmt: skip
    makes = subprocess.run(["cmake", "--build", tmp_path, "--target", "help"], check=True, capture_output=True, text=True).stdout
    for sample in (REPOSITORY / "apps" / "samples").glob("*.cpp"):
        assert sample.stem in makes
