"""What options mean, on the current runtime; scripts/check_preprocessing.py --engine does the same on an old engine."""

import pytest

from cli import semantics
from support import executors

pytestmark = pytest.mark.usefixtures("mo")


@pytest.mark.parametrize("meaning", semantics.MEANINGS, ids=lambda m: m.name)
@pytest.mark.parametrize("version", [11, 10])
def test_meaning(meaning, version, tmp_path):
    assert semantics.error_of(meaning, tmp_path, version, executors.run_openvino) <= meaning.bound
