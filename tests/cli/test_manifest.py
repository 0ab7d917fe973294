"""Many models in one run: --manifest, --jobs, --resume."""

import json
import os
import subprocess

import pytest

from cli import nets
from support import converter

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def place(tmp_path):
    """Three good nets, in folders of their own, and one whose file is cut short."""
    for name in ("a", "b", "c d"):
        nets.padded(tmp_path / name)
    bad = nets.padded(tmp_path / "bad")
    bad.model.write_bytes(bad.model.read_bytes()[:-100])
    return tmp_path


def run(place, manifest, *options, status=0):
    (place / "list.txt").write_text(manifest)
    done = converter.run("--manifest", "list.txt", *options, cwd=place)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def written(place, folder="out") -> set:
    return {path.name for path in (place / folder).iterdir()} if (place / folder).exists() else set()


def files(name) -> set:
    return {f"{name}.xml", f"{name}.bin", f"{name}.mapping"}


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_each_line_gives_what_it_gives_alone(place, jobs):
    manifest = """# models of today
a/net.caffemodel --model_name a

  'c d/net.caffemodel' --model_name "c d" --data_type FP16   # smaller
--input_model b/net.caffemodel --input_proto b/net.prototxt -n b --disable_fusing
"""
    done = run(place, manifest, "--output_dir", "out", "--jobs", jobs)
    assert "3 of 3 models converted" in done.stdout
    assert written(place) == files("a") | files("b") | files("c d")
    for name, options in (("a", []), ("c d", ["--data_type", "FP16"]), ("b", ["--disable_fusing"])):
        alone = converter.run("--input_model", f"{name}/net.caffemodel", "-n", name, "-o", "alone", *options, cwd=place)
        assert alone.returncode == 0
        assert (place / "out" / f"{name}.bin").read_bytes() == (place / "alone" / f"{name}.bin").read_bytes()
        layers = [(place / folder / f"{name}.xml").read_text().split("<MO_version")[0] for folder in ("out", "alone")]
        assert layers[0] == layers[1]


def test_options_of_the_command_line_are_for_all_and_a_line_has_its_own(place):
    run(place, "a/net.caffemodel -n a\nb/net.caffemodel -n b --data_type FP32\n", "-o", "out", "--data_type", "FP16")
    assert (place / "out" / "b.bin").stat().st_size == 2 * (place / "out" / "a.bin").stat().st_size


def test_one_that_fails_stops_no_other(place):
    manifest = "bad/net.caffemodel -n bad\nmissing.caffemodel\na/net.caffemodel -n a --no_such_option\nb/net.caffemodel -n b\n"
    done = run(place, manifest, "-o", "out", "--report", "report.json", status=1)
    assert written(place) == files("b")
    assert "1 of 4 models converted" in done.stdout
    assert "3 of 4 models failed: line 1 2 3" in done.stderr
    for word in ("line 1: bad/net.caffemodel", "#damaged-caffemodel", "#file-not-found", "#unknown-option"):
        assert word in done.stderr
    models = json.loads((place / "report.json").read_text())["models"]
    assert [(m["line"], m["status"]) for m in models] == [(1, 1), (2, 3), (3, 2), (4, 0)]
    assert models[3]["files"]["xml"].endswith("b.xml")


def test_the_exit_status_is_that_of_the_first_failure(place):
    run(place, "missing.caffemodel\nbad/net.caffemodel\n", status=3)


def test_two_lines_that_write_the_same_files_are_refused(place):
    done = run(place, "a/net.caffemodel\nb/net.caffemodel\n'c d/net.caffemodel' -n c\n", "-o", "out", status=2)
    assert done.stderr.count("#manifest") == 2
    assert written(place) == files("c")


def test_resuming_leaves_out_what_is_there_and_newer(place):
    manifest = "a/net.caffemodel -n a\nb/net.caffemodel -n b\n'c d/net.caffemodel' -n c\n"
    run(place, manifest, "-o", "out")
    (place / "out" / "b.mapping").unlink()
    os.utime(place / "c d" / "net.caffemodel", (4e9, 4e9))
    before = (place / "out" / "a.xml").stat().st_ino
    done = run(place, manifest, "-o", "out", "--resume", "--log_level", "INFO")
    assert "2 of 3 models converted, 1 were there already" in done.stdout
    assert "line 1: its IR is there already" in done.stdout
    assert (place / "out" / "a.xml").stat().st_ino == before
    assert written(place) >= files("b")


@pytest.mark.parametrize(
    "manifest, options, status, word",
    [
        ("'a/net.caffemodel\n", (), 2, "#manifest"),
        ("a/net.caffemodel --silent\n", (), 2, "#manifest"),
        ("# nothing\n\n", (), 2, "#manifest"),
        ("a/net.caffemodel\n", ("--jobs", "0"), 2, "#command-line"),
        ("a/net.caffemodel\n", ("--jobs", "many"), 2, "#command-line"),
        ("a/net.caffemodel\n", ("--input_model", "b/net.caffemodel"), 2, "#conflicting-options"),
    ],
)
def test_what_is_wrong_is_said(place, manifest, options, status, word):
    assert word in run(place, manifest, *options, "-o", "out", status=status).stderr
    assert written(place) == set()


def test_jobs_and_resume_belong_to_a_manifest(place):
    for option in (["--jobs", "2"], ["--resume"]):
        done = converter.run("--input_model", "a/net.caffemodel", "-o", "out", *option, cwd=place)
        assert done.returncode == 2
        assert "#conflicting-options" in done.stderr
    assert converter.run("--manifest", "nowhere.txt", cwd=place).returncode == 3


def test_many_models_take_the_memory_of_a_few(place):
    """Each conversion gives back what it took."""
    def peak(count):
        text = "".join(f"a/net.caffemodel -n n{i}\n" for i in range(count))
        (place / "list.txt").write_text(text)
        code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")  # fmt: skip
        command = ["python3", "-c", code, converter.binary(), "--manifest", "list.txt", "-o", "many", "--jobs", "2", "--silent"]
        return int(subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout)

    few, many = peak(20), peak(400)
    assert many - few < 12 * 1024, f"{few} and {many} KiB for 20 and 400 models"
