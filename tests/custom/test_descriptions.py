"""Layers of description files: they compute what they say, and what is wrong with them is said with its place."""

import numpy as np
import pytest

from custom import nets
from support import executors
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

SWISH = """
type = ["Swish4", "swish_four"]
[parameters]
beta = { path = "swish4_param.beta", type = "float", default = 4 }
[[steps]]
name = "scaled"
layer = "Power"
bottoms = "bottom0"
parameters = { "power_param.scale" = "beta" }
[[steps]]
name = "gate"
layer = "Sigmoid"
bottoms = ["scaled"]
[[steps]]
name = "product"
layer = "Eltwise"
bottoms = ["bottom0", "gate"]
parameters = { "eltwise_param.operation" = "'PROD'" }
"""

PSROI_ALIGN = """
type = "PSROIAlign"
bottoms = 2
outputs = ["[dim(1, 0), output_dim, group, group]"]
[parameters]
output_dim = { path = "psroi_align_param.output_dim", type = "int" }
group = { path = "psroi_align_param.group_size", type = "int" }
scale = { path = "psroi_align_param.spatial_scale", type = "float", default = 0.0625 }
[layer]
type = "PSROIAlign"
attributes = { output_dim = "output_dim", group_size = "group", spatial_scale = "scale", mode = "'average'" }
"""

REGION = """
type = "Region"
disable = ["Region"]
outputs = ["if(softmax, [dim(0, 0), count(0, 1)], same(0))"]
[parameters]
anchors = { path = "region_param.anchors", type = "floats" }
classes = { path = "region_param.classes", type = "int", default = 20 }
coords = { path = "region_param.coords", type = "int", default = 4 }
num = { path = "region_param.num", type = "int", default = 1 }
softmax = { path = "region_param.softmax", type = "bool", default = true }
[layer]
type = "RegionYolo"
version = "opset1"
[layer.attributes]
anchors = "anchors"
axis = 1
classes = "classes"
coords = "coords"
do_softmax = "softmax"
end_axis = "rank(0) - 1"
mask = []
num = "num"
"""

REGION_NET = input_layer("data", (1, 125, 13, 13)) + layer(
    "region", "Region", ["data"],
    params="region_param { anchors: 1.08 anchors: 1.19 classes: 20 coords: 4 num: 5 softmax: true }",
)  # fmt: skip


def describe(folder, text, net, *options, weights=None):
    nets.write(folder, "layers/layer.toml", text)
    return nets.convert(folder, net, "--extensions", folder / "layers", *options, weights=weights)


@pytest.mark.parametrize("version", [10, 11])
@pytest.mark.parametrize("beta", [None, 2.5])
def test_steps_compute_the_layer(tmp_path, version, beta):
    params = f"swish4_param {{ beta: {beta} }}" if beta else ""
    done = describe(tmp_path, SWISH, nets.fancy_net(params, "Swish4"), "--ir_version", version)
    assert done.status == 0, done.stderr
    x = nets.random(1, 3, 4, 4)
    (y,) = {id(v): v for v in executors.run_openvino(done.xml, {"data": x}).values()}.values()
    np.testing.assert_allclose(y, x / (1 + np.exp(-(beta or 4) * x)), rtol=2e-5, atol=1e-6)


def test_steps_have_names_in_the_layer(tmp_path):
    done = describe(tmp_path, SWISH, nets.fancy_net("", "SWISH_FOUR"), "--ir_version", 3)
    assert done.status == 0, done.stderr
    assert nets.layer_of(done.xml, "fancy").get("type") == "Eltwise"
    assert nets.layer_of(done.xml, "fancy/gate").get("type") == "Activation"


