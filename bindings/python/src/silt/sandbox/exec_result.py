"""What commands leave behind."""

from __future__ import annotations

from dataclasses import dataclass

from .._generated.records import SessionEnd


@dataclass(frozen=True)
class ExecResult(SessionEnd):
    """How a command ended, and what it wrote."""

    stdout_bytes: bytes
    """The newest 64 MiB of stdout; with `pty`, of all that the terminal showed."""
    stderr_bytes: bytes
    """The newest 64 MiB of stderr."""
    truncated: bool
    """Whether the command wrote more than is here: more than fits, or what the log could not keep."""

    @property
    def stdout(self) -> str:
        """`stdout_bytes` as text; what is not UTF-8 shows as U+FFFD."""
        return self.stdout_bytes.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        """`stderr_bytes` as text; what is not UTF-8 shows as U+FFFD."""
        return self.stderr_bytes.decode("utf-8", "replace")
