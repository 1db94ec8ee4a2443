"""Every program in the documentation of Python runs as it stands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pages import examples, run_example

PAGES = ["bindings/python/README.md", "docs/python.md"]


@pytest.mark.parametrize(
    ("page", "number"), [(page, number) for page in PAGES for number in range(len(examples(page)))]
)
def test_example(page: str, number: int, tmp_path: Path) -> None:
    printed = run_example(sys.executable, examples(page)[number], tmp_path)
    assert printed != ""
