/* silt.h - logs and sandboxes from C.
 *
 * Text is UTF-8. Options, parameters, answers, errors and ends are JSON; entries come
 * in packed batches, to be read by silt_batch.h. What an option, a method or an error
 * means is in silt_definition.h and in docs/c.md.
 *
 * Status: a function that can fail returns SILT_OK, SILT_PENDING, SILT_END or SILT_ERROR.
 * With SILT_ERROR its buffer holds {"code","message","retryable","fields"}. Where it has
 * no buffer, the only error is a handle that is not open. A buffer that a call writes to
 * is overwritten, never freed: free what it held before.
 *
 * Handles are numbers. One that was closed, or never given, is refused with
 * InvalidArgument. 0 is never given.
 *
 * Threads: every function may be called from every thread at any time; what two calls
 * at once for one handle do is said at the function. No function waits for another
 * one's waiting. A close wakes who waits.
 *
 * The library starts threads of its own, as long as there is something to follow or to
 * answer. They do not keep a process from exiting. Nothing is called back: the one way in
 * which the library wakes its user is a queue.
 *
 * After fork() without exec() the child has none of those threads: it may free buffers
 * and read batches, and everything else is refused with InvalidArgument (option
 * "process"). What the parent had open stays open in the child until it execs or ends.
 */

#ifndef SILT_H
#define SILT_H

/* Generated from bindings/c/src by `npm run generate`. Do not edit. */

#include <stddef.h>
#include <stdint.h>

// `silt_queue_wake` was called.
#define SILT_EVENT_WAKE 0

// A stream that gave `SILT_PENDING` is worth a `silt_stream_take` again.
#define SILT_EVENT_STREAM 1

// The answer to a call: `json`, and `payload` of methods that answer bytes.
#define SILT_EVENT_REPLY 2

// The error of a call, in `json`.
#define SILT_EVENT_ERROR 3

// Done.
#define SILT_OK 0

// Nothing now.
#define SILT_PENDING 1

// The stream has ended; the buffer holds its end as JSON.
#define SILT_END 2

// It failed; the buffer holds the error as JSON:
// `{"code","message","retryable","fields"}`.
#define SILT_ERROR 3

// Bytes that the library made: JSON as UTF-8, or a batch. `data` is NULL where
// there are none. A zero byte that `len` does not count stands behind the last
// one, so that JSON can be used as a C string. Give it to `silt_free`, once.
struct SiltBuffer {
  uint8_t *data;
  size_t len;
};

// Something that happened.
struct SiltEvent {
  // The number given to `silt_call` or `silt_stream_open`.
  uint64_t token;
  // One of `SILT_EVENT_…`.
  int32_t kind;
  // To be freed by the caller.
  struct SiltBuffer json;
  // To be freed by the caller.
  struct SiltBuffer payload;
};

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// A number made from the signatures of all functions, the layout of a batch and
// `interface.json`. A program that was compiled for another number must not call
// anything else: compare with `SILT_ABI` of `silt_definition.h` after loading.
//
// Any thread.
uint64_t silt_abi(void);

// The version of the library, such as `0.1.0`. Never freed.
//
// Any thread.
const char *silt_version(void);

// The cursor just after item `index` of a batch, as text in `out`.
//
// `SILT_ERROR` (`InvalidArgument`) when these bytes are no batch, or it has no such
// item. Any thread; the batch may come from a stream that is closed.
//
// Pointers: `batch` points to `len` bytes; `out` can be written to.
int32_t silt_batch_cursor(const uint8_t *batch, size_t len, size_t index, struct SiltBuffer *out);

// The position of a reader who was handed the items before `index`, as text in
// `out`: a cursor after them, and after what filters skipped before `index`, which
// may be the number of items.
//
// Errors and threads as of `silt_batch_cursor`.
//
// Pointers: As of `silt_batch_cursor`.
int32_t silt_batch_position(const uint8_t *batch, size_t len, size_t index, struct SiltBuffer *out);

// The level of every item of a batch, a byte each in `out`: 0 (`DEBUG`) to 4
// (`CRITICAL`), 0 for gaps.
//
// Errors and threads as of `silt_batch_cursor`.
//
// Pointers: As of `silt_batch_cursor`.
int32_t silt_batch_levels(const uint8_t *batch, size_t len, struct SiltBuffer *out);

// Item `index` of a batch as one JSON object in `out`, an entry or a gap; an entry
// has its `cursor` only if `with_cursor` is not 0.
//
// Errors and threads as of `silt_batch_cursor`.
//
// Pointers: As of `silt_batch_cursor`.
int32_t silt_batch_json(const uint8_t *batch,
                        size_t len,
                        size_t index,
                        int32_t with_cursor,
                        struct SiltBuffer *out);

