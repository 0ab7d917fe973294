"""scripts/check_verify.py sees a number of mo verify that is not NumPy's, the runtime's or the reference's."""

import json

import check_verify
import numpy as np
import pytest

from support import apps, converter

DIGITS = converter.REPOSITORY / "examples" / "digits"


@pytest.fixture
def run(tmp_path, mo):
    """(report, folder of the arrays, IR) of mo verify on the digits."""
    done = converter.run("--input_model", DIGITS / "digits.caffemodel", "--scale", 255, "--output_dir", tmp_path)
    assert done.returncode == 0, done.stderr
    done = apps.run("mo-verify", "--input_model", DIGITS / "digits.caffemodel", "--ir", tmp_path / "digits.xml", "--report",
                    tmp_path / "report.json", "--keep", tmp_path / "kept")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "report.json").read_text()), tmp_path / "kept", tmp_path / "digits.xml"


def change(path, name, amount):
    values = check_verify.arrays(path)
    values[name].flat[0] += amount
    np.savez(path, **values)


def test_right_numbers_are_right(run):
    assert check_verify.wrong_number(*run) == ""


def test_an_error_that_is_not_numpys_is_seen(run):
    report, kept, xml = run
    report["layers"][2]["relative"] *= 1.01
    assert report["layers"][2]["layer"] in check_verify.wrong_number(report, kept, xml)


def test_an_output_that_is_not_the_runtimes_is_seen(run):
    report, kept, xml = run
    for file in ("ir.npz", "caffe.npz"):  # both: the error stays what it was
        change(kept / file, "prob", 0.5)
    for layer in report["layers"]:
        if layer["layer"] == "prob":
            ours, theirs = (check_verify.arrays(kept / file)["prob"] for file in ("ir.npz", "caffe.npz"))
            layer["relative"] = check_verify.compare.worst_error(ours, theirs)
    assert "Python package" in check_verify.wrong_number(report, kept, xml)


def test_an_executor_that_is_not_the_reference_is_seen(run, tmp_path):
    report, kept, _ = run
    prob = check_verify.arrays(kept / "caffe.npz")["prob"]
    info = {"shapes": {"prob": list(prob.shape)}}
    np.savez(tmp_path / "reference.npz", prob=prob)
    assert check_verify.reference_error(report, kept, info, tmp_path / "reference.npz") == 0
    np.savez(tmp_path / "reference.npz", prob=prob + np.float32(0.01))
    assert check_verify.reference_error(report, kept, info, tmp_path / "reference.npz") > check_verify.LIMIT
