"""--check_ir finds what engines refuse, and nothing in what they run."""

import re

import numpy as np
import pytest

from support import caffemodel, converter

NET = """name: "n" layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 9 dim: 9 } } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 6 kernel_size: 3 stride: 2 } }
layer { name: "up" type: "Deconvolution" bottom: "conv" top: "up"
        convolution_param { num_output: 4 kernel_size: 3 stride: 2 bias_term: false } }
layer { name: "relu" type: "ReLU" bottom: "up" top: "relu" }
layer { name: "sum" type: "Eltwise" bottom: "relu" bottom: "data" top: "sum" }
layer { name: "cat" type: "Concat" bottom: "sum" bottom: "data" top: "cat" }
layer { name: "cut" type: "Slice" bottom: "cat" top: "left" top: "right" slice_param { slice_point: 3 } }
layer { name: "pool" type: "Pooling" bottom: "left" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
layer { name: "turn" type: "Permute" bottom: "pool" top: "turn" permute_param { order: 0 order: 2 order: 3 order: 1 } }
layer { name: "twice" type: "Tile" bottom: "turn" top: "twice" tile_param { axis: 1 tiles: 2 } }
layer { name: "flat" type: "Flatten" bottom: "right" top: "flat" }
layer { name: "fc" type: "InnerProduct" bottom: "flat" top: "fc" inner_product_param { num_output: 3 } }
layer { name: "soft" type: "Softmax" bottom: "fc" top: "soft" }
"""


@pytest.fixture(scope="module")
def ir(mo, tmp_path_factory):
    """Texts of the .xml by version, all of one .bin."""
    folder = tmp_path_factory.mktemp("check")
    numbers = np.random.RandomState(1)
    weights = {"conv": [numbers.standard_normal((6, 4, 3, 3)), numbers.standard_normal(6)],
               "up": [numbers.standard_normal((6, 4, 3, 3))],
               "fc": [numbers.standard_normal((3, 405)), numbers.standard_normal(3)]}  # fmt: skip
    (folder / "net.prototxt").write_text(NET)
    caffemodel.write(folder / "net.caffemodel", NET, weights)
    texts = {}
    for version in (2, 3, 4, 5, 6, 7):
        done = converter.convert(folder / "net.prototxt", folder / "net.caffemodel", folder, f"v{version}",
                                 "--ir_version", version)  # fmt: skip
        assert done.status == 0, done.text
        texts[version] = done.xml
    return texts


@pytest.mark.parametrize("version", [2, 3, 4, 5, 6, 7])
def test_nothing_is_found_in_what_is_right(ir, version):
    done = converter.run("--check_ir", ir[version])
    assert done.returncode == 0, done.stdout


def change_output(text: str, layer: str, dims: tuple) -> str:
    """Other dims of a layer's output, and of the inputs that it feeds: edges still fit."""
    whole = re.search(rf'<layer id="(\d+)" name="{layer}".*?</layer>', text, re.DOTALL)
    port = re.findall(r'<output>\s*<port id="(\d+)"', whole[0])[0]
    new = "".join(f"<dim>{d}</dim>" for d in dims)
    places = [(whole[1], port)] + re.findall(rf'from-layer="{whole[1]}" from-port="{port}" to-layer="(\d+)" to-port="(\d+)"', text)
    for number, end in places:
        text = re.sub(rf'(<layer id="{number}" (?:(?!</layer>).)*?<port id="{end}"[^>]*>).*?(</port>)', rf"\g<1>{new}\g<2>", text,
                      count=1, flags=re.DOTALL)  # fmt: skip
    return text


@pytest.mark.parametrize("layer, dims", [
    ("conv", (2, 6, 5, 4)), ("up", (2, 4, 9, 8)), ("relu", (2, 4, 9, 8)), ("sum", (2, 4, 8, 9)),
    ("cat", (2, 9, 9, 9)), ("cut", (2, 2, 9, 9)), ("pool", (2, 3, 6, 5)), ("turn", (2, 3, 5, 5)),
    ("twice", (2, 5, 5, 3)), ("flat", (2, 404)), ("fc", (2, 4)), ("soft", (2, 2))])  # fmt: skip
@pytest.mark.parametrize("version", [2, 4])
def test_dims_that_parameters_do_not_give_are_found(ir, layer, dims, version, tmp_path):
    broken = change_output(ir[version].read_text(), layer, dims)
    assert broken != ir[version].read_text()
    (tmp_path / "x.xml").write_text(broken)
    done = converter.run("--check_ir", tmp_path / "x.xml")
    assert done.returncode == 1
    assert re.search(rf'"{layer}": .*\[ir-dims\]', done.stdout), done.stdout


@pytest.mark.parametrize("old, new, what", [
    ('axis="1"/>\n\t\t\t<input>\n\t\t\t\t<port id="0">\n\t\t\t\t\t<dim>2</dim>\n\t\t\t\t\t<dim>3</dim>',
     'axis="-1"/>\n\t\t\t<input>\n\t\t\t\t<port id="0">\n\t\t\t\t\t<dim>2</dim>\n\t\t\t\t\t<dim>3</dim>',
     r'"soft": axis="-1".*\[ir-attribute\]'),
    ('order="0,2,3,1"', 'order="0,2"', r'"turn": order="0,2" does not name each axis.*\[ir-dims\]'),
])  # fmt: skip
def test_what_old_engines_refuse_of_the_original_is_found(ir, old, new, what, tmp_path):
    text = ir[3].read_text()
    assert old in text
    (tmp_path / "x.xml").write_text(text.replace(old, new))
    done = converter.run("--check_ir", tmp_path / "x.xml")
    assert done.returncode == 1
    assert re.search(what, done.stdout), done.stdout


def test_a_net_of_inputs_alone_is_no_net(tmp_path):
    (tmp_path / "x.xml").write_text("""<net name="n" version="3"><layers><layer id="0" name="data" type="Input" precision="FP32">
<output><port id="0"><dim>1</dim><dim>3</dim></port></output></layer></layers><edges/></net>""")
    done = converter.run("--check_ir", tmp_path / "x.xml")
    assert done.returncode == 1
    assert "no layers but inputs" in done.stdout
