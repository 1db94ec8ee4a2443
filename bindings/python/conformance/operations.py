"""What a runner can ask: each operation of the blocking classes, or of asyncio's, by the request's way."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from convert import item_to_json, options_from_json, to_base64, to_json
from reading import Reading, end_to_json, is_async

import silt

Request = dict[str, Any]


class Operations:
    def __init__(self) -> None:
        self.sandboxes: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}
        self.streams: dict[str, Reading] = {}
        # Any number of reads may wait at once.
        self.threads = ThreadPoolExecutor(max_workers=256)

    async def do(self, request: Request, function: Callable[[], Any]) -> Any:
        """Calls a method of either kind of class."""
        if is_async(request["way"]):
            return await function()
        return await asyncio.get_running_loop().run_in_executor(self.threads, function)

    def kind(self, request: Request) -> Any:
        return silt.AsyncSandbox if is_async(request["way"]) else silt.Sandbox

    async def place(self, request: Request) -> Any:
        if "folder" in request:
            kind: Any = silt.AsyncLogDirectory if is_async(request["way"]) else silt.LogDirectory
            return await self.do(request, lambda: kind.open(request["folder"]))
        return self.sandbox(request) if "sandbox" in request else self.session(request)

    def sandbox(self, request: Request) -> Any:
        return self.sandboxes[request["sandbox"]]

    def session(self, request: Request) -> Any:
        return self.sessions[request["session"]]

    async def open(self, request: Request) -> Request:
        place = await self.place(request)
        options = options_from_json("LogStreamOptions", request.get("options"))
        stream = await self.do(request, lambda: place.log_stream(**options))
        self.streams[request["stream"]] = Reading(stream, request["way"])
        return {}

    async def read(self, request: Request) -> Request:
        reading, count = self.streams[request["stream"]], request["count"]
        read = reading.read_async if is_async(reading.way) else reading.read
        answer: Request = await self.do(request, lambda: read(count))
        return answer

    async def position(self, request: Request) -> Request:
        return {"position": self.streams[request["stream"]].stream.position}

    async def close(self, request: Request) -> Request:
        stream = self.streams.pop(request["stream"]).stream
        await self.do(request, stream.close)
        return {"end": end_to_json(stream), "position": stream.position}

    async def snapshot(self, request: Request) -> Request:
        place = await self.place(request)
        options = options_from_json("LogSnapshotOptions", request.get("options"))
        snapshot = await self.do(request, lambda: place.logs(**options))
        return {
            "items": [item_to_json(item) for item in snapshot],
            "gaps": [item_to_json(gap) for gap in snapshot.gaps],
            "truncated": snapshot.truncated,
            "cursor": snapshot.cursor,
        }

    async def verify(self, request: Request) -> Request:
        place = await self.place(request)
        return {"report": to_json(await self.do(request, place.verify))}

    async def create(self, request: Request) -> Request:
        options = options_from_json("SandboxOptions", request.get("options"))
        sandbox = await self.do(request, lambda: self.kind(request).create(**options))
        self.sandboxes[request["sandbox"]] = sandbox
        return {"name": sandbox.name}

    async def get(self, request: Request) -> Request:
        handle = await self.do(request, lambda: self.kind(request).get(request["name"]))
        self.sandboxes[request["sandbox"]] = handle
        return {"info": to_json(handle.info)}

    async def list(self, request: Request) -> Request:
        handles = await self.do(request, self.kind(request).list)
        return {"infos": [to_json(handle.info) for handle in handles]}

    async def start(self, request: Request) -> Request:
        self.sandboxes[request["sandbox"]] = await self.do(request, self.sandbox(request).start)
        return {}

    async def connect(self, request: Request) -> Request:
        self.sandboxes[request["sandbox"]] = await self.do(request, self.sandbox(request).connect)
        return {}

    async def stop(self, request: Request) -> Request:
        await self.do(request, self.sandbox(request).stop)
        return {}

    async def kill(self, request: Request) -> Request:
        await self.do(request, self.sandbox(request).kill)
        return {}

    async def remove(self, request: Request) -> Request:
        force = bool(request.get("force", False))
        await self.do(request, lambda: self.sandbox(request).remove(force=force))
        del self.sandboxes[request["sandbox"]]
        return {}

    async def release(self, request: Request) -> Request:
        sandbox = self.sandboxes.pop(request["sandbox"], None)
        if isinstance(sandbox, (silt.Sandbox, silt.AsyncSandbox)):
            await self.do(request, sandbox.disconnect)
        return {}

    async def exec(self, request: Request) -> Request:
        given = dict(request.get("options") or {})
        data = given.pop("input", None)
        options = options_from_json("CommandOptions", given)
        if data is not None:
            options["input"] = base64.b64decode(data)
        sandbox, program, args = self.sandbox(request), request["program"], request.get("args") or []
        result = await self.do(request, lambda: sandbox.exec(program, args, **options))
        return {
            **_end(result),
            "truncated": result.truncated,
            "stdout": to_base64(result.stdout_bytes),
            "stderr": to_base64(result.stderr_bytes),
        }

    async def spawn(self, request: Request) -> Request:
        options = options_from_json("CommandOptions", request.get("options"))
        sandbox, program, args = self.sandbox(request), request["program"], request.get("args") or []
        session = await self.do(request, lambda: sandbox.spawn(program, args, **options))
        self.sessions[request["session"]] = session
        return {"sessionId": session.session_id}

    async def write(self, request: Request) -> Request:
        data = base64.b64decode(request["data"])
        await self.do(request, lambda: self.session(request).write(data))
        return {}

    async def endInput(self, request: Request) -> Request:
        await self.do(request, self.session(request).end)
        return {}

    async def signal(self, request: Request) -> Request:
        await self.do(request, lambda: self.session(request).kill(request["signal"]))
        return {}

    async def resize(self, request: Request) -> Request:
        columns, rows = request["columns"], request["rows"]
        await self.do(request, lambda: self.session(request).resize(columns, rows))
        return {}

    async def wait(self, request: Request) -> Request:
        return _end(await self.do(request, self.session(request).wait))

    async def expose(self, request: Request) -> Request:
        return {"url": await self.do(request, lambda: self.sandbox(request).expose(request["port"]))}

    async def readFile(self, request: Request) -> Request:
        read = self.sandbox(request).files.read
        return {"data": to_base64(await self.do(request, lambda: read(request["path"])))}

    async def writeFile(self, request: Request) -> Request:
        data = base64.b64decode(request["data"])
        await self.do(request, lambda: self.sandbox(request).files.write(request["path"], data))
        return {}

    async def listFiles(self, request: Request) -> Request:
        listing = self.sandbox(request).files.list
        return {"files": to_json(await self.do(request, lambda: listing(request["path"])))}

    async def removeFile(self, request: Request) -> Request:
        await self.do(request, lambda: self.sandbox(request).files.remove(request["path"]))
        return {}


def _end(end: silt.SessionEnd) -> Request:
    names = ("sessionId", "exitCode", "signal", "timedOut", "detached", "totals")
    return {name: value for name, value in to_json(end).items() if name in names}
