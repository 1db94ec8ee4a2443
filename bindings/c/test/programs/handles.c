/* Handles that are forged, stale, closed or of another kind are refused; so are NULL and
 * text that is none.
 *
 *   handles FOLDER
 */

#include "check.h"

static void refused(uint64_t handle) {
  struct SiltBuffer out;
  CHECK(silt_stream_take(handle, 0, 0, &out) == SILT_ERROR);
  CHECK(contains(out, "\"InvalidArgument\""));
  silt_free(out);
  CHECK(silt_stream_position(handle, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_stream_wait(handle, 0) == SILT_ERROR);
  CHECK(silt_stream_finish(handle, 1) == SILT_ERROR);
  CHECK(silt_stream_close(handle, NULL, 0, NULL, 0, 0, &out) == SILT_ERROR);
  CHECK(contains(out, "\"InvalidArgument\""));
  silt_free(out);
}

static void refused_as_queue(const char *folder, uint64_t handle) {
  struct SiltBuffer out;
  struct SiltEvent event;
  uint64_t stream = 1;
  CHECK(silt_queue_fd(handle) == -1);
  CHECK(silt_queue_wake(handle) == SILT_ERROR);
  CHECK(silt_queue_next(handle, 0, &event) == SILT_ERROR);
  CHECK(contains(event.json, "\"InvalidArgument\""));
  silt_free(event.json);
  CHECK(silt_call(handle, 1, text("list"), 4, text("{}"), 2, NULL, 0, &out) == SILT_ERROR);
  silt_free(out);
  if (handle != 0) {
    CHECK(open_folder(folder, "{}", handle, 1, &stream, &out) == SILT_ERROR);
    CHECK(stream == 0);
    silt_free(out);
  }
  CHECK(silt_queue_close(handle) == SILT_ERROR);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  CHECK(silt_abi() == SILT_ABI);
  CHECK(strcmp(silt_version(), SILT_VERSION) == 0);

  uint64_t queue, stream, other;
  struct SiltBuffer out;
  CHECK(silt_queue_open(&queue, &out) == SILT_OK);
  CHECK(open_folder(argv[1], "{}", queue, 7, &stream, &out) == SILT_OK);
  CHECK(queue != 0 && stream != 0 && queue != stream);

  /* Of another kind, and near to one that is open. */
  refused(queue);
  refused_as_queue(argv[1], stream);
  for (int bit = 0; bit < 64; bit++) {
    refused(stream ^ UINT64_C(1) << bit);
    refused_as_queue(argv[1], queue ^ UINT64_C(1) << bit);
  }
  /* Made up. */
  uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
  refused(0);
  refused_as_queue(argv[1], 0);
  refused(UINT64_MAX);
  for (int i = 0; i < 2000; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    if (random != stream) refused(random);
    if (random != queue) refused_as_queue(argv[1], random);
  }

  /* Closed, and closed again; its place is used by the next one. */
  CHECK(close_stream(stream) == SILT_OK);
  refused(stream);
  CHECK(open_folder(argv[1], "{}", 0, 0, &other, &out) == SILT_OK);
  CHECK(other != stream);
  refused(stream);
  CHECK(close_stream(other) == SILT_OK);
  refused(other);
  CHECK(silt_queue_close(queue) == SILT_OK);
  refused_as_queue(argv[1], queue);

  /* NULL where there has to be something. */
  CHECK(silt_queue_open(NULL, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_queue_open(NULL, NULL) == SILT_ERROR);
  CHECK(silt_stream_open(NULL, 5, 0, 0, &stream, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_stream_open(text("{}"), 2, 0, 0, NULL, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_queue_next(queue, 0, NULL) == SILT_ERROR);
  CHECK(silt_batch_cursor(NULL, 100, 0, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_batch_levels(NULL, 0, NULL) == SILT_ERROR);
  silt_free((struct SiltBuffer){NULL, 0});

  /* Text that is not UTF-8, not JSON, of no length that memory has. */
  CHECK(silt_stream_open(text("\xff"), 1, 0, 0, &stream, &out) == SILT_ERROR);
  CHECK(contains(out, "params"));
  silt_free(out);
  CHECK(silt_stream_open(text("{"), 1, 0, 0, &stream, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_stream_open(text("{"), SIZE_MAX, 0, 0, &stream, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_call_wait(text("nothing"), 7, text("{}"), 2, NULL, 0, &out, NULL) == SILT_ERROR);
  CHECK(contains(out, "is no method"));
  silt_free(out);
  CHECK(open_folder(argv[1], "{\"since\":\"5m\",\"fromCursor\":\"x\"}", 0, 0, &stream, &out) ==
        SILT_ERROR);
  CHECK(contains(out, "\"InvalidArgument\""));
  silt_free(out);
  return 0;
}
