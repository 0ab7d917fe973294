"""Layers of CustomLayersMapping.xml: which attributes they have in the IR, their blobs and their shapes."""

import numpy as np
import pytest

from custom import nets
from support.prototxt import input_layer, layer

pytestmark = pytest.mark.usefixtures("mo")

VERSIONS = [2, 3, 7, 10, 11]
ALL = "--disable_omitting_optional"
FLAT = "--enable_flattening_nested_params"

# The field `size` of the nested message comes last and wins where names are not flattened.
SET = {"alpha": "0.25", "bias": "1", "mode": "caffe.FancyParameter.SLOW", "type": "1.5"}
UNSET = {"bare": "0", "other_mode": "caffe.FancyParameter.SLOW", "tag": ""}

CASES = {
    (): SET | {"size": "7", "depth": "2"},
    (FLAT,): SET | {"size": "3", "inner__depth": "2", "inner__size": "7"},
    (ALL,): SET | UNSET | {"size": "0", "depth": "2"},
    (ALL, FLAT): SET
    | UNSET
    | {
        "size": "3",
        "inner__depth": "2",
        "inner__size": "7",
        "unset_inner__depth": "2",
        "unset_inner__size": "0",
    },
}


def map_fancy(folder, *options, text=None, mapping=nets.MAPPING, weights=None):
    xml = nets.write(folder, "map.xml", mapping)
    return nets.convert(folder, text or nets.fancy_net(), "-k", xml, *options, weights=weights)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("options", CASES, ids=lambda o: " ".join(o) or "plain")
def test_attributes(tmp_path, version, options):
    proto = nets.write(tmp_path, "fork.proto", nets.SCHEMA)
    done = map_fancy(tmp_path, "--caffe_proto", proto, "--ir_version", version, *options)
    assert done.status == 0, done.stderr
    written = nets.attributes(done.xml, "fancy")
    scales = [float(part) for part in written.pop("scales").split(",")]
    assert scales == [0.5, 2.0]
    expected = CASES[options]
    if version == 10:  # its engine takes no empty values
        expected = {name: value for name, value in expected.items() if value}
    assert written == expected
    assert nets.layer_of(done.xml, "fancy").get("type") == "Fancy"
    assert nets.layer_of(done.xml, "fancy").get("version") == ("extension" if version >= 10 else None)


def test_a_clash_is_said(tmp_path):
    proto = nets.write(tmp_path, "fork.proto", nets.SCHEMA)
    assert "attribute-clash" in map_fancy(tmp_path, "--caffe_proto", proto).stderr
    assert "attribute-clash" not in map_fancy(tmp_path, "--caffe_proto", proto, FLAT).stderr


def test_without_a_schema_the_fields_are_as_written(tmp_path):
    done = map_fancy(tmp_path, FLAT)
    assert done.status == 0
    assert "parameters-without-schema" in done.stderr and "--caffe_proto" in done.stderr
    assert nets.attributes(done.xml, "fancy") == {
        "size": "3", "scales": "0.5, 2", "inner__size": "7", "mode": "SLOW"}  # fmt: skip


def test_known_messages_have_their_defaults(tmp_path):
    mapping = nets.MAPPING.replace("Fancy", "ELU").replace("fancy_param", "elu_param")
    done = map_fancy(tmp_path, text=nets.fancy_net("", type_="ELU"), mapping=mapping)
    assert done.status == 0, done.stderr
    assert nets.layer_of(done.xml, "fancy").get("type") == "ELU"  # it replaces the built-in layer
    assert nets.attributes(done.xml, "fancy") == {"alpha": "1"}


def test_known_enums(tmp_path):
    mapping = nets.MAPPING.replace("Fancy", "Pool9").replace("fancy_param", "pooling_param")
    done = map_fancy(tmp_path, "--ir_version", 3, text=nets.fancy_net("pooling_param { pool: AVE }", type_="Pool9"),
                     mapping=mapping)  # fmt: skip
    assert done.status == 0, done.stderr
    assert nets.attributes(done.xml, "fancy")["pool"] == "caffe.PoolingParameter.AVE"


