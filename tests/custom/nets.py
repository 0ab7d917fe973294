"""Nets with layers that the converter does not know, and the files that describe these."""

from xml.etree import ElementTree

import numpy as np

from support import caffemodel, converter
from support.prototxt import input_layer, layer

SCHEMA = """
syntax = "proto2";
package caffe;
message LayerParameter {
  optional string name = 1;
  optional string type = 2;
  optional FancyParameter fancy_param = 900;
}
message FancyParameter {
  enum Mode { SLOW = 0; FAST = 1; }
  required uint32 size = 1;
  optional float alpha = 2 [default = 0.25];
  optional bool bias = 3 [default = true];
  optional bool bare = 4;
  optional Mode mode = 5 [default = FAST];
  optional Mode other_mode = 6;
  repeated float scales = 7;
  repeated uint32 sizes = 8;
  optional string tag = 9;
  optional Inner inner = 10;
  optional Inner unset_inner = 11;
  optional double type = 12 [default = 1.5];
}
message Inner {
  optional uint32 depth = 1 [default = 2];
  optional uint32 size = 2;
  optional Inner inner = 3;
}
"""

PARAMETERS = "fancy_param { size: 3 scales: 0.5 scales: 2 inner { size: 7 } mode: SLOW }"

MAPPING = """<CustomLayers>
  <CustomLayer NativeType="Fancy" hasParam="true" protoParamName="fancy_param" outputShape="same(0)"/>
</CustomLayers>
"""


def fancy_net(parameters=PARAMETERS, type_="Fancy", shape=(1, 3, 4, 4)):
    return input_layer("data", shape) + layer("fancy", type_, ["data"], params=parameters)


def convert(folder, text, *options, weights=None):
    (folder / "net.prototxt").write_text(text)
    caffemodel.write(folder / "net.caffemodel", text, weights or {})
    return converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, "net", *options)


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def layer_of(xml, name):
    (found,) = [e for e in ElementTree.parse(xml).iterfind("./layers/layer") if e.get("name") == name]
    return found


def attributes(xml, name):
    return dict(layer_of(xml, name).find("data").attrib)


def output_shapes(xml, name):
    return [tuple(int(d.text) for d in port.iterfind("dim")) for port in layer_of(xml, name).iterfind("output/port")]


def structure(xml):
    """What matters of an IR: layers with all that they say, and edges."""
    root = ElementTree.parse(xml).getroot()
    layers = [
        (e.get("name"), e.get("type"), e.get("version"), sorted(e.find("data").attrib.items()) if e.find("data") is not None else [],
         [(p.tag, p.get("id"), p.get("names"), tuple(d.text for d in p)) for p in e.iter("port")])
        for e in root.iterfind("./layers/layer")
    ]  # fmt: skip
    return layers, [sorted(e.attrib.items()) for e in root.iterfind("./edges/edge")]


def random(*shape):
    return np.random.default_rng(1).normal(size=shape).astype(np.float32)
