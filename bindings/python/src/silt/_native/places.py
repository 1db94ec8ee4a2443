"""Where the library, the executable and the sandboxes are."""

from __future__ import annotations

import os
from pathlib import Path

# The wheel carries both here.
_carried = Path(__file__).parent / "carried"


def library_path() -> Path:
    """`SILT_LIBRARY`, else the one that the wheel carries."""
    named = os.environ.get("SILT_LIBRARY")
    return Path(named) if named else _carried / "libsilt.so"


def executable_path() -> str:
    """What starts supervisors: `SILT_EXECUTABLE`, else the one that the wheel carries."""
    return os.environ.get("SILT_EXECUTABLE") or str(_carried / "silt")


def home() -> str:
    """Where the sandboxes of this user live: `SILT_HOME`, from the folder of now, else `~/.silt`."""
    return os.path.abspath(os.environ.get("SILT_HOME") or os.path.expanduser("~/.silt"))
