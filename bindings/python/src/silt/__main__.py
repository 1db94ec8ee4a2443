"""The `silt` command that the wheel carries: `silt`, or `python -m silt`."""

from __future__ import annotations

import os
import sys

from ._native.places import executable_path


def main() -> None:
    """Becomes the command."""
    path = executable_path()
    try:
        os.execv(path, ["silt", *sys.argv[1:]])
    except FileNotFoundError:
        sys.exit(f"there is no {path}: install the wheel, or set SILT_EXECUTABLE to a silt command")


if __name__ == "__main__":
    main()
