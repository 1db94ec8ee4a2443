"""The library, loaded when it is first needed, so that importing `silt` never fails."""

from __future__ import annotations

import os
from ctypes import CDLL, c_uint64
from threading import RLock

from .._generated.functions import Functions
from .._generated.version import ABI, VERSION
from .places import library_path

_HOW_TO_GET_ONE = (
    "`pip install silt-sandbox` brings one for Linux on x86-64 with glibc; elsewhere build it "
    "(`npm run build` in Silt's repository makes bindings/c/lib/libsilt.so) and name it by SILT_LIBRARY."
)

# The handler of a signal may come here while its thread is here already.
_lock = RLock()
_loaded: Functions | None = None
_forked = False


def library() -> Functions:
    """The functions of the library.

    Raises `ImportError` when there is none that fits, and `RuntimeError` in a forked process.
    """
    if _loaded is None or _forked:
        return _load()
    return _loaded


def is_forked() -> bool:
    """Whether this process got the library by `fork()`: it may then free and read, and nothing else."""
    return _forked


def _load() -> Functions:
    global _loaded
    if _forked:
        raise RuntimeError(
            "This process was forked from one that used Silt, whose threads it does not have. "
            "Start it anew: multiprocessing with the start method 'spawn' or 'forkserver', or subprocess."
        )
    with _lock:
        if _loaded is None:
            _loaded = _open(str(library_path()))
    return _loaded


def _open(path: str) -> Functions:
    try:
        opened = CDLL(path)
    except OSError as error:
        raise ImportError(
            f"Silt's library can not be loaded from {path}: {error}. {_HOW_TO_GET_ONE}"
        ) from error
    try:
        opened.silt_abi.restype = c_uint64
        abi = opened.silt_abi()
    except AttributeError as error:
        raise ImportError(f"{path} is not Silt's library. {_HOW_TO_GET_ONE}") from error
    if abi != ABI:
        raise ImportError(
            f"{path} is of another version than this client: its ABI is {abi:#x}, and that of silt-sandbox "
            f"{VERSION} is {ABI:#x}. Take both from one release. {_HOW_TO_GET_ONE}"
        )
    return Functions(opened)


def _after_fork() -> None:
    global _forked, _lock
    _forked = _loaded is not None
    _lock = RLock()


os.register_at_fork(after_in_child=_after_fork)
