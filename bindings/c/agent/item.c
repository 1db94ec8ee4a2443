/* An entry or a gap as the runner wants it: every field that the library has. */

#include "agent.h"

static void put_named(struct Text *out, const char *name, const char *value) {
  put(out, ",\"");
  put(out, name);
  put(out, "\":\"");
  put(out, value);
  put(out, "\"");
}

static void put_buffer(struct Text *out, const char *name, struct SiltBuffer buffer, int quoted) {
  put(out, ",\"");
  put(out, name);
  put(out, quoted ? "\":\"" : "\":");
  put_bytes(out, buffer.data, buffer.len);
  if (quoted) put(out, "\"");
  silt_free(buffer);
}

void put_item(struct Text *out, struct SiltBuffer batch, struct SiltBuffer levels,
                     uint32_t index, const struct SiltEntry *entry) {
  struct SiltBuffer made;
  if (entry->is_gap) {
    silt_batch_json(batch.data, batch.len, index, 1, &made);
    put_bytes(out, made.data, made.len);
    silt_free(made);
    return;
  }
  size_t line = entry->len;
  if (line && entry->data[line - 1] == '\n') line--;
  if (line < entry->len && line && entry->data[line - 1] == '\r') line--;
  put(out, "{\"type\":\"entry\"");
  put_named(out, "log", silt_log_name(entry->log));
  put_named(out, "source", silt_source_name(entry->source));
  put_named(out, "level", silt_level_name((enum SiltLevel)levels.data[index]));
  put(out, ",\"sessionId\":");
  if (entry->session) {
    put_number(out, entry->session);
  } else {
    put(out, "null");
  }
  put(out, ",\"sequence\":");
  put_number(out, entry->sequence);
  put(out, ",\"timestampNanos\":\"");
  put_number(out, (uint64_t)entry->time);
  put(out, "\"");
  if (entry->part == SILT_PART_WHOLE) {
    put(out, ",\"part\":null");
  } else {
    put_named(out, "part", silt_part_name(entry->part));
  }
  put(out, ",\"data\":");
  put_base64(out, entry->data, entry->len);
  put(out, ",\"text\":");
  put_lenient(out, entry->data, entry->len);
  put(out, ",\"line\":");
  put_lenient(out, entry->data, line);
  silt_batch_cursor(batch.data, batch.len, index, &made);
  put_buffer(out, "cursor", made, 1);
  silt_batch_json(batch.data, batch.len, index, 0, &made);
  put_buffer(out, "json", made, 0);
  put(out, "}");
}
