"""Puts the cases of conformance/ to this client; what it is asked and answers is in conformance/README.md.

One event loop: what the blocking classes are asked runs in threads beside it, so that requests overlap.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from typing import Any

from convert import error_to_json
from operations import Operations
from reading import WAYS

import silt


class Agent:
    def __init__(self) -> None:
        self.operations = Operations()
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 26)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            task = asyncio.ensure_future(self.answer(json.loads(line)))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def answer(self, request: dict[str, Any]) -> None:
        try:
            answer = {"id": request["id"], "ok": await self.operate(request)}
        except Exception as error:
            answer = {"id": request["id"], "error": error_to_json(error)}
        print(json.dumps(answer), flush=True)

    async def operate(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["op"] == "hello":
            return {"client": "python", "version": silt.__version__, "ways": list(WAYS)}
        operation = getattr(self.operations, request["op"], None)
        if operation is None:
            raise ValueError(f"there is no operation {request['op']}")
        answered: dict[str, Any] = await operation(request)
        return answered


if __name__ == "__main__":
    try:
        asyncio.run(Agent().run())
    except Exception:
        traceback.print_exc()
        sys.exit(1)