def test_without_parameters(tmp_path):
    done = map_fancy(tmp_path, text=nets.fancy_net(""),
                     mapping='<a><CustomLayer NativeType="fancy" hasParam="FALSE"/></a>')  # fmt: skip
    assert done.status == 0, done.stderr
    assert "shape-assumed" in done.stderr
    assert nets.layer_of(done.xml, "fancy").find("data") is None
    assert nets.output_shapes(done.xml, "fancy") == [(1, 3, 4, 4)]


@pytest.mark.parametrize("version", VERSIONS)
def test_shapes_of_several_tops(tmp_path, version):
    text = input_layer("data", (2, 3, 4, 4)) + layer("fancy", "Fancy", ["data"], ["a", "b"], nets.PARAMETERS)
    mapping = nets.MAPPING.replace("same(0)", "[dim(0, 0), size]; [dim(0, 0), count(0, 1)]")
    done = map_fancy(tmp_path, FLAT, "--ir_version", version, text=text, mapping=mapping)
    assert done.status == 0, done.stderr
    assert nets.output_shapes(done.xml, "fancy") == [(2, 3), (2, 48)]


def test_shape_of_a_description_file(tmp_path):
    nets.write(tmp_path, "layers/fancy.toml", """
type = "Fancy"
outputs = ["[dim(0, 0), 2 * n]"]
[parameters]
n = { path = "fancy_param.size", type = "int" }
""")
    mapping = nets.MAPPING.replace('outputShape="same(0)"', "")
    done = map_fancy(tmp_path, FLAT, "--extensions", tmp_path / "layers", mapping=mapping)
    assert done.status == 0, done.stderr
    assert nets.output_shapes(done.xml, "fancy") == [(1, 6)]
    assert "n" not in nets.attributes(done.xml, "fancy")


@pytest.mark.parametrize("version", VERSIONS)
def test_blobs(tmp_path, version):
    blobs = [nets.random(3, 3), nets.random(3), nets.random(2)]
    done = map_fancy(tmp_path, "--ir_version", version, weights={"fancy": blobs})
    assert done.status == 0, done.stderr
    fancy = nets.layer_of(done.xml, "fancy")
    data = done.bin.read_bytes()
    if version < 10:
        found = [(e.tag, e) for e in fancy.find("blobs")]
        assert [tag for tag, _ in found] == ["weights", "biases", "custom_2"]
        pieces = [e for _, e in found]
    else:
        assert len(fancy.findall("input/port")) == 4
        pieces = [nets.layer_of(done.xml, f"fancy/{role}").find("data") for role in ("weights", "biases", "custom_2")]
    for piece, blob in zip(pieces, blobs, strict=True):
        start, size = int(piece.get("offset")), int(piece.get("size"))
        assert np.array_equal(np.frombuffer(data[start : start + size], "<f4"), blob.ravel())


BROKEN_MAPPINGS = {
    "not XML": ("<a>\n<CustomLayer", ":2:"),
    "another kind of file": ("no xml at all", "not XML"),
    "entities": ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "DOCTYPE"),
    "huge": ("<a>" + " " * (1 << 21) + "</a>", "larger than"),
    "shape": (nets.MAPPING.replace("same(0)", "same(0"), "character 7"),
    "shape of an unknown function": (nets.MAPPING.replace("same(0)", "exec(0)"), "exec"),
    "value of a shape": (nets.MAPPING.replace("same(0)", "[1 // 0]"), "divides by zero"),
    "parameter in a shape": (nets.MAPPING.replace("same(0)", "[nothing]"), "nothing"),
    "number of shapes": (nets.MAPPING.replace("same(0)", "[1];[2]"), "shape for each top"),
}


@pytest.mark.parametrize("case", BROKEN_MAPPINGS)
def test_broken_mapping(tmp_path, case):
    text, said = BROKEN_MAPPINGS[case]
    done = map_fancy(tmp_path, mapping=text)
    assert done.status == 1, done.text
    assert said in done.stderr
    assert done.stderr.count("[ ERROR ]") == 1
    assert not done.xml.exists()


