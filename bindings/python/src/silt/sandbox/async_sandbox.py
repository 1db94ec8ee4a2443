"""Sandboxes, for asyncio."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from .._generated.records import SandboxInfo
from .._generated.words import SandboxStatus
from .._native.hub import hub
from ..log.directory import AsyncLogReadable
from ..log.reader import Source
from . import place as calls
from .async_session import AsyncExecSession
from .exec import OnData, execute
from .exec_result import ExecResult
from .files import AsyncSandboxFiles
from .place import Place, place_of
from .session_calls import spawn

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .._generated.options import CommandOptions, SandboxOptions, StartOptions


class AsyncLocatedSandbox(AsyncLogReadable):
    """What can be done with a sandbox, running or not."""

    name: str

    files: AsyncSandboxFiles
    """Files as seen inside, relative to `/workspace`."""

    info: SandboxInfo
    """What was known of it when this object was made; `inspect()` asks again."""

    def __init__(self, place: Place, info: SandboxInfo) -> None:
        self.name = info.name
        self.info = info
        self.files = AsyncSandboxFiles(place)
        self._place = place

    @property
    def _source(self) -> Source:
        return self._place

    async def inspect(self) -> SandboxInfo:
        """What is known of it now."""
        return await calls.inspect(hub(), self._place)

    async def stop(self) -> None:
        """Ends it: SIGTERM to all commands, SIGKILL 5 s later. Its log stays. Harmless when it has ended."""
        await calls.ask(hub(), "stop", self._place)

    async def kill(self) -> None:
        """Ends it at once, with SIGKILL. Its log stays. Harmless when it has ended."""
        await calls.ask(hub(), "kill", self._place)

    async def remove(self, *, force: bool = False) -> None:
        """Removes it with its log, its private folder and its record; `force` ends it first when it runs."""
        await calls.ask(hub(), "remove", {**self._place, "force": force})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class AsyncSandbox(AsyncLocatedSandbox):
    """A running sandbox.

        async with await AsyncSandbox.create() as sandbox:
            print((await sandbox.exec("echo", ["hello"])).stdout)

    Its supervisor is a process of its own: what commands write is kept whether or not the program that
    started them lives. The end of an `async with` block stops it.
    """

    @classmethod
    async def create(cls, **options: Unpack[SandboxOptions]) -> AsyncSandbox:
        """Creates a sandbox and starts it.

        Raises `InvalidArgument`, `SandboxExists`, and `RuntimeUnavailable` or `LimitUnavailable` where
        this machine can not do it; the message names the mend. Nothing weaker is chosen instead.
        """
        return cls(*await calls.create(hub(), options))

    @classmethod
    async def get(cls, name: str) -> AsyncSandboxHandle:
        """Looks up a sandbox, running or not. Raises `SandboxNotFound`."""
        place = place_of(name)
        return AsyncSandboxHandle(place, await calls.inspect(hub(), place))

    @classmethod
    async def list(cls) -> list[AsyncSandboxHandle]:
        """All sandboxes of this user, by name, without their sessions."""
        return [AsyncSandboxHandle(place, info) for place, info in await calls.list_all(hub())]

    async def exec(
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
        terminal shows, too) and `on_stderr` get bytes as they come. When the waiting task
        is cancelled, the command is killed. Raises `InvalidArgument` when an option is wrong or `cwd` is not
        there.
        """
        return await execute(hub(), self._place, program, args, input, on_stdout, on_stderr, options)

    async def shell(
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
        return await execute(hub(), self._place, "/bin/sh", args, input, on_stdout, on_stderr, options)

    async def spawn(
        self,
        program: str,
        args: Sequence[str] = (),
        *,
        stdin: bool = True,
        **options: Unpack[CommandOptions],
    ) -> AsyncExecSession:
        """Starts a program and does not wait: for servers, for input, for a terminal.

        Without `stdin` there is nothing to `write()` to: its standard input is `/dev/null`.
        """
        return AsyncExecSession(await spawn(hub(), self._place, program, args, stdin, options))

    async def expose(self, port: int) -> str:
        """Makes a port inside reachable on this machine's loopback; returns `"http://127.0.0.1:…"`.

        At once, also before anything listens there: a connection waits up to 10 s for it.
        """
        return await calls.expose(hub(), self._place, port)

    async def disconnect(self) -> None:
        """Lets the sandbox go without stopping it, so that its `idle_timeout` can begin."""
        await calls.ask(hub(), "disconnect", self._place)

    async def __aenter__(self) -> AsyncSandbox:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


class AsyncSandboxHandle(AsyncLocatedSandbox):
    """A sandbox that was looked up: its log, its files, its life. It may run or not."""

    @property
    def status(self) -> SandboxStatus:
        """Its status when it was looked up."""
        return self.info.status

    async def start(self, **options: Unpack[StartOptions]) -> AsyncSandbox:
        """Starts it again, in the same log."""
        return AsyncSandbox(self._place, await calls.start(hub(), self._place, options))

    async def connect(self) -> AsyncSandbox:
        """The running sandbox, to run commands in. Raises `SandboxNotRunning`."""
        return AsyncSandbox(self._place, await calls.inspect(hub(), self._place, "connect"))
