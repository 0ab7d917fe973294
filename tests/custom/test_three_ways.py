"""The three ways to a custom layer give the same IR: YOLO's Region, its built-in layer disabled by name."""

import re
import subprocess
import sys

import pytest

from custom import nets
from support import caffemodel, converter
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

SHARED = converter.REPOSITORY.parent / "shared"

SHAPE = "if(softmax, [dim(0, 0), count(0, 1)], same(0))"

# The mapping has truth values as 0 and 1.
MAPPING = f"""<CustomLayers>
  <CustomLayer NativeType="Region" hasParam="true" protoParamName="region_param" outputShape="{SHAPE.replace('softmax', 'softmax == 1')}"/>
</CustomLayers>
"""

DESCRIPTION = f"""
type = "Region"
disable = ["Region"]
outputs = ["{SHAPE}"]
[parameters]
anchors = {{ path = "region_param.anchors", type = "floats" }}
classes = {{ path = "region_param.classes", type = "int", default = 20 }}
coords = {{ path = "region_param.coords", type = "int", default = 4 }}
num = {{ path = "region_param.num", type = "int", default = 1 }}
softmax = {{ path = "region_param.softmax", type = "bool", default = true }}
[layer]
type = "Region"
attributes = {{ coords = "coords", classes = "classes", num = "num", anchors = "anchors", softmax = "if(softmax, 1, 0)" }}
"""

REGION = layer(
    "region", "Region", ["predictions"],
    params="region_param { anchors: 1.08 anchors: 1.19 anchors: 3.42 anchors: 4.41 classes: 20 coords: 4 num: 2 softmax: true }",
)  # fmt: skip

YOLO = (
    input_layer("data", (1, 3, 32, 32))
    + layer("conv1", "Convolution", ["data"],
            params="convolution_param { num_output: 8 kernel_size: 3 pad: 1 bias_term: false }")
    + layer("bn1", "BatchNorm", ["conv1"], params="batch_norm_param { use_global_stats: true }")
    + layer("scale1", "Scale", ["bn1"], params="scale_param { bias_term: true }")
    + layer("relu1", "ReLU", ["scale1"], params="relu_param { negative_slope: 0.1 }")
    + layer("pool1", "Pooling", ["relu1"], params="pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
    + layer("predictions", "Convolution", ["pool1"], params="convolution_param { num_output: 50 kernel_size: 1 }")
    + REGION
)  # fmt: skip

VERSIONS = [2, 3, 4, 5, 6, 7, 10, 11]


def weights():
    return {
        "conv1": [nets.random(8, 3, 3, 3)],
        "bn1": [nets.random(8), abs(nets.random(8)) + 1, nets.random(1) * 0 + 1],
        "scale1": [nets.random(8), nets.random(8)],
        "predictions": [nets.random(50, 8, 1, 1), nets.random(50)],
    }


def ways(folder, libraries):
    nets.write(folder, "map.xml", MAPPING)
    nets.write(folder, "description/region.toml", DESCRIPTION)
    return {
        "mapping": ["-k", folder / "map.xml", "--extensions", ""],
        "description": ["--extensions", folder / "description"],
        "library": ["--extensions", libraries / "three_ways"],
    }


def check(folder, prototxt, model, options, version):
    found = {}
    for way, how in options.items():
        done = converter.convert(prototxt, model, folder, way, *how, "--ir_version", version)
        assert done.status == 0, done.stderr
        assert nets.layer_of(done.xml, "region").get("type") == "Region"
        found[way] = (nets.structure(done.xml), done.bin.read_bytes())
    assert found["description"] == found["mapping"]
    assert found["library"] == found["mapping"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_yolo_net(tmp_path, libraries, version):
    (tmp_path / "net.prototxt").write_text(YOLO)
    caffemodel.write(tmp_path / "net.caffemodel", YOLO, weights())
    check(tmp_path, tmp_path / "net.prototxt", tmp_path / "net.caffemodel", ways(tmp_path, libraries), version)


@pytest.mark.skipif(not converter.is_full() or not (SHARED / "topologies").is_dir(), reason="MO_FULL=1 takes the large net")
def test_yolo_v2(tmp_path, libraries):
    text = (SHARED / "topologies" / "yolo_v2_voc" / "deploy.prototxt").read_text()
    # Its layer in Python is Reorg.
    text = re.sub(r'"Python"|python_param\s*\{[^}]*\}', lambda m: '"Reorg"' if m[0] == '"Python"' else "", text)
    body = nets.write(tmp_path, "body.prototxt", text)
    net = nets.write(tmp_path, "net.prototxt", text + REGION.replace("predictions", "conv26").replace("num: 2", "num: 5"))
    model = tmp_path / "net.caffemodel"
    subprocess.run([sys.executable, SHARED / "zoo" / "make_caffemodel.py", body, model], check=True)
    for version in (3, 11):
        check(tmp_path, net, model, ways(tmp_path, libraries), version)
