/* No block of bytes, however made, is read beyond its end: by the decoder in C, by the
 * functions of the library. Every byte of a real batch is changed in turn.
 *
 *   batches FOLDER
 */

#include "check.h"

/* Reads all that can be read, from memory that ends where the batch does. */
static uint64_t read_all(const uint8_t *bytes, size_t len) {
  uint8_t *batch = (uint8_t *)malloc(len ? len : 1);
  memcpy(batch, bytes, len);
  struct SiltView view;
  struct SiltEntry entry;
  uint64_t sum = 0;
  if (silt_view(batch, len, &view)) {
    for (uint32_t index = 0; index < view.items; index++) {
      if (!silt_entry_at(&view, index, &entry)) continue;
      sum += entry.sequence + (uint64_t)entry.time;
      for (size_t at = 0; at < entry.len; at++) sum += entry.data[at];
    }
  }
  struct SiltBuffer out;
  const char *formats[] = {"text", "ndjson", "sse"};
  for (int i = 0; i < 3; i++) {
    silt_batch_frames(batch, len, 0, text(formats[i]), strlen(formats[i]), &out);
    silt_free(out);
  }
  silt_batch_levels(batch, len, &out);
  silt_free(out);
  silt_batch_position(batch, len, 1, &out);
  silt_free(out);
  silt_batch_cursor(batch, len, 0, &out);
  silt_free(out);
  silt_batch_json(batch, len, 0, 1, &out);
  silt_free(out);
  free(batch);
  return sum;
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  uint64_t stream;
  struct SiltBuffer batch, out;
  CHECK(open_folder(argv[1], "{}", 0, 0, &stream, &out) == SILT_OK);
  CHECK(silt_stream_take(stream, 4, 0, &batch) == SILT_OK);

  struct SiltView view;
  CHECK(silt_view(batch.data, batch.len, &view) && view.items == 4);
  CHECK(silt_batch_cursor(batch.data, batch.len, 3, &out) == SILT_OK);
  silt_free(out);
  CHECK(silt_batch_cursor(batch.data, batch.len, 4, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_batch_position(batch.data, batch.len, 5, &out) == SILT_ERROR);
  silt_free(out);
  CHECK(silt_batch_frames(batch.data, batch.len, 0, text("xml"), 3, &out) == SILT_ERROR);
  CHECK(contains(out, "\"InvalidArgument\""));
  silt_free(out);

  uint64_t sum = 0;
  for (size_t len = 0; len <= batch.len; len++) sum += read_all(batch.data, len);
  const uint8_t flips[] = {0x01, 0x80, 0xff};
  for (size_t at = 0; at < batch.len; at++) {
    for (size_t i = 0; i < sizeof flips; i++) {
      batch.data[at] ^= flips[i];
      sum += read_all(batch.data, batch.len);
      batch.data[at] ^= flips[i];
    }
  }
  CHECK(sum != 0);

  silt_free(batch);
  CHECK(close_stream(stream) == SILT_OK);
  return 0;
}
