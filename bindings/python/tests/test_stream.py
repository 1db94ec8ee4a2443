"""Streams for threads: every way hands over the same, and knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from sandboxes import in_thread, numbered_lines, plain, until

import silt

LINES = 3000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[silt.Sandbox]:
    with plain(logs={"max_bytes": 64 << 20, "segment_bytes": 64 << 10}) as made:
        made.shell(numbered_lines(0, LINES))
        made.shell("echo 'ERROR: bad' >&2; printf 'a\\377b\\r\\n'; printf rest")
        yield made


def whole(sandbox: silt.Sandbox) -> list[silt.LogEntry]:
    return list(sandbox.log_stream())


def test_every_way_hands_over_the_same_in_order(sandbox: silt.Sandbox) -> None:
    with sandbox.log_stream() as stream:
        entries = list(stream)
        assert stream.end is not None
        assert stream.end.reason == "drained"
        totals = stream.end.logs["exec"]
        assert (totals.entries, totals.first_sequence, totals.gaps) == (len(entries), 1, 0)
    assert [entry.line for entry in entries[:LINES]] == [f"line {i}" for i in range(LINES)]
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))

    expected = [entry.to_json() for entry in entries]
    stream = sandbox.log_stream()
    received = []
    while (entry := stream.recv()) is not None:
        received.append(entry.to_json())
    assert received == expected
    assert stream.recv() is None
    batches = list(sandbox.log_stream().batches())
    assert all(batches)
    assert [entry.to_json() for batch in batches for entry in batch] == expected
    assert b"".join(sandbox.log_stream().bytes()) == b"".join(entry.data for entry in entries)
    assert [entry.to_json() for entry in sandbox.logs()] == expected


def test_formats(sandbox: silt.Sandbox) -> None:
    entries = whole(sandbox)
    lines = b"".join(sandbox.log_stream().bytes("ndjson")).splitlines()
    assert len(lines) == len(entries)
    events = b"".join(sandbox.log_stream().bytes("sse")).decode().split("\n\n")
    assert len(events) == len(entries) + 2
    assert "event: end" in events[-2]
    with pytest.raises(silt.InvalidArgument):
        next(sandbox.log_stream().bytes("xml"))  # type: ignore[arg-type]


def test_fields_of_an_entry(sandbox: silt.Sandbox) -> None:
    before = datetime.now(timezone.utc)
    first, error, bad, rest = (entry for entry in whole(sandbox) if entry.sequence in (1, *range(3001, 3004)))
    by_source = {entry.source: entry for entry in (error, bad)}
    assert (by_source["stderr"].level, first.level) == ("ERROR", "INFO")
    raw = by_source["stdout"]
    assert (raw.data, raw.text(), raw.line) == (b"a\xffb\r\n", "a\ufffdb\r\n", "a\ufffdb")
    assert raw.to_json()["encoding"] == "base64"
    assert rest.data == b"rest"
    assert first.timestamp.tzinfo is timezone.utc
    assert first.timestamp < before
    assert abs(first.timestamp.timestamp() - first.timestamp_ns / 1e9) < 1e-5
    assert (first.type, first.log, first.session_id, first.part) == ("entry", "exec", 1, None)
    assert repr(first) == "<LogEntry exec 1 stdout 'line 0'>"


def test_position_is_after_what_was_handed_over_however_far_the_engine_read_ahead(
    sandbox: silt.Sandbox,
) -> None:
    for count in (0, 1, 7, 1500, LINES):
        stream = sandbox.log_stream(sources=["stdout"])
        taken = [stream.recv() for _ in range(count)]
        assert None not in taken
        position = stream.position
        stream.close()
        assert stream.position == position
        following = sandbox.log_stream(sources=["stdout"], from_cursor=position).recv()
        assert following is not None
        assert following.sequence == count + 1 or count == LINES


def test_a_close_keeps_the_position_that_went_on_over_what_a_filter_leaves_out() -> None:
    with plain() as sandbox:
        stream = sandbox.log_stream(follow=True, grep="wanted")
        sandbox.exec("echo", ["wanted"])
        entry = stream.recv()
        assert entry is not None
        assert entry.line == "wanted"
        handed = stream.position
        sandbox.exec("seq", ["100"])

        def has_gone_on() -> bool:
            assert stream.try_recv() is silt.PENDING
            return stream.position != handed

        until(has_gone_on, "the stream goes over what its filter leaves out")
        position = stream.position
        stream.close()
        assert stream.position == position
        assert stream.end is not None
        assert stream.end.logs["exec"].entries == 1


def test_a_loop_that_was_left_goes_on_and_with_closes(sandbox: silt.Sandbox) -> None:
    with sandbox.log_stream(sources=["stdout"]) as stream:
        for entry in stream:
            if entry.sequence == 5:
                break
        assert stream.end is None
        assert next(iter(stream)).sequence == 6
    assert stream.end is not None
    assert (stream.end.reason, stream.end.logs["exec"].entries) == ("closed", 6)
    assert list(stream) == []


def test_try_recv_tells_not_yet_from_never() -> None:
    sandbox = plain()
    stream = sandbox.log_stream(follow=True)
    assert stream.try_recv() is silt.PENDING
    assert not silt.PENDING
    sandbox.shell("echo one")
    until(lambda: isinstance(stream.try_recv(), silt.LogEntry), "no entry came")
    sandbox.stop()
    until(lambda: stream.try_recv() is None, "the stream did not end")
    assert stream.end is not None
    assert stream.end.reason == "stopped"


def test_a_close_from_another_thread_ends_the_waiting() -> None:
    with plain() as sandbox:
        stream = sandbox.log_stream(follow=True)
        received = in_thread(stream.recv)
        stream.close()
        assert received() is None
        assert stream.end is not None
        assert stream.end.reason == "closed"


def test_a_follower_gets_what_comes() -> None:
    with plain() as other:
        stream = other.log_stream(follow=True)
        received = in_thread(stream.recv)
        other.shell("echo came")
        assert received().line == "came"


def test_snapshots_have_cursor_and_gaps(sandbox: silt.Sandbox) -> None:
    snapshot = sandbox.logs(tail=3)
    assert len(snapshot) == 3
    assert not sandbox.logs().truncated
    assert snapshot.gaps == []
    assert sandbox.logs(from_cursor=snapshot.cursor) == []
    assert [entry.line for entry in sandbox.logs(grep="^line 12$")] == ["line 12"]
    assert [entry.level for entry in sandbox.logs(level="ERROR")] == ["ERROR"]


def test_a_folder_is_read_and_verified_without_a_sandbox(sandbox: silt.Sandbox) -> None:
    folder = f"{sandbox.inspect().workdir}/../logs"
    directory = silt.LogDirectory.open(folder)
    assert len(directory.logs()) == len(whole(sandbox))
    report = directory.verify()
    assert report.whole
    assert report.logs[0].entries == len(whole(sandbox))
    assert sandbox.verify().logs[0] == report.logs[0]
    with pytest.raises(silt.SiltError) as refused:
        silt.LogDirectory.open("/nowhere")
    assert refused.value.code == "NotFound"
    assert refused.value.fields["path"] == "/nowhere"
