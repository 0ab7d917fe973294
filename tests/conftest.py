"""Fixtures of the behaviour tests."""

import pytest

from support import converter


@pytest.fixture(scope="session")
def mo():
    """The converter under test; tests that need it fail, not skip, where it is not built."""
    path = converter.binary()
    if not path.is_file():
        pytest.fail(f"no converter at {path}: build it, or set MO_BINARY", pytrace=False)
    return path
