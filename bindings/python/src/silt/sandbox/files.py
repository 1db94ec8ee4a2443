"""Files of sandboxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._generated.records import FileInfo
from .._native.blocking import run
from .._native.channel import Channel
from .._native.hub import hub
from .place import Place, ask
from .session_calls import bytes_given


class SandboxFiles:
    """Files of a sandbox's working folder, running or not: paths are relative to `/workspace`.

    No link and no `..` leads out; a link's absolute target counts from `/workspace`. What `mounts`
    show there is not seen.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return run(_read, {**self._place, "path": path})

    def read_text(self, path: str) -> str:
        """A file as text; what is not UTF-8 shows as U+FFFD."""
        return self.read(path).decode("utf-8", "replace")

    def write(self, path: str, data: str | bytes) -> None:
        """Writes a file, whole; folders above it are made. A link there is replaced, not followed."""
        run(_write, {**self._place, "path": path}, data)

    def list(self, path: str = ".") -> list[FileInfo]:
        """What a folder holds, by name."""
        return run(_list, {**self._place, "path": path})

    def remove(self, path: str) -> None:
        """Removes a file, or a folder with all that it holds."""
        run(ask, "removeFile", {**self._place, "path": path})


class AsyncSandboxFiles:
    """Files of a sandbox's working folder, running or not: paths are relative to `/workspace`.

    No link and no `..` leads out; a link's absolute target counts from `/workspace`. What `mounts`
    show there is not seen.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    async def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return await _read(hub(), {**self._place, "path": path})

    async def read_text(self, path: str) -> str:
        """A file as text; what is not UTF-8 shows as U+FFFD."""
        return (await self.read(path)).decode("utf-8", "replace")

    async def write(self, path: str, data: str | bytes) -> None:
        """Writes a file, whole; folders above it are made. A link there is replaced, not followed."""
        await _write(hub(), {**self._place, "path": path}, data)

    async def list(self, path: str = ".") -> list[FileInfo]:
        """What a folder holds, by name."""
        return await _list(hub(), {**self._place, "path": path})

    async def remove(self, path: str) -> None:
        """Removes a file, or a folder with all that it holds."""
        await ask(hub(), "removeFile", {**self._place, "path": path})


async def _read(channel: Channel, params: Mapping[str, Any]) -> bytes:
    reply = await channel.call("readFile", params)
    reply.result()
    return reply.payload


async def _write(channel: Channel, params: Mapping[str, Any], data: str | bytes) -> None:
    (await channel.call("writeFile", params, bytes_given(data, "data"))).result()


async def _list(channel: Channel, params: Mapping[str, Any]) -> list[FileInfo]:
    return [FileInfo.from_json(file) for file in await ask(channel, "listFiles", params)]
