"""The short form of scripts/compare_random_nets.py: random nets compute the same with and without optimisation."""

from dataclasses import replace

import compare_random_nets
import pytest

from numeric import random_layers, random_nets

pytestmark = pytest.mark.usefixtures("mo")


@pytest.mark.parametrize("way, count", [("v11", 20), ("v10", 4), ("v7", 6), ("v3", 6), ("v3_preprocess", 4), ("onnx", 8), ("half", 4)])
def test_random_nets(way, count):
    """Each way has nets of its own."""
    broken, types = compare_random_nets.sweep(count, first=100 * list(compare_random_nets.WAYS).index(way), ways=[way])
    assert broken == []
    assert len(types) > 5


def test_nets_are_of_many_kinds():
    nets = [random_nets.make(str(seed)) for seed in range(300)]
    types = {layer.type for net in nets for layer in net.layers}
    assert len(types) > 25
    for what in ("mean", "scale", "reversed"):
        assert sum(bool(getattr(net, what)) for net in nets) > 10
    in_place = sum(set(layer.bottoms) & set(layer.tops) != set() for net in nets for layer in net.layers)
    assert in_place > 100 and sum(len(net.outputs) > 1 for net in nets) > 50


def test_a_difference_is_seen_and_made_small(tmp_path):
    """A converter that got another mean than NumPy."""
    class Lying(random_nets.Net):
        @property
        def options(self):
            return replace_mean(super().options)

    def replace_mean(options):
        return ["[9,9,9]" if before == "--mean_values" else one for before, one in zip(["", *options], options)]

    net = next(net for net in map(random_nets.make, map(str, range(100))) if len(net.mean) == 3 and len(net.layers) > 4)
    lying = Lying(**net.__dict__)
    assert compare_random_nets.judge(net, "v11", tmp_path) == ""
    problem = compare_random_nets.judge(lying, "v11", tmp_path)
    assert "is off by" in problem
    small, _ = compare_random_nets.shrunk(lying, "v11", problem, tmp_path)
    assert len(small.layers) == 1 and small.mean and not small.scale and not small.reversed


def test_a_net_that_is_refused_is_a_finding(tmp_path):
    net = random_nets.make("0")
    broken = replace(net, layers=(*net.layers, random_layers.Layer("odd", "Mystery", ("data",), {"odd": (1,)})))
    problem = compare_random_nets.judge(broken, "v11", tmp_path)
    assert "exit status 1" in problem and "Mystery" in problem
