"""A home of its own for the tests of a file, removed with everything in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import silt


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("home")
    before = os.environ.get("SILT_HOME")
    os.environ["SILT_HOME"] = str(path)
    try:
        yield path
    finally:
        for handle in silt.Sandbox.list():
            handle.remove(force=True)
        if before is None:
            del os.environ["SILT_HOME"]
        else:
            os.environ["SILT_HOME"] = before
