"""The library: found, checked, and not used where it can not work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sandboxes import plain

import silt


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


LOOK = "import silt\ntry: silt.Sandbox.list()\nexcept ImportError as error: print(error)"


def test_a_missing_library_says_how_to_get_one() -> None:
    said = run(LOOK, SILT_LIBRARY="/nowhere/libsilt.so").stdout
    assert "/nowhere/libsilt.so" in said
    assert "pip install silt-sandbox" in said
    assert "SILT_LIBRARY" in said


def test_another_library_and_another_version_are_refused(tmp_path: Path) -> None:
    import ctypes.util

    other = ctypes.util.find_library("c")
    assert other is not None
    assert "is not Silt's library" in run(LOOK, SILT_LIBRARY=other).stdout
    changed = LOOK.replace("import silt", "import silt\nsilt._native.library.ABI ^= 1")
    said = run(changed).stdout
    assert "is of another version" in said
    assert "Take both from one release" in said


def test_importing_needs_no_library() -> None:
    said = run("import silt; print(silt.__version__)", SILT_LIBRARY="/nowhere")
    assert said.stdout.strip() == silt.__version__


def test_a_missing_executable_is_an_error_that_names_it() -> None:
    program = (
        "import silt\ntry: silt.Sandbox.create(runtime='process')\n"
        "except silt.SiltError as error: print(error.code, error)"
    )
    assert "/nowhere/silt" in run(program, SILT_EXECUTABLE="/nowhere/silt").stdout


def test_a_forked_child_is_told_so_and_harms_nothing() -> None:
    with plain() as sandbox:
        sandbox.shell("echo one; echo two")
        stream = sandbox.log_stream(follow=True)
        entry = stream.recv()
        assert entry is not None
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            said = entry.line
            for refused in (stream.try_recv, sandbox.inspect, silt.Sandbox.list):
                try:
                    # What was taken before is there; the rest needs the library's threads.
                    said += f" {getattr(refused(), 'line', 'nothing')}"
                    stream.close()
                except RuntimeError as error:
                    said += " refused" if "forked" in str(error) else f" {error}"
            os.write(writing, said.encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            assert pipe.read() == "one two refused refused"
        following = stream.recv()
        assert following is not None
        assert following.line == "two"
        sandbox.shell("echo three")
        third = stream.recv()
        assert third is not None
        assert third.line == "three"