// The items of a batch from item `from` on, as bytes in `out`. `format` is `text`
// (what was written, and a line of its own in place of a gap), `ndjson` or `sse`
// (server-sent events, each with its cursor as id).
//
// Errors and threads as of `silt_batch_cursor`; also for a format that is none.
//
// Pointers: As of `silt_batch_cursor`; `format` points to `format_len` bytes.
int32_t silt_batch_frames(const uint8_t *batch,
                          size_t len,
                          size_t from,
                          const uint8_t *format,
                          size_t format_len,
                          struct SiltBuffer *out);

// What stands behind the last item of a stream in `format`, from its end as JSON;
// none but for `sse`.
//
// `SILT_ERROR` for a format that is none. Any thread.
//
// Pointers: `end` points to `end_len` bytes, `format` to `format_len`; `out` can be written to.
int32_t silt_end_frame(const uint8_t *end,
                       size_t end_len,
                       const uint8_t *format,
                       size_t format_len,
                       struct SiltBuffer *out);

// Frees a buffer. One without bytes is ignored.
//
// Any thread, also another than the one that got the buffer.
//
// Pointers: The buffer came from this library, unchanged, and is not freed a second time.
void silt_free(struct SiltBuffer buffer);

// Calls a method of `interface.json` with parameters as JSON. Never waits.
//
// It is answered by exactly one event with `token` on `queue`: `SILT_EVENT_REPLY` or
// `SILT_EVENT_ERROR`. `SILT_ERROR` with `error` when the queue is not open or text is
// not UTF-8; then there is no event. All that is passed is copied.
// Any thread.
//
// Pointers: `method`, `params` and `payload` point to as many bytes as is said, or are NULL
// with a length of 0; `error` is NULL or can be written to.
int32_t silt_call(uint64_t queue,
                  uint64_t token,
                  const uint8_t *method,
                  size_t method_len,
                  const uint8_t *params,
                  size_t params_len,
                  const uint8_t *payload,
                  size_t payload_len,
                  struct SiltBuffer *error);

// Calls a method and blocks the thread until it is answered.
//
// `SILT_OK` with the answer in `json` and, of methods that answer bytes, in `answered`;
// `SILT_ERROR` with the error in `json`. The caller frees both.
// Any thread, several at a time.
//
// Pointers: As of `silt_call`, for `json` and `answered` too.
int32_t silt_call_wait(const uint8_t *method,
                       size_t method_len,
                       const uint8_t *params,
                       size_t params_len,
                       const uint8_t *payload,
                       size_t payload_len,
                       struct SiltBuffer *json,
                       struct SiltBuffer *answered);

// Opens a queue, on which calls are answered and streams say that they can be
// taken from. One is enough for a whole program. Close it with `silt_queue_close`.
//
// `error` gets the error as JSON with `SILT_ERROR`: `Io` without descriptors.
// Any thread.
//
// Pointers: `queue` and `error` are NULL or can be written to.
int32_t silt_queue_open(uint64_t *queue, struct SiltBuffer *error);

// A non-blocking descriptor (an eventfd) that is readable while the queue holds
// events: for `poll`, `epoll` and event loops. `silt_queue_next` resets it when it
// takes the last event. Reading from it is allowed and not needed: take an event
// after it, which makes the descriptor readable again where others are left. It
// belongs to the queue and is closed with it: take it out of your loop first, and
// give a runtime that closes what it polls a `dup` of it. -1 when there is no such
// queue.
//
// Any thread.
int32_t silt_queue_fd(uint64_t queue);

// The next event. Waits for one for up to `timeout_ms` milliseconds, with -1 for
// ever, with 0 not at all.
//
// `SILT_OK` with an event, whose two buffers the caller frees; `SILT_PENDING` when
// the time is up; `SILT_ERROR` with the error in `event->json` when the queue is not
// open, or was closed meanwhile.
// Any thread, several at a time: each event goes to one of them.
//
// Pointers: `event` can be written to.
int32_t silt_queue_next(uint64_t queue, int32_t timeout_ms, struct SiltEvent *event);

// As `silt_queue_next`, but up to `most` events at once, as many as there are.
// `count` gets their number and may be NULL. With `SILT_ERROR` the error is in the
// `json` of the first.
//
// Any thread, several at a time.
//
// Pointers: `most` events can be written to `events`, at least one; `count` is NULL or can be
// written to.
int32_t silt_queue_next_many(uint64_t queue,
                             int32_t timeout_ms,
                             struct SiltEvent *events,
                             size_t most,
                             size_t *count);

