"""The bytes of entries are those that the program counted and hashed itself."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
from sandboxes import plain, root

import silt

PROGRAMS = root / "packages/sandbox/test/programs/native"

Accounts = dict[str, tuple[int, str]]


def written(account: Path) -> Accounts:
    lines = (line.split() for line in account.read_text().splitlines())
    return {name: (int(size), sha256) for name, size, sha256 in lines}


class Received:
    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.hashes: dict[str, hashlib._Hash] = {}

    def add(self, entry: silt.LogEntry) -> None:
        data = entry.data
        self.sizes[entry.source] = self.sizes.get(entry.source, 0) + len(data)
        self.hashes.setdefault(entry.source, hashlib.sha256()).update(data)

    def accounts(self) -> Accounts:
        return {name: (size, self.hashes[name].hexdigest()) for name, size in self.sizes.items()}


@pytest.mark.parametrize("kind", ["for", "async for"])
def test_any_bytes_in_any_portions(kind: str, tmp_path: Path) -> None:
    with plain(logs={"max_bytes": 1 << 30, "segment_bytes": 1 << 20}, workdir=tmp_path) as sandbox:
        stream = sandbox.log_stream(follow=True)
        args = ["7", str(4 << 20), str(6 << 20), str(tmp_path / "account")]
        session = sandbox.spawn(str(PROGRAMS / "print-random"), args)
        received = Received()

        async def read() -> None:
            handle = await silt.AsyncSandbox.get(sandbox.name)
            async for entry in await handle.log_stream(
                follow=True, until=None, sessions=[session.session_id]
            ):
                received.add(entry)

        end = session.wait()
        assert end.exit_code == 0
        sandbox.stop()
        if kind == "for":
            for entry in stream:
                received.add(entry)
        else:
            asyncio.run(read())
    account = written(tmp_path / "account")
    assert account["stdout"][0] > 6 << 20
    assert received.accounts() == account
    for total in end.totals:
        assert (total.bytes, total.sha256) == account[total.source]
