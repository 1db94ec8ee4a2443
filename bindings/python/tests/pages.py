"""The programs in pages of documentation."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from sandboxes import root


def examples(page: str) -> list[str]:
    """The blocks of Python of a page, each a whole program."""
    return re.findall(r"^```python\n(.*?)^```$", (root / page).read_text(), re.MULTILINE | re.DOTALL)


def run_example(python: Path | str, program: str, folder: Path, **environment: str | None) -> str:
    """What a program prints; skips the test where this machine has no namespaces."""
    (folder / "example.py").write_text(program)
    env = {**os.environ, **environment}
    process = subprocess.run(
        [str(python), "example.py"],
        cwd=folder,
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    if "RuntimeUnavailable" in process.stderr:
        pytest.skip(f"no namespaces here: {process.stderr}")
    assert process.returncode == 0, process.stderr
    return process.stdout
