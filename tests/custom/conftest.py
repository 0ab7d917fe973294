"""Fixtures of the tests of extension libraries."""

from pathlib import Path

import pytest

from support import sdk


@pytest.fixture(scope="session")
def prefix(mo, tmp_path_factory):
    """Where the converter and its SDK are installed."""
    return sdk.install(tmp_path_factory.mktemp("prefix"))


@pytest.fixture(scope="session")
def libraries(prefix, tmp_path_factory):
    """Folder with a folder for each of the tests' libraries, built against the installed SDK alone."""
    source = Path(__file__).parent / "libraries"
    return sdk.build(source, tmp_path_factory.mktemp("libraries"), f"-DCMAKE_PREFIX_PATH={prefix}")