def test_steps_take_their_blobs(tmp_path):
    text = """
type = "Affine9"
blobs = 2
[[steps]]
layer = "Scale"
bottoms = ["bottom0"]
blobs = [1, 0]
parameters = { "scale_param.bias_term" = true }
"""
    shift, scale = nets.random(3), nets.random(3) + 2
    done = describe(tmp_path, text, nets.fancy_net("", "Affine9"), weights={"fancy": [shift, scale]})
    assert done.status == 0, done.stderr
    x = nets.random(1, 3, 4, 4)
    y = next(iter(executors.run_openvino(done.xml, {"data": x}).values()))
    np.testing.assert_allclose(y, x * scale[:, None, None] + shift[:, None, None], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("version", [2, 3, 7, 10, 11])
def test_a_layer_of_the_ir(tmp_path, version):
    net = (
        input_layer("data", (1, 490, 14, 14)) + input_layer("rois", (300, 5))
        + layer("align", "PSROIAlign", ["data", "rois"], params="psroi_align_param { output_dim: 10 group_size: 7 }")
    )  # fmt: skip
    done = describe(tmp_path, PSROI_ALIGN, net, "--ir_version", version)
    assert done.status == 0, done.stderr
    assert nets.output_shapes(done.xml, "align") == [(300, 10, 7, 7)]
    assert nets.attributes(done.xml, "align") == {
        "output_dim": "10", "group_size": "7", "spatial_scale": "0.0625", "mode": "average"}  # fmt: skip


@pytest.mark.parametrize("version", [2, 3, 7, 10, 11])
def test_region_without_its_built_in_layer(tmp_path, version):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    built_in = nets.convert(tmp_path / "a", REGION_NET, "--ir_version", version)
    described = describe(tmp_path / "b", REGION, REGION_NET, "--ir_version", version)
    assert built_in.status == described.status == 0, described.stderr
    assert nets.structure(described.xml) == nets.structure(built_in.xml)
    assert described.bin.read_bytes() == built_in.bin.read_bytes()


def test_a_disabled_layer_is_unknown(tmp_path):
    done = describe(tmp_path, 'disable = ["Region"]', REGION_NET)
    assert done.status == 1
    assert '"Region" are not supported' in done.stderr


def test_a_required_parameter(tmp_path):
    net = input_layer("data", (1, 8, 4, 4)) + layer("align", "PSROIAlign", ["data", "data"])
    done = describe(tmp_path, PSROI_ALIGN, net)
    assert done.status == 1
    assert "psroi_align_param.output_dim" in done.stderr


BROKEN = {
    "syntax": ('type = "A"\nx = = 1', "layer.toml:2:"),
    "misspelt key": ('type = "A"\nbotoms = 1', 'did you mean "bottoms"'),
    "nested": ("a = " + "[" * 100000, "deeper than 32"),
    "huge": ("#" * 300000, "larger than"),
    "becomes nothing": ('type = "Fancy"', "does not say what"),
    "becomes both": ('type="A"\n[layer]\ntype="A"\n[[steps]]\nlayer="ReLU"', "both"),
    "no outputs": ('type = "A"\n[layer]\ntype = "A"', "outputs"),
    "unknown step": ('type = "A"\n[[steps]]\nlayer = "Relux"', "Relux"),
    "unknown bottom": ('type = "A"\n[[steps]]\nlayer = "ReLU"\nbottoms = ["x"]', '"x"'),
    "unknown parameter of a step": (
        'type = "A"\n[[steps]]\nlayer = "ELU"\nbottoms = ["bottom0"]\nparameters = { "elu_param.alfa" = 1 }',
        "elu_param.alpha",
    ),
    "expression": ('type = "A"\noutputs = ["same(0"]\n[layer]\ntype = "A"', "layer.toml:2:19"),
    "unknown function": ('type = "A"\noutputs = ["open(0)"]\n[layer]\ntype = "A"', "open"),
    "unknown variable": ('type = "A"\noutputs = ["[n]"]\n[layer]\ntype = "A"', '"n"'),
    "disables nothing": ('disable = ["Reggion"]', "Reggion"),
    "bad default": ('type = "A"\n[parameters]\nn = { path = "a.n", type = "int", default = 1.5 }', "layer.toml:3:"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_description(tmp_path, case):
    text, said = BROKEN[case]
    done = describe(tmp_path, text, input_layer("data", (1, 3)) + layer("relu", "ReLU", ["data"]))
    assert done.status == 1, done.text
    assert said in done.stderr and "layer.toml" in done.stderr
    assert done.stderr.count("[ ERROR ]") == 1
    assert not done.xml.exists()


def test_a_type_described_twice(tmp_path):
    nets.write(tmp_path, "layers/again.toml", SWISH)
    done = describe(tmp_path, SWISH, nets.fancy_net("", "Swish4"))
    assert done.status == 1 and "described twice" in done.stderr


def test_a_type_mapped_and_described(tmp_path):
    mapping = nets.write(tmp_path, "map.xml", nets.MAPPING.replace("Fancy", "Swish4"))
    done = describe(tmp_path, SWISH, nets.fancy_net("", "Swish4"), "-k", mapping)
    assert done.status == 1 and "keep one of the two" in done.stderr


def test_nothing_is_read_from_the_working_directory(tmp_path, monkeypatch):
    nets.write(tmp_path, "swish.toml", SWISH)
    monkeypatch.chdir(tmp_path)
    for options in [(), ("--extensions", "")]:
        assert nets.convert(tmp_path, nets.fancy_net("", "Swish4"), *options).status == 1


def test_a_missing_folder(tmp_path):
    done = nets.convert(tmp_path, nets.fancy_net(), "--extensions", tmp_path / "none")
    assert done.status == 3 and "none" in done.stderr
