#!/usr/bin/env python3
"""Writes what the fuzz targets start from: seeds, which are the tests' own cases, and dictionaries.

  build/venv/bin/python scripts/fuzz_inputs.py MO FOLDER

MO is the converter (it makes the seeds that are IR, and lists its layers and options).  Then FOLDER/seeds/TARGET has the
seeds and FOLDER/TARGET.dict the words: of layers and their parameters, of options, of the IR.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import h5py  # noqa: E402
import numpy as np  # noqa: E402

from custom import nets as custom_nets  # noqa: E402
from numeric import layers  # noqa: E402
from support import caffemodel  # noqa: E402

LARGEST = 6000  # bytes of a seed: short inputs are run more often
LARGEST_HDF5 = 20000
BETWEEN = b"\n%%\n"  # of a pair, as fuzz/pair.h has it
LEGACY, CURRENT = (2, 3, 5, 7), (10, 11)
NUMBERS = ("0", "-1", "1", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "1e39",
           "1e400", "1e-45", "nan", "inf", "-0.0", "0x7fffffff")  # fmt: skip
ENCODINGS = [caffemodel.Encoding(legacy_dims=legacy, packed=packed, values=values)
             for legacy in (False, True) for packed in (False, True) for values in ("float", "double", "half")]  # fmt: skip
WORDS = re.compile(r"[A-Za-z_][\w.]*")


class Seeds:
    """Files of one folder per target; what is empty, long or there already is left out."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._seen = set()

    def add(self, target: str, content) -> None:
        content = content.encode() if isinstance(content, str) else content
        largest = LARGEST_HDF5 if target == "hdf5" else LARGEST
        if not content or len(content) > largest or (target, content) in self._seen:
            return
        self._seen.add((target, content))
        folder = self._folder / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{len(list(folder.iterdir())):04d}").write_bytes(content)

    def words(self, target: str) -> set:
        """Names in the seeds of a target."""
        found = set()
        for file in sorted((self._folder / target).glob("*")):
            found.update(WORDS.findall(file.read_text(errors="replace")))
        return {word for word in found if len(word) < 32}


def nets(mo: Path, seeds: Seeds, place: Path) -> None:
    """Each row of the layer tables, as prototxt, weights, a pair of both, and the IR made of them."""
    versions = LEGACY + CURRENT
    rows = [row for family in layers.FAMILIES for row in layers.rows(family)]
    for number, row in enumerate(rows):
        text, model = place / "net.prototxt", place / "net.caffemodel"
        caffemodel.write(model, row.net, row.weights, row.encoding)
        seeds.add("prototxt", row.net)
        seeds.add("caffemodel", model.read_bytes())
        seeds.add("pair", row.net.encode() + BETWEEN + model.read_bytes())
        text.write_text(row.net)
        version = versions[number % len(versions)]
        subprocess.run([mo, "--input_proto", text, "--input_model", model, "--output_dir", place, "--model_name", "net",
                        "--ir_version", str(version), *row.options], capture_output=True, check=False)  # fmt: skip
        xml = place / "net.xml"
        if xml.exists():
            seeds.add("check_ir", xml.read_bytes())
            if version in LEGACY:
                seeds.add("legacy_ir", xml.read_bytes())
            xml.unlink()


def blobs(seeds: Seeds, place: Path) -> None:
    for encoding in ENCODINGS:
        for array in (np.linspace(-3, 3, 12, dtype="f4").reshape(3, 2, 2), np.ones((1, 3, 1, 2), "f4"), np.zeros((0,), "f4")):
            seeds.add("mean_file", caffemodel.blob(array, encoding))
    for name, how in (("plain", {}), ("chunks", {"chunks": True}), ("gzip", {"chunks": True, "compression": "gzip"})):
        for dtypes, versions in ((("f4", "f8", "f2", "i4"), None), (("f4",), None), (("f4",), ("v108", "v108")), (("f8", "f2"), "latest")):  # fmt: skip
            with h5py.File(place / name, "w", libver=versions) as file:
                for dtype in dtypes:
                    file.create_dataset(f"data/layer_{dtype}/0", data=np.arange(6).reshape(2, 3).astype(dtype), **how)
                file["data/link"] = h5py.SoftLink("/data")
            seeds.add("hdf5", (place / name).read_bytes())


