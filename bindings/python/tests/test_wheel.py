"""The wheel is all that a user needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from pages import examples, run_example

FOLDER = Path(__file__).parents[1]


def test_the_wheel_in_a_fresh_environment_runs_the_readme_and_the_command(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=FOLDER, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("silt_sandbox-*-py3-none-linux_*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("py.typed", "_native/carried/libsilt.so", "_native/carried/silt", "_generated/options.py"):
        assert f"silt/{name}" in names
    fresh = tmp_path / "fresh"
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True)
    python = fresh / "bin/python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-index", str(wheel)]
    subprocess.run(install, check=True, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    nothing = dict.fromkeys(["PYTHONPATH", "SILT_LIBRARY", "SILT_EXECUTABLE"])
    printed = run_example(python, examples("bindings/python/README.md")[0], tmp_path, **nothing)
    assert printed.splitlines()[0] == "3 hello"
    command = str(fresh / "bin/silt")
    env = {"SILT_HOME": str(tmp_path / "command"), "PATH": "/usr/bin:/bin"}
    run = [command, "run", "--runtime", "process", "--rm", "--", "sh", "-c", "echo from pip; exit 5"]
    told = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (5, "from pip\n", "")
    assert [line.split(" ", 1)[0] for line in printed.splitlines() if " stdout line " in line] == [
        "3",
        "4",
        "5",
    ]
