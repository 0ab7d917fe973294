"""Each row of the layer tables, through `mo` and the OpenVINO runtime or ONNX Runtime, against the expected results."""

from zlib import crc32

import numpy as np
import onnx
import pytest

from numeric import layers, references
from support import caffemodel, converter
from support.compare import cosine, unmatched_detections, worst_error
from support.executors import declared_shapes, run_onnxruntime, run_openvino

CASES = [
    pytest.param(family, row, id=f"{family}-{row.name}")
    for family in layers.FAMILIES
    for row in layers.rows(family)
]


def infer(row, folder, name, *options) -> dict:
    net, weights = folder / "net.prototxt", folder / "net.caffemodel"
    if not net.exists():
        net.write_text(row.net)
        caffemodel.write(weights, row.net, row.weights, row.encoding)
    done = converter.convert(net, weights, folder, name, *row.options, *options)
    assert done.status == 0, f"exit status {done.status}\n{done.text}\n{row.net}"
    results, shapes = run_openvino(done.xml, row.inputs), declared_shapes(done.xml)
    for top in set(results) & set(shapes):
        assert (
            shapes[top] == results[top].shape
        ), f"the shape of {top} in {name}.xml is not what the runtime finds"
    return results


def infer_onnx(row, folder, opset, *options) -> dict:
    done = converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net", "--output_format", "onnx",
                             "--onnx_opset", opset, *row.options, *options)  # fmt: skip
    assert done.status == 0, f"exit status {done.status}\n{done.text}\n{row.net}"
    onnx.checker.check_model(str(done.onnx), full_check=True)
    return run_onnxruntime(done.onnx, row.inputs)


def filled(value) -> slice:
    """The rows before those of zeros that close a list."""
    return slice(np.count_nonzero(value.any(1)))


def check(results: dict, wanted: dict, limit: float, what: str, detections=(), padded=()) -> None:
    for top, value in wanted.items():
        assert top in results, f"{what}: no output tensor is named {top!r}, there are {sorted(results)}"
        # ONNX has as many rows of detections as there are.
        assert results[top].shape == value.shape or (
            top in detections and results[top].shape[3] == 7
        ), f"{what}: {top} is {results[top].shape}, Caffe has {value.shape}"
        if top in detections:
            assert unmatched_detections(results[top], value) == 0, f"{what}: {top} has other detections"
            continue
        rows = filled(value) if top in padded else ...
        error = worst_error(results[top][rows], value[rows])
        assert error <= limit, f"{what}: {top} is off by {error:.3g} of its largest value"


@pytest.mark.usefixtures("mo")
@pytest.mark.parametrize("family, row", CASES)
def test_ir_and_onnx_give_the_numbers_of_caffe(family, row, tmp_path):
    wanted = {row.renamed.get(top, top): value for top, value in references.expected(family, row).items()}
    check(infer(row, tmp_path, "v11"), wanted, row.limit, "IR v11", row.detections, row.padded)
    if not row.since_v11:
        check(infer(row, tmp_path, "v10", "--ir_version", "10"), wanted, row.limit, "IR v10", row.detections, row.padded)
    if row.fusing:
        check(infer(row, tmp_path, "unfused", "--disable_fusing"), wanted, row.limit, "without fusing")
    check_half(infer(row, tmp_path, "half", "--data_type", "FP16"), wanted, row)
    # ONNX has as many regions as there are.
    wanted = {top: value[filled(value)] if top in row.padded else value for top, value in wanted.items()}
    # Opset 17 is the default; of the others each row takes one, so that all of them occur.
    check(infer_onnx(row, tmp_path, 17), wanted, row.limit, "ONNX", row.detections)
    other = 11 + crc32(row.name.encode()) % 11
    check(infer_onnx(row, tmp_path, other), wanted, row.limit, f"ONNX opset {other}", row.detections)
    check_half(infer_onnx(row, tmp_path, 17, "--data_type", "FP16"), wanted, row)


def check_half(half: dict, wanted: dict, row) -> None:
    for top, value in wanted.items():
        if top in row.detections:
            assert unmatched_detections(half[top], value, 1e-2) == 0, f"FP16: {top} has other detections"
            continue
        assert half[top].shape == value.shape
        rows = filled(value) if top in row.padded else ...
        agreement = cosine(half[top][rows], value[rows])
        assert agreement >= 0.999, f"FP16: {top} has cosine {agreement:.6f}"


@pytest.mark.usefixtures("mo")
def test_fusing_leaves_no_affine_behind_a_convolution(tmp_path):
    """The passes are told apart by what is left: with them no Multiply, without them one."""
    row = next(r for r in layers.rows("fusing") if r.name == "conv_bn_scale")
    infer(row, tmp_path, "on")
    infer(row, tmp_path, "off", "--disable_fusing")
    assert 'type="Multiply"' not in (tmp_path / "on.xml").read_text()
    assert 'type="Multiply"' in (tmp_path / "off.xml").read_text()


@pytest.mark.usefixtures("mo")
def test_the_same_input_gives_the_same_bytes(tmp_path):
    row = next(r for r in layers.rows("fusing") if r.name == "residual_block")
    infer(row, tmp_path, "net")
    first = (tmp_path / "net.xml").read_bytes(), (tmp_path / "net.bin").read_bytes()
    infer(row, tmp_path, "net")
    assert first == ((tmp_path / "net.xml").read_bytes(), (tmp_path / "net.bin").read_bytes())


def test_rows_are_named_once():
    for family in layers.FAMILIES:
        names = [row.name for row in layers.rows(family)]
        assert len(names) == len(set(names)), family


def test_the_comparison_sees_differences():
    one = np.array([1.0, -4.0, 2.0], np.float32)
    assert worst_error(one, one) == 0
    assert worst_error(one + np.float32(0.4), one) == pytest.approx(0.1)
    assert worst_error(one[:2], one) == float("inf")
    assert worst_error(np.array([1.0, np.nan, 2.0]), one) == float("inf")
    assert worst_error(np.array([np.inf]), np.array([-np.inf])) == float("inf")
    assert cosine(one, -one) == pytest.approx(-1)


def test_detections_are_compared_as_sets():
    one = np.array([[0, 1, 0.9, 0, 0, 1, 1], [0, 1, 0.9, 0, 0.5, 1, 1], [-1, 0, 0, 0, 0, 0, 0]], np.float32)
    assert unmatched_detections(one, one[[1, 0, 2]]) == 0
    assert unmatched_detections(one, one[[0, 0, 2]]) == 2
    assert unmatched_detections(one, one[[0, 2, 1]]) == 1
    moved = one.copy()
    moved[1, 4] += 0.01
    assert unmatched_detections(one, moved) == 2