def texts(seeds: Seeds) -> None:
    """Of the examples, the documents, and the strings in the tests of the readers."""
    for file in sorted((ROOT / "examples").rglob("*")):
        target = {".toml": "description", ".proto": "caffe_proto", ".xml": "mapping"}.get(file.suffix)
        if target:
            seeds.add(target, file.read_text())
    seeds.add("caffe_proto", custom_nets.SCHEMA)
    for part in custom_nets.SCHEMA.split("\nmessage ")[1:]:
        seeds.add("caffe_proto", f"message {part}message LayerParameter {{ optional int32 a = 1 [default = 3]; }}")
    seeds.add("mapping", custom_nets.MAPPING)
    document = (ROOT / "docs" / "custom-layers.md").read_text()
    for language, block in re.findall(r"```(\w+)\n(.*?)```", document, re.DOTALL):
        target = {"toml": "description", "xml": "mapping", "protobuf": "caffe_proto", "proto": "caffe_proto"}.get(language)
        if target:
            seeds.add(target, block)
    for target, source in (("expression", "custom/expression_test.cpp"), ("param_str", "caffe/param_str_test.cpp"),
                           ("description", "custom/description_test.cpp"), ("mapping", "custom/mapping_test.cpp"),
                           ("prototxt", "caffe/prototxt_reader_test.cpp")):  # fmt: skip
        content = (ROOT / "tests" / "unit" / source).read_text()
        raw = re.compile(r'R"(\w*)\((.*?)\)\1"', re.DOTALL)
        for _, text in raw.findall(content):
            seeds.add(target, text)
        for text in re.findall(r'"((?:[^"\\\n]|\\.)+)"', raw.sub("", content)):
            seeds.add(target, text.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\"))


def options_of(mo: Path) -> list:
    return sorted(set(re.findall(r"(?<![\w-])--?[a-zA-Z]\w*", subprocess.check_output([mo, "--help"], text=True))))


def layer_words(mo: Path) -> list:
    """What layers and their parameters are called."""
    listed = json.loads(subprocess.check_output([mo, "--list_layers=json"], text=True))
    words = set()
    for layer in listed:
        words.update(layer["types"])
        for parameter in layer["parameters"]:
            words.update(parameter["path"].split("."))
            words.add(parameter["path"])
            words.update(WORDS.findall(str(parameter["default"])))
    return sorted(words)


def command_lines(seeds: Seeds, options: list) -> None:
    values = ("0", "[1,3,224,224]", "data[1,2,3],rois[1,5]", "(104,117,123)", "data(1),rois(2.5)", "FP16", "nchw", "11", "x.toml")
    for number, option in enumerate(options):
        seeds.add("command_line", f"--input_model\nnet.caffemodel\n{option}\n{values[number % len(values)]}")
        seeds.add("command_line", f"{option}={values[(number + 1) % len(values)]}")


def dictionary(path: Path, words) -> None:
    """In libFuzzer's form: one string a line, quotes and backslashes escaped."""
    lines = []
    for word in dict.fromkeys(words):
        lines.append('"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\x0A") + '"\n')
    path.write_text("".join(lines))


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    mo, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    seeds = Seeds(folder / "seeds")
    with tempfile.TemporaryDirectory() as temporary:
        nets(mo, seeds, Path(temporary))
        blobs(seeds, Path(temporary))
    texts(seeds)
    options = options_of(mo)
    command_lines(seeds, options)
    caffe = [*layer_words(mo), 'layer { name: "', 'bottom: "', 'top: "', *NUMBERS]
    for target in ("prototxt", "pair", "caffemodel"):
        dictionary(folder / f"{target}.dict", caffe)
    dictionary(folder / "command_line.dict", [*options, *NUMBERS, *"[](),=:", "->", "true", "FP16"])
    for target in ("check_ir", "legacy_ir", "mapping", "description", "caffe_proto", "expression", "param_str"):
        dictionary(folder / f"{target}.dict", [*sorted(seeds.words(target)), *NUMBERS, "[[", "]]", "{", "}", "</", "/>", '="'])
    return 0


if __name__ == "__main__":
    sys.exit(main())
