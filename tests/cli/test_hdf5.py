"""Weights in HDF5 (.caffemodel.h5), as Caffe's snapshots in that format: /data/LAYER/INDEX."""

import os

import h5py
import numpy as np
import pytest

from cli import nets
from support import converter

pytestmark = pytest.mark.usefixtures("mo")


def write(path, blobs: dict, **how) -> None:
    with h5py.File(path, "w") as file:
        file.create_group("diff")  # of solvers; not read
        for layer, arrays in blobs.items():
            for index, array in enumerate(arrays):
                file.create_dataset(f"data/{layer}/{index}", data=array, **how)


@pytest.fixture
def net(tmp_path):
    return nets.padded(tmp_path)


def blobs() -> dict:
    n = nets.Numbers("padded311")
    return {"conv1": [n.normal(6, 3, 3, 3), n.normal(6)], "conv2": [n.normal(4, 6, 3, 3), n.normal(4)]}


def convert(net, path, environment=None):
    return converter.run("--input_model", path, "--input_proto", net.prototxt, "--output_dir", path.parent / "out",
                         "--model_name", "net", cwd=net.folder, env=os.environ | (environment or {}))  # fmt: skip


@pytest.mark.parametrize("how", [{}, {"chunks": True, "compression": "gzip"}], ids=["plain", "compressed"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_weights_give_the_same_ir(net, tmp_path, how, dtype):
    plain = net.convert().xml
    path = tmp_path / "net.caffemodel.h5"
    write(path, {name: [a.astype(dtype) for a in arrays] for name, arrays in blobs().items()}, **how)
    done = convert(net, path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "net.bin").read_bytes() == plain.with_suffix(".bin").read_bytes()


def test_a_layer_without_its_dataset(net, tmp_path):
    path = tmp_path / "net.caffemodel.h5"
    write(path, {"conv1": blobs()["conv1"]})
    done = convert(net, path)
    assert done.returncode == 1 and "missing-weights" in done.stderr and "conv2" in done.stderr


def test_a_file_cut_short(net, tmp_path):
    path = tmp_path / "net.caffemodel.h5"
    write(path, blobs())
    path.write_bytes(path.read_bytes()[:1500])
    done = convert(net, path)
    assert done.returncode == 1 and "damaged-caffemodel" in done.stderr
    assert not (tmp_path / "out").exists()


def test_sizes_beyond_all_bounds_beside_a_zero(net, tmp_path):
    path = tmp_path / "net.caffemodel.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data/conv1/0", shape=(0, 2**31, 2**31), dtype=np.float32)
    done = convert(net, path)
    assert done.returncode == 1 and "too-large" in done.stderr


def test_more_than_its_bytes_can_hold(net, tmp_path):
    """A dataset without data: of a gigabyte of zeros in a file of kilobytes."""
    path = tmp_path / "net.caffemodel.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("data/conv1/0", shape=(2**28,), chunks=(2**10,), dtype=np.float32)
    done = convert(net, path)
    assert done.returncode == 1 and "too-large" in done.stderr


def test_weights_that_are_well_compressed(net, tmp_path):
    """Nothing but zeros, which take a thousandth of their place."""
    path = tmp_path / "net.caffemodel.h5"
    write(path, {"conv1": [np.zeros((2**20,), np.float32)]}, chunks=(2**20,), compression="gzip", compression_opts=9)
    assert path.stat().st_size < 2**22 / 400
    done = convert(net, path)
    assert "blob-size-mismatch" in done.stderr or "bad-shape" in done.stderr, done.stderr  # it has been read


@pytest.mark.parametrize("how, says", [("crash", "the HDF5 library crashes on this file (Segmentation fault)"),
                                       ("end", "takes more memory than there is")])  # fmt: skip
def test_the_library_breaks(net, tmp_path, how, says):
    """libhdf5 crashes on some damaged files; `mo` does not."""
    path = tmp_path / "net.caffemodel.h5"
    write(path, blobs())
    broken = converter.binary().with_name("mo_broken_hdf5.so")
    done = convert(net, path, {"LD_PRELOAD": str(broken), "MO_BROKEN_HDF5": how})
    assert done.returncode == 1 and says in done.stderr
    assert not (tmp_path / "out").exists()


def test_names_go_without_the_whole_ending(net, tmp_path):
    """As Caffe's snapshots are called: solver_iter_1000.caffemodel.h5."""
    path = tmp_path / "net_iter_1.5.caffemodel.h5"
    write(path, blobs())
    net.prototxt.rename(tmp_path / "net_iter_1.5.prototxt")
    done = converter.run("--input_model", path, "--output_dir", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "out").iterdir()} == {f"net_iter_1.5.{end}" for end in ("xml", "bin", "mapping")}
