"""What is measured: this client and microsandbox's, which has the same names and asyncio alone."""

from __future__ import annotations

import importlib
from typing import Any


async def handle_of(peer: str, sandbox: str) -> Any:
    """A sandbox of a client for asyncio."""
    client = importlib.import_module(peer)
    return await (client.AsyncSandbox if peer == "silt" else client.Sandbox).get(sandbox)
