"""What commands write, while they are waited for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .._generated.layout import META_SOURCE, META_SOURCE_MASK
from .._generated.records import SessionEnd
from .._generated.words import SOURCES, Source
from ..log.batch import Batch

# How much of a stream `exec` keeps, in bytes.
_KEPT = 64 * 1024 * 1024


class Output:
    """The newest bytes of one stream of a command."""

    def __init__(self, sources: tuple[Source, ...], on_data: Callable[[bytes], object] | None) -> None:
        self._names = sources
        self._wanted = frozenset(SOURCES.index(source) for source in sources)
        self._on_data = on_data
        self._chunks: deque[bytes] = deque()
        self._length = 0
        self._received = 0
        # Whether entries were missing, of this session or of another.
        self._gaps = False

    def take(self, batch: Batch, begin: int) -> None:
        """Takes what the items of a batch from `begin` on have of the stream."""
        found = []
        for index in range(begin, batch.items):
            if batch.is_gap(index):
                self._gaps = True
            elif batch.meta[index] >> META_SOURCE & META_SOURCE_MASK in self._wanted:
                at = batch.data + batch.data_offsets[index]
                found.append(batch.raw[at : at + batch.data_lengths[index]])
        if found:
            self._keep(b"".join(found))

    def _keep(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self._length += len(chunk)
        self._received += len(chunk)
        while self._length - len(self._chunks[0]) >= _KEPT:
            self._length -= len(self._chunks.popleft())
        if self._on_data is not None:
            self._on_data(chunk)

    def bytes(self) -> bytes:
        """All that is kept."""
        return b"".join(self._chunks)[-_KEPT:]

    def is_truncated(self, end: SessionEnd) -> bool:
        """Whether it wrote more than is kept: more than fits, or what the log did not keep either."""
        if self._received > _KEPT:
            return True
        # While detached, it is not known yet what the command writes in all.
        if end.detached:
            return self._gaps
        written = sum(total.bytes for total in end.totals if total.source in self._names)
        return written != self._received
