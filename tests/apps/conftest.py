"""Fixtures of the tests of the applications."""

import pytest

from cli import nets


@pytest.fixture
def padded(tmp_path):
    return nets.padded(tmp_path)