// Wakes one waiter of the queue, now or as soon as one waits, with an event
// `SILT_EVENT_WAKE`. Several before it is taken are one.
//
// `SILT_ERROR` when the queue is not open. Any thread.
int32_t silt_queue_wake(uint64_t queue);

// Closes the queue and its descriptor; events that were not taken are dropped.
// Whoever waits on it is woken with `SILT_ERROR`. Streams on it can still be taken
// from; calls go on, and their answers are dropped.
//
// `SILT_ERROR` when the queue is not open. Any thread.
int32_t silt_queue_close(uint64_t queue);

// Opens a stream of a log. `params` is JSON: `{"home", "name"}` for the log of a
// sandbox or `{"folder"}` for one in a folder, `"options"` (see `interface.json`), and
// `"mode"`: `"stream"` (default), or `"snapshot"`, which reports gaps in band.
//
// After `SILT_PENDING` there is one `SILT_EVENT_STREAM` with `token` on `queue`; a
// `queue` of 0 is for none. `SILT_ERROR` with `error`: `InvalidArgument` before anything
// is looked at, `SandboxNotFound`, `NotFound`, `InvalidCursor` and others of the log.
// It reads the disk, for a moment; it does not wait. Any thread.
//
// Pointers: `params` points to `params_len` bytes; `stream` and `error` are NULL or can be
// written to.
int32_t silt_stream_open(const uint8_t *params,
                         size_t params_len,
                         uint64_t queue,
                         uint64_t token,
                         uint64_t *stream,
                         struct SiltBuffer *error);

// The next batch of at most `max_entries` entries and about `max_bytes` bytes, one
// entry at least; 0 is 1,024 entries and 256 KiB. Never waits.
//
// `SILT_OK` with a batch in `out`, to be read by `silt_batch.h`. One without items says
// that filters used up their share of time: take again, at once or after others had
// their turn. `SILT_PENDING` when there is nothing now: exactly one event comes on the
// stream's queue, once it is worth taking again, or it is closed. `SILT_END` with the
// end as JSON in `out`, `SILT_ERROR` with the error; both are final, and the stream is
// still to be closed. A take while an event is due owes no second one.
// Any thread, one after the other: a second waits for the first. Threads that take
// from one stream at once get batches in no order that they could know.
//
// Pointers: `out` can be written to.
int32_t silt_stream_take(uint64_t stream,
                         uint32_t max_entries,
                         uint32_t max_bytes,
                         struct SiltBuffer *out);

// Blocks the thread until the stream is worth taking from, after it gave
// `SILT_PENDING`; for up to `timeout_ms` milliseconds, with -1 for ever. For programs
// without a queue; one that has a queue gets its event all the same.
//
// `SILT_OK`: take again. `SILT_PENDING`: the time is up. `SILT_ERROR`: the stream is not
// open, or was closed meanwhile by another thread, which wakes this one.
// Any thread, also while another takes or closes.
int32_t silt_stream_wait(uint64_t stream, int32_t timeout_ms);

// The cursor, as text in `out`, of a reader who was handed all batches so far. Of one
// who stands within a batch: `silt_batch_position`.
//
// `SILT_ERROR` when the stream is not open. Any thread.
//
// Pointers: `out` can be written to.
int32_t silt_stream_position(uint64_t stream, struct SiltBuffer *out);

// Nothing after entry `last` of the log `exec` is wanted: a following stream ends
// there, or where the log ends now, if that is before. A waiter is woken.
//
// `SILT_ERROR` when the stream is not open. Any thread.
int32_t silt_stream_finish(uint64_t stream, uint64_t last);

// Closes the stream and gives up all that it holds. `end` gets its end as JSON:
// `{"reason","position","truncated","logs"}`, with `reason` as given (`closed` when it is
// none of the end reasons). If only the items before `index` of the newest batch were
// handed over, pass that batch, so that position and totals say so; else NULL.
//
// A thread that waits for this stream is woken with `SILT_ERROR`, and an event that is
// due comes now. `SILT_ERROR` when the stream is not open: a second close is harmless.
// Any thread, also while another takes: it waits for that.
//
// Pointers: `reason` points to `reason_len` bytes, `batch` to `batch_len` or is NULL; `end` is
// NULL or can be written to.
int32_t silt_stream_close(uint64_t stream,
                          const uint8_t *reason,
                          size_t reason_len,
                          const uint8_t *batch,
                          size_t batch_len,
                          size_t index,
                          struct SiltBuffer *end);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SILT_H */
