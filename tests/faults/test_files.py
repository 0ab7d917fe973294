"""Outputs that cannot be written, inputs that are no plain files, names that are awkward, bounds of memory."""

import os
import subprocess
import threading
import time

import pytest

from cli import nets
from faults import sweep
from support import converter, executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def contents(folder) -> dict:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_without_a_shim_nothing_is_left_over(net):
    net.convert()
    assert set(contents(net.folder / "ir")) == {"net.xml", "net.bin", "net.mapping"}


def test_fsync_brings_everything_to_the_disk_first(net):
    """Each of the three files, and the folder: with the fourth call of fsync failing the names are there already."""
    net.convert("--scale", "2", out="old")
    net.convert(out="new")
    options = ["--input_model", net.model, "--fsync"]
    found = sweep.run(net.folder, net.folder / "old", net.folder / "new", "fsync", options)
    assert found.runs == 4 and found.left_new == 1 and found.statuses == {3: 4}
    without = sweep.run(net.folder, net.folder / "old", net.folder / "new", "fsync", options[:-1])
    assert without.runs == 0, "waiting for the disk is not the default"


def test_an_output_does_not_replace_an_input(net):
    net.model = net.model.rename(net.folder / "net.bin")
    before = net.model.read_bytes()
    said = net.convert("--input_proto", net.prototxt, out=".", status=3).stderr
    assert "output-not-writable" in said and "net.bin" in said
    assert net.model.read_bytes() == before


@pytest.mark.parametrize("ending", ("xml", "bin", "mapping"))
def test_a_folder_in_the_place_of_an_output(net, ending):
    (net.folder / "ir" / f"net.{ending}").mkdir(parents=True)
    said = net.convert(status=3).stderr
    assert f"net.{ending}: a folder has this name" in said
    assert [p.name for p in (net.folder / "ir").iterdir()] == [f"net.{ending}"]


def test_links_are_followed(net):
    """An output that is a link: the file that it leads to is replaced, as `cp` does."""
    (net.folder / "ir").mkdir()
    (net.folder / "elsewhere.bin").write_bytes(b"old")
    (net.folder / "ir" / "net.bin").symlink_to(net.folder / "elsewhere.bin")
    net.convert()
    assert (net.folder / "ir" / "net.bin").is_symlink()
    net.convert(out="other")
    assert (net.folder / "elsewhere.bin").read_bytes() == (net.folder / "other" / "net.bin").read_bytes()


NAMES = ("with space", "Grüße-漢字", "it's \"quoted\"", "two\nlines", "-dash", "a=b", "%s{}", "x" * 240)


@pytest.mark.parametrize("name", NAMES)
def test_awkward_names(net, name):
    folder = net.folder / name
    folder.mkdir()
    model, prototxt = folder / f"{name}.caffemodel", folder / f"{name}.prototxt"
    model.write_bytes(net.model.read_bytes())
    prototxt.write_text(net.text)
    if name == "x" * 240:
        with_name = ["--model_name", name]
    else:
        with_name = []
    done = converter.run("--input_model", model, "--input_proto", prototxt, "--output_dir", folder / "ir", *with_name)
    assert done.returncode == 0, done.stderr
    xml = folder / "ir" / f"{name}.xml"
    assert len(executors.read_ir(xml).inputs) == 1


@pytest.mark.parametrize("through", ("stdin", "fifo"))
def test_prototxt_through_a_pipe(net, through):
    net.convert(out="plain")
    path = "/dev/stdin"
    if through == "fifo":
        path = net.folder / "fifo"
        os.mkfifo(path)
    command = [converter.binary(), "--input_model", net.model, "--input_proto", path, "-o", net.folder / "piped", "-n", "net"]
    if through == "stdin":
        done = subprocess.run(command, input=net.text.encode(), check=False)
    else:
        keeper = os.open(path, os.O_RDWR)  # so that the reader meets a writer
        writer = threading.Thread(target=lambda: (time.sleep(0.1), os.write(keeper, net.text.encode()), os.close(keeper)))
        writer.start()
        done = subprocess.run(command, check=False)
        writer.join()
    assert done.returncode == 0
    assert (net.folder / "piped" / "net.bin").read_bytes() == (net.folder / "plain" / "net.bin").read_bytes()


def test_a_pipe_without_a_writer_and_a_device(net):
    os.mkfifo(net.folder / "fifo")
    for path, code in ((net.folder / "fifo", "empty-file"), ("/dev/zero", "file-not-readable")):
        done = converter.run("--input_model", net.model, "--input_proto", path, timeout=30)
        assert done.returncode in (1, 3) and code in done.stderr


@pytest.mark.parametrize("which", ("model", "prototxt"))
def test_an_input_that_is_truncated_while_it_is_mapped(net, which):
    """The shim does it, right after mmap()."""
    net.convert(out="ir")
    before = contents(net.folder / "ir")
    environment = os.environ | {"LD_PRELOAD": str(sweep.shim()), "MO_FAULT_TRUNCATE": str(getattr(net, which))}
    command = [converter.binary(), "--input_model", net.model, "--output_dir", net.folder / "ir", "--scale", "2"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3, done.stderr
    assert "became shorter while it was read" in done.stderr and str(net.model) in done.stderr
    assert "file-not-readable" in done.stderr
    assert contents(net.folder / "ir") == before


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def hungry(tmp_path):
    """A net of two lines whose layer is a product with two matrices that are made for it, 92 MiB together."""
    text = input_layer("data", (1, 1, 4000, 4000)) + layer(
        "crop", "DataAugmentation", ["data"], params="augmentation_param { crop_height: 3000 crop_width: 3001 }")  # fmt: skip
    (tmp_path / "net.prototxt").write_text(text)
    return ["--input_proto", tmp_path / "net.prototxt", "-o", tmp_path / "ir", "--ir_version", 11]


def test_max_memory(hungry, tmp_path):
    """Refused at the bound, with the remedy; with more the same net is converted."""
    done = converter.run(*hungry, "--max_memory", "80M")
    assert done.returncode == 1 and "--max_memory" in done.stderr and "#too-large" in done.stderr
    assert not (tmp_path / "ir").exists() or not list((tmp_path / "ir").iterdir())
    done = converter.run(*hungry, "--max_memory", "1G")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ir" / "net.bin").stat().st_size > 90 << 20, "what the bound was too small for"


def test_what_would_take_more_than_any_machine_has(tmp_path):
    """Refused by its sizes, before memory is asked for: the bound is not even met."""
    text = input_layer("data", (1, 1, 65000, 65000)) + layer(
        "crop", "DataAugmentation", ["data"], params="augmentation_param { crop_height: 64000 crop_width: 64000 }")  # fmt: skip
    (tmp_path / "net.prototxt").write_text(text)
    done = converter.run("--input_proto", tmp_path / "net.prototxt", "--max_memory", "64M", "-o", tmp_path / "ir")
    assert done.returncode == 1 and "its crop is too large" in done.stderr


@pytest.mark.parametrize("size", ("3x", "", "-1", "1", "99999999999T", "4GG"))
def test_max_memory_that_is_no_size(net, size):
    assert "--max_memory" in net.convert("--max_memory", size, status=2).stderr


def test_enough_memory(net):
    net.convert("--max_memory", "1G", out="bounded")
    net.convert(out="free")
    assert contents(net.folder / "bounded") == contents(net.folder / "free"), "the bound is not of the model"
