"""The comparison of detections in scripts/check_models.py sees what it should and forgives what it may."""

import numpy as np
import pytest
from check_models import detection_error


def rows(*detections):
    """(class, score, left) of boxes 0.2 wide, and the filler that ends a runtime's list."""
    found = [[0, c, s, x, 0.1, x + 0.2, 0.5] for c, s, x in detections]
    return np.array([*found, [-1, 0, 0, 0, 0, 0, 0]], np.float32).reshape(1, 1, -1, 7)


GOOD = ((1, 0.9, 0.1), (2, 0.9, 0.1), (1, 0.6, 0.4))


def test_order_does_not_count():
    assert detection_error(rows(*reversed(GOOD)), rows(*GOOD), 200) == 0


def test_small_differences_are_the_error():
    moved = ((1, 0.9, 0.1004), *GOOD[1:])
    assert detection_error(rows(*moved), rows(*GOOD), 200) == pytest.approx(0.0004, rel=0.01)


@pytest.mark.parametrize("other", [GOOD[:2], (*GOOD, (3, 0.5, 0.1)), ((3, 0.9, 0.1), *GOOD[1:]),
                                   ((1, 0.9, 0.12), *GOOD[1:]), ((1, 0.95, 0.1), *GOOD[1:])])  # fmt: skip
def test_missing_further_and_different_ones_are_seen(other):
    assert detection_error(rows(*other), rows(*GOOD), 200) == float("inf")


def test_noise_and_ties_for_the_last_place_may_differ():
    assert detection_error(rows(*GOOD, (3, 0.04, 0.1)), rows(*GOOD), 200) == 0
    assert detection_error(rows(*GOOD[:2], (1, 0.6, 0.7)), rows(*GOOD), 3) == 0
    assert detection_error(rows(*GOOD[:2], (1, 0.6, 0.7)), rows(*GOOD), 4) == float("inf")
