"""The pages of --graph and --report in a real browser, where there is one; scripts/check_pages.py is the long form."""

import json

import pytest

from report import pages
from support import browser

pytestmark = [pytest.mark.usefixtures("mo"), pytest.mark.skipif(browser.find() is None, reason="no Chromium")]

# What the graph page shows, as text in its document.
LOOK = """
const seen = { title: document.title, rows: [...document.querySelectorAll('#list button')].map((row) => row.innerText),
               boxes: sides.before.picture.boxes.concat(sides.after.picture.boxes), details: '', found: 0 };
choose({ side: 'before', index: 2 }, true);
seen.details = document.getElementById('details').innerText;
seen.related = [...sides.after.related].map((i) => data.after[i].name);
document.getElementById('search').value = 'scale';
document.getElementById('search').dispatchEvent(new Event('input'));
seen.found = found.length;
document.body.append(element('pre', { id: 'seen' }, JSON.stringify(seen)));
"""


def seen(page, script) -> dict:
    html, complaints = browser.document(page, script=script)
    assert complaints == []
    assert browser.ready_after(html) < 60
    text = html.split('<pre id="seen">')[1].split("</pre>")[0]
    return json.loads(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def test_graph_page(tmp_path):
    net = pages.normalised(tmp_path)
    net.convert("--graph", "g.html")
    look = seen(tmp_path / "g.html", LOOK)
    assert len(look["rows"]) == len(look["boxes"]) == 8 + 5
    assert look["rows"][2].split("\n")[0] == "bn" and "→ conv" in look["rows"][2]
    assert "fused into" in look["details"] and "conv (Convolution)" in look["details"]
    assert look["related"] == ["conv"]
    assert look["found"] == 1


def test_boxes_do_not_overlap(tmp_path):
    for net in (pages.residual(tmp_path / "r", 5), pages.preactivated(tmp_path / "p"), pages.grouped(tmp_path / "g")):
        net.convert("--graph", "g.html")
        boxes = seen(net.folder / "g.html", LOOK)["boxes"]
        count = len(pages.data_of(net.folder / "g.html")["before"])
        for network in (boxes[:count], boxes[count:]):
            for i, a in enumerate(network):
                for b in network[:i]:
                    apart = abs(a["x"] - b["x"]) >= (a["width"] + b["width"]) / 2 - 1e-6
                    assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"], (a, b)


def test_sources_are_above_and_in_earlier_columns(tmp_path):
    net = pages.residual(tmp_path, 5)
    net.convert("--graph", "g.html")
    boxes, data = seen(tmp_path / "g.html", LOOK)["boxes"], pages.data_of(tmp_path / "g.html")
    for layer, box in zip(data["before"], boxes):
        for source in layer.get("sources", []):
            assert (boxes[source]["column"], boxes[source]["y"]) < (box["column"], box["y"])


def test_hostile_names_are_text(tmp_path):
    net = pages.hostile(tmp_path)
    net.convert("--graph", "g.html", "--report", "r.html")
    look = seen(tmp_path / "g.html", LOOK)
    assert look["title"] == "net: before and after"
    assert {row.split("\n")[0] for row in look["rows"]} >= {pages.HOSTILE, pages.MARKUP}
    html, complaints = browser.document(tmp_path / "r.html")
    assert complaints == [] and "<title>net: conversion</title>" in html and "<img" not in html


def test_report_page(tmp_path):
    net = pages.normalised(tmp_path)
    net.convert("--report", "r.html", "--scale", "255", "--data_type", "FP16")
    look = "document.body.append(element('pre', { id: 'seen' }, JSON.stringify({ text: document.body.innerText })))"
    text = seen(tmp_path / "r.html", look)["text"]
    for words in ("Converted to IR v11, FP16, without warnings.", "8 → 5", "the inputs are divided by 255", "compile_model(",
                  "#include <openvino/openvino.hpp>", "conv, bn, scale, data/scale", "write the weights"):  # fmt: skip
        assert words in text, words