def test_an_entry_that_lacks_something_is_left_out(tmp_path):
    mapping = nets.MAPPING.replace("</CustomLayers>", '<CustomLayer NativeType="Other" hasParam="true"/></CustomLayers>')
    done = map_fancy(tmp_path, mapping=mapping)
    assert done.status == 0
    assert "map.xml:3:" in done.stderr and "custom-layers-mapping" in done.stderr


def test_deeply_nested_mapping(tmp_path):
    done = map_fancy(tmp_path, mapping="<a>" * 100000 + "</a>" * 100000)
    assert done.status == 1 and "Fancy" in done.stderr  # no entry: the layer is unknown


def test_missing_mapping(tmp_path):
    done = nets.convert(tmp_path, nets.fancy_net(), "-k", tmp_path / "none.xml")
    assert done.status == 3 and "none.xml" in done.stderr


BROKEN_SCHEMAS = {
    "syntax": ("message LayerParameter {\n  optional strong\n}", "fork.proto:3:1"),
    "unknown type": ("syntax = 'proto2';\nmessage LayerParameter {\n  optional Nothing x = 1;\n}", "fork.proto:3:12"),
    "not a net's": ("message Other {}", "LayerParameter"),
    "deep": ("message A { " * 5000, "nested deeper"),
    "deep behind comments": ("message A { //}\n" * 100000, "fork.proto:101:1"),
    "deep behind strings": ("message A { option a = '}}';\n" * 100000, "nested deeper"),
    "missing import": ("import 'other.proto'; message LayerParameter {}", "other.proto"),
    "a binary": ("\0\1\2", "zero byte"),
}


@pytest.mark.parametrize("case", BROKEN_SCHEMAS)
def test_broken_schema(tmp_path, case):
    text, said = BROKEN_SCHEMAS[case]
    proto = nets.write(tmp_path, "fork.proto", text)
    done = map_fancy(tmp_path, "--caffe_proto", proto)
    assert done.status == 1, done.text
    assert said in done.stderr and "caffe-proto" in done.stderr
    assert done.stderr.count("[ ERROR ]") == 1
    assert not done.xml.exists()


def test_a_broken_import(tmp_path):
    nets.write(tmp_path, "deep.proto", "message A { " * 100000)
    proto = nets.write(tmp_path, "fork.proto", "import 'deep.proto'; message LayerParameter {}")
    done = map_fancy(tmp_path, "--caffe_proto", proto)
    assert done.status == 1, done.text
    assert "deep.proto:1:1" in done.stderr and "nested deeper" in done.stderr
    assert done.stderr.count("[ ERROR ]") == 1


def test_braces_in_comments_do_not_count(tmp_path):
    proto = nets.write(tmp_path, "fork.proto", "// {{{ \"\n" * 200 + '/* " { */' * 200 + nets.SCHEMA)
    done = map_fancy(tmp_path, "--caffe_proto", proto)
    assert done.status == 0, done.stderr


def test_a_value_that_the_schema_does_not_allow(tmp_path):
    proto = nets.write(tmp_path, "fork.proto", nets.SCHEMA)
    done = map_fancy(tmp_path, "--caffe_proto", proto, text=nets.fancy_net("fancy_param { size: 3 mode: SLWO }"))
    assert done.status == 1
    assert "SLWO" in done.stderr and "SLOW, FAST" in done.stderr


def test_unknown_layers_are_reported_together(tmp_path):
    text = nets.fancy_net() + layer("b", "Odd", ["fancy"]) + layer("c", "Odd", ["b"]) + layer("d", "Strange", ["c"])
    proto = nets.write(tmp_path, "fork.proto", nets.SCHEMA)
    for options in [(), ("--caffe_proto", proto)]:
        done = nets.convert(tmp_path, text, *options)
        assert done.status == 1
        assert done.stderr.count("unsupported-layer") == 3
        assert '"Odd" are not supported (2 in this net: b, c)' in done.stderr
