"""Inputs that fuzzing found once (fuzz/regressions/TARGET) break nothing any more."""

import subprocess

import pytest

from support import converter

pytestmark = pytest.mark.usefixtures("mo")

FOUND = converter.REPOSITORY / "fuzz" / "regressions"


def test_what_was_found_once():
    files = sorted(str(file) for file in FOUND.glob("*/*"))
    done = subprocess.run([converter.binary().with_name("fuzz_replay"), FOUND], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(done.stdout.split("\n")[:-1]) == files, "each belongs to a target"


def test_a_description_that_is_no_text(tmp_path):
    """The parser of TOML would read beyond its buffer."""
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "a.toml").write_bytes(b"type = 'ab\xff'\n")
    (tmp_path / "s.toml").write_bytes(b"model_name = 'ab\xff'\n")
    (tmp_path / "deep.toml").write_text("scale = " + "[" * 100_000)
    for options, said in ((["--extensions", tmp_path / "layers"], "a.toml:1:1: it is not UTF-8"),
                          (["--config", tmp_path / "s.toml"], "s.toml is not a text file"),
                          (["--config", tmp_path / "deep.toml"], "nested deeper than 32 levels")):  # fmt: skip
        done = converter.run("--input_proto", tmp_path / "no.prototxt", *options)
        assert done.returncode in (1, 2, 3) and said in done.stderr, done.stderr
