"""Makes each GoogleTest case of `*_test.cpp` a pytest case, so that one run, one `-k` and one summary hold all tests."""

import json
import os
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

RELEASE = Path(__file__).resolve().parents[2] / "build" / "release" / "bin"
PROGRAM = Path(os.environ.get("MO_BINARY", RELEASE / "mo")).with_name("mo_unit_tests")
SECONDS = 120


@lru_cache(maxsize=1)
def cases_by_file() -> dict:
    """Names `Suite.Case` by the source file that has them."""
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "tests.json"
        command = [PROGRAM, "--gtest_list_tests", f"--gtest_output=json:{listing}"]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        suites = json.loads(listing.read_text())["testsuites"]
    cases = {}
    for suite in suites:
        for case in suite["testsuite"]:
            # ccache's base_dir makes the compiler see paths that start in the build folder.
            path = (PROGRAM.parents[1] / case["file"]).resolve()
            cases.setdefault(path, []).append(f"{suite['name']}.{case['name']}")
    return cases


def pytest_collect_file(file_path, parent):
    if file_path.name.endswith("_test.cpp") and file_path.parent.name != "windows":  # those: scripts/check_windows.sh
        return UnitTestFile.from_parent(parent, path=file_path)
    return None


class UnitTestFile(pytest.File):
    def collect(self):
        names = cases_by_file().get(self.path.resolve(), [])
        if not names:
            raise self.CollectError(f"{PROGRAM} has no test of {self.path}: build it again")
        for name in names:
            yield UnitTest.from_parent(self, name=name)


class UnitTestFailure(Exception):
    pass


class UnitTest(pytest.Item):
    def runtest(self):
        if "DISABLED_" in self.name:
            # GoogleTest would run nothing and be content.
            raise UnitTestFailure("disabled in its source: mend it, or delete it")
        command = [PROGRAM, f"--gtest_filter={self.name}", "--gtest_brief=1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode != 0:
            raise UnitTestFailure(f"exit status {done.returncode}\n{done.stdout}{done.stderr}")

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, UnitTestFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, self.name
