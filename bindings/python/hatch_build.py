"""Puts the library and the executable into the wheel, and names the platform that they are for."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_root = Path(__file__).parents[1]


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the two files.

        `SILT_LIBRARY` and `SILT_EXECUTABLE` name others than those of this checkout. The platform is this
        machine's, or `SILT_WHEEL_PLATFORM`, such as `manylinux_2_28_x86_64`.
        """
        # An editable installation of a checkout finds them by their variables.
        if version == "editable":
            return
        carried = {
            "libsilt.so": os.environ.get("SILT_LIBRARY") or _root / "c/lib/libsilt.so",
            "silt": os.environ.get("SILT_EXECUTABLE") or _root / "node/silt",
        }
        for name, path in carried.items():
            if not Path(path).is_file():
                raise FileNotFoundError(f"{path} is not there: run `npm run build` in the repository first")
            build_data["force_include"][str(path)] = f"silt/_native/carried/{name}"
        platform = os.environ.get("SILT_WHEEL_PLATFORM") or sysconfig.get_platform()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform.replace('-', '_').replace('.', '_')}"
