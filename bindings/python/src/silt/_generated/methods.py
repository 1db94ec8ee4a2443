# Generated from crates/silt-interface by `npm run generate`. Do not edit.
"""What the core can be asked to do."""

from typing import Literal, TypeAlias

Method: TypeAlias = Literal[
    "create",
    "start",
    "connect",
    "disconnect",
    "get",
    "list",
    "stop",
    "kill",
    "remove",
    "spawn",
    "write",
    "closeStdin",
    "signal",
    "resize",
    "wait",
    "expose",
    "readFile",
    "writeFile",
    "listFiles",
    "removeFile",
    "openLog",
    "verifyLog",
]
