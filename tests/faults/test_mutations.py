"""Damaged models, the short and seeded form of scripts/mutate_models.py on nets of the tests."""

import mutate_models
import pytest

from cli import nets
from support import converter

pytestmark = pytest.mark.usefixtures("mo")


def test_60_mutations_of_each_net(tmp_path):
    digits = converter.REPOSITORY / "examples" / "digits"
    padded = nets.padded(tmp_path)
    models = [("digits", (digits / "digits.prototxt").read_text(), (digits / "digits.caffemodel").read_bytes()),
              ("padded", padded.text, padded.model.read_bytes())]  # fmt: skip
    totals = mutate_models.sweep(models, 60)
    assert totals.broken == []
    assert totals.statuses[0] > 10 and totals.statuses[1] > 30, "mutations must be refused, but not all"


def test_every_mutation_changes_something(tmp_path):
    net = nets.padded(tmp_path)
    weights = net.model.read_bytes()
    changed = sum(mutate_models.mutate(net.text, weights, str(seed))[:2] != (net.text, weights) for seed in range(100))
    assert changed > 90
