"""Where sandboxes are, and the calls that need no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._generated.methods import Method
from .._generated.records import ExposedPort, SandboxInfo
from .._native.channel import Channel
from .._native.places import executable_path, home
from .._native.wire import options_to_wire

Place = Mapping[str, str]
"""`home` and `name`. The home is fixed when it is found: a later change of `SILT_HOME` does not move it."""


def place_of(name: str) -> Place:
    """The place of a sandbox in this user's home."""
    return {"home": home(), "name": name}


async def ask(channel: Channel, method: Method, params: Mapping[str, Any]) -> Any:
    """What a method answers."""
    return (await channel.call(method, params)).result()


async def inspect(channel: Channel, place: Place, method: Method = "get") -> SandboxInfo:
    """What is known of a sandbox."""
    return SandboxInfo.from_json(await ask(channel, method, place))


async def create(channel: Channel, options: Mapping[str, Any]) -> tuple[Place, SandboxInfo]:
    """Creates a sandbox and starts it."""
    where = home()
    wire = options_to_wire("SandboxOptions", options)
    params = {"home": where, "executable": executable_path(), "options": wire}
    info = SandboxInfo.from_json(await ask(channel, "create", params))
    return {"home": where, "name": info.name}, info


async def start(channel: Channel, place: Place, options: Mapping[str, Any]) -> SandboxInfo:
    """Starts a sandbox again."""
    wire = options_to_wire("StartOptions", options)
    params = {**place, "executable": executable_path(), "options": wire}
    return SandboxInfo.from_json(await ask(channel, "start", params))


async def list_all(channel: Channel) -> list[tuple[Place, SandboxInfo]]:
    """All sandboxes of this user."""
    where = home()
    infos = [SandboxInfo.from_json(info) for info in await ask(channel, "list", {"home": where})]
    return [({"home": where, "name": info.name}, info) for info in infos]


async def expose(channel: Channel, place: Place, port: int) -> str:
    """Makes a port inside reachable."""
    exposed = ExposedPort.from_json(await ask(channel, "expose", {**place, "port": port}))
    return f"http://127.0.0.1:{exposed.port}"
