"""Sandboxes, for threads."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from .._generated.records import SandboxInfo
from .._generated.words import SandboxStatus
from .._native.blocking import run
from ..log.directory import LogReadable
from ..log.reader import Source
from . import place as calls
from .exec import OnData, execute
from .exec_result import ExecResult
from .files import SandboxFiles
from .place import Place, place_of
from .session import ExecSession
from .session_calls import spawn

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._generated.options import CommandOptions, SandboxOptions, StartOptions


class LocatedSandbox(LogReadable):
    """What can be done with a sandbox, running or not."""

    name: str

    files: SandboxFiles
    """Files as seen inside, relative to `/workspace`."""

    info: SandboxInfo
    """What was known of it when this object was made; `inspect()` asks again."""

    def __init__(self, place: Place, info: SandboxInfo) -> None:
        self.name = info.name
        self.info = info
        self.files = SandboxFiles(place)
        self._place = place

    @property
    def _source(self) -> Source:
        return self._place

    def inspect(self) -> SandboxInfo:
        """What is known of it now."""
        return run(calls.inspect, self._place)

    def stop(self) -> None:
        """Ends it: SIGTERM to all commands, SIGKILL 5 s later. Its log stays. Harmless when it has ended."""
        run(calls.ask, "stop", self._place)

    def kill(self) -> None:
        """Ends it at once, with SIGKILL. Its log stays. Harmless when it has ended."""
        run(calls.ask, "kill", self._place)

    def remove(self, *, force: bool = False) -> None:
        """Removes it with its log, its private folder and its record; `force` ends it first when it runs."""
        run(calls.ask, "remove", {**self._place, "force": force})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Sandbox(LocatedSandbox):
    """A running sandbox.

        with Sandbox.create() as sandbox:
            print(sandbox.exec("echo", ["hello"]).stdout)

    Its supervisor is a process of its own: what commands write is kept whether or not the program that
    started them lives. The end of a `with` block stops it.
    """

    @classmethod
    def create(cls, **options: Unpack[SandboxOptions]) -> Sandbox:
        """Creates a sandbox and starts it.

        Raises `InvalidArgument`, `SandboxExists`, and `RuntimeUnavailable` or `LimitUnavailable` where
        this machine can not do it; the message names the mend. Nothing weaker is chosen instead.
        """
        return cls(*run(calls.create, options))

    @classmethod
    def get(cls, name: str) -> SandboxHandle:
        """Looks up a sandbox, running or not. Raises `SandboxNotFound`."""
        place = place_of(name)
        return SandboxHandle(place, run(calls.inspect, place))

    @classmethod
    def list(cls) -> list[SandboxHandle]:
        """All sandboxes of this user, by name, without their sessions."""
        return [SandboxHandle(place, info) for place, info in run(calls.list_all)]

    def exec(
        self,
        program: str,
        args: Sequence[str] = (),
        *,
        input: str | bytes | None = None,
        on_stdout: OnData | None = None,
        on_stderr: OnData | None = None,
        **options: Unpack[CommandOptions],
    ) -> ExecResult:
        """Runs a program and waits for it. Does not raise on a status, a signal or a time-out.

        `program` is found on the `PATH` inside, and never a shell line: see `shell`. `input` is its
        standard input, which ends after it; without, it is `/dev/null`. `on_stdout` (which gets what a
        terminal shows, too) and `on_stderr` get bytes as they come. When waiting is given up, as by
        Ctrl-C, the command is killed. Raises `InvalidArgument` when an option is wrong or `cwd` is not
        there.
        """
        return run(execute, self._place, program, args, input, on_stdout, on_stderr, options)

    def shell(
        self,
        line: str,
        *,
        input: str | bytes | None = None,
        on_stdout: OnData | None = None,
        on_stderr: OnData | None = None,
        **options: Unpack[CommandOptions],
    ) -> ExecResult:
        """Runs a line of shell and waits for it: `exec("/bin/sh", ["-c", line])`."""
        args = ["-c", line]
        return run(execute, self._place, "/bin/sh", args, input, on_stdout, on_stderr, options)

    def spawn(
        self,
        program: str,
        args: Sequence[str] = (),
        *,
        stdin: bool = True,
        **options: Unpack[CommandOptions],
    ) -> ExecSession:
        """Starts a program and does not wait: for servers, for input, for a terminal.

        Without `stdin` there is nothing to `write()` to: its standard input is `/dev/null`.
        """
        return ExecSession(run(spawn, self._place, program, args, stdin, options))

    def expose(self, port: int) -> str:
        """Makes a port inside reachable on this machine's loopback; returns `"http://127.0.0.1:…"`.

        At once, also before anything listens there: a connection waits up to 10 s for it.
        """
        return run(calls.expose, self._place, port)

    def disconnect(self) -> None:
        """Lets the sandbox go without stopping it, so that its `idle_timeout` can begin."""
        run(calls.ask, "disconnect", self._place)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class SandboxHandle(LocatedSandbox):
    """A sandbox that was looked up: its log, its files, its life. It may run or not."""

    @property
    def status(self) -> SandboxStatus:
        """Its status when it was looked up."""
        return self.info.status

    def start(self, **options: Unpack[StartOptions]) -> Sandbox:
        """Starts it again, in the same log."""
        return Sandbox(self._place, run(calls.start, self._place, options))

    def connect(self) -> Sandbox:
        """The running sandbox, to run commands in. Raises `SandboxNotRunning`."""
        return Sandbox(self._place, run(calls.inspect, self._place, "connect"))
