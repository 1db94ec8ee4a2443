"""What is generated reaches the types: a new option is accepted, a new error has to be handled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sandboxes import root

FOLDER = Path(__file__).parents[1]

GENERATE = """
import { readFileSync, writeFileSync } from "node:fs";
const [generator, definition, folder] = process.argv.slice(1);
const { python } = await import(generator);
const prefix = "bindings/python/";
for (const [path, text] of Object.entries(python(JSON.parse(readFileSync(definition, "utf8"))))) {
  writeFileSync(`${folder}/${path.slice(prefix.length)}`, text);
}
"""


def generated(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The client as it is generated from another definition."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the generator needs node")
    shutil.copytree(FOLDER / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "carried"))
    definition = json.loads((root / "crates/silt-interface/interface.json").read_text())
    change(definition)
    (folder / "interface.json").write_text(json.dumps(definition))
    generator = str(root / "scripts/generate/python.mjs")
    given = [generator, str(folder / "interface.json"), str(folder)]
    subprocess.run([node, "--input-type=module", "-e", GENERATE, *given], check=True)
    return folder


def check(folder: Path, program: str) -> str:
    """What mypy says of a program, with the client in a folder."""
    (folder / "program.py").write_text(program)
    process = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "program.py", "--cache-dir", str(folder / "cache")],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return process.stdout


def test_what_is_committed_is_what_is_generated(tmp_path: Path) -> None:
    made = generated(tmp_path, lambda definition: None)
    for path in (FOLDER / "src/silt/_generated").glob("*.py"):
        assert (made / "src/silt/_generated" / path.name).read_text() == path.read_text()


def test_an_error_that_is_not_handled_fails_the_type_check(tmp_path: Path) -> None:
    program = (FOLDER / "tests/typing/handled.py").read_text()

    def add(definition: dict[str, Any]) -> None:
        added = {"code": "TooHot", "class": True, "retryable": True, "doc": "Too hot.", "fields": []}
        definition["errors"].append(added)

    said = check(generated(tmp_path, add), program)
    assert "TooHot" in said
    assert "assert_never" in said
    assert "Found 1 error" in said


def test_a_new_option_reaches_the_types_and_the_core(tmp_path: Path) -> None:
    def add(definition: dict[str, Any]) -> None:
        added = {"name": "onlyOdd", "type": "flag", "default": "false", "doc": "Only odd ones."}
        for shape in definition["options"]:
            if shape["name"].startswith("Log") and "Stream" in shape["name"]:
                shape["options"].append(added)

    made = generated(tmp_path, add)
    program = "import silt\n\ndef use(log: silt.LogDirectory) -> None:\n    log.log_stream(only_odd={})\n"
    assert "Success" in check(made, program.format("True"))
    assert "error" in check(made, program.format("3"))
    shown = subprocess.run(
        [sys.executable, "-c", _WIRE],
        env={**os.environ, "PYTHONPATH": str(made / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert json.loads(shown) == {"onlyOdd": True}


_WIRE = """
import json
from silt._native.wire import options_to_wire
print(json.dumps(options_to_wire("LogStreamOptions", {"only_odd": True})))
"""
