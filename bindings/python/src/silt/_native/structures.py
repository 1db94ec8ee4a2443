"""What the library writes to."""

from __future__ import annotations

from ctypes import Structure, c_int32, c_size_t, c_uint64, c_void_p, string_at
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .._generated.functions import Functions

OK: Final = 0
PENDING: Final = 1
END: Final = 2
ERROR: Final = 3

EVENT_STREAM: Final = 1
EVENT_REPLY: Final = 2
EVENT_ERROR: Final = 3


class SiltBuffer(Structure):
    """Bytes that the library made."""

    _fields_ = (("data", c_void_p), ("len", c_size_t))
    data: int | None
    len: int

    def take(self, functions: Functions) -> bytes:
        """Copies the bytes and gives their memory back."""
        taken = self.copy()
        self.free(functions)
        return taken

    def copy(self) -> bytes:
        """The bytes, whose memory stays."""
        return string_at(self.data, self.len) if self.data else b""

    def free(self, functions: Functions) -> None:
        """Gives the memory back, once."""
        if not self.data:
            return
        doomed = SiltBuffer(self.data, self.len)
        # First: an interrupt between the two must not free it twice.
        self.data = None
        functions.silt_free(doomed)


class SiltEvent(Structure):
    """Something that happened."""

    _fields_ = (
        ("token", c_uint64),
        ("kind", c_int32),
        ("json", SiltBuffer),
        ("payload", SiltBuffer),
    )
    token: int
    kind: int
    json: SiltBuffer
    payload: SiltBuffer
