/* Prints a log as it grows, each entry once and in order, and resumes from a cursor.
 *
 *   cc -o follow follow.c -I../include -L../lib -lsilt -Wl,-rpath,../lib
 *   ./follow FOLDER [CURSOR]
 *
 * Entries go to stdout. At the end, the end goes to stderr as JSON: its "position" is the
 * cursor from which the next run goes on.
 */

#include <stdio.h>
#include <string.h>

#include "silt.h"
#include "silt_batch.h"

/* Appends JSON text. Good for paths and cursors; 0 when it does not fit. */
static int append_text(char *json, size_t size, const char *text) {
  size_t at = strlen(json);
  for (; *text; text++) {
    if (at + 8 > size) return 0;
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\') json[at++] = '\\';
    if (c < 0x20) {
      at += (size_t)snprintf(json + at, size - at, "\\u%04x", c);
    } else {
      json[at++] = (char)c;
    }
  }
  json[at] = '\0';
  return 1;
}

static int print_batch(struct SiltBuffer batch) {
  struct SiltView view;
  struct SiltEntry entry;
  if (!silt_view(batch.data, batch.len, &view)) return 0;
  for (uint32_t index = 0; silt_entry_at(&view, index, &entry); index++) {
    if (entry.is_gap) {
      fprintf(stderr, "%s %llu to %llu are gone: %s\n", silt_log_name(entry.log),
              (unsigned long long)entry.from, (unsigned long long)entry.to,
              silt_gap_reason_name(entry.reason));
    } else {
      fwrite(entry.data, 1, entry.len, stdout);
    }
  }
  return fflush(stdout) == 0;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: follow FOLDER [CURSOR]\n");
    return 2;
  }
  if (silt_abi() != SILT_ABI) {
    fprintf(stderr, "libsilt.so %s is not the library of this header\n", silt_version());
    return 1;
  }

  char params[8192] = "{\"folder\":\"";
  int fits = append_text(params, sizeof params - 64, argv[1]);
  strcat(params, "\",\"options\":{\"follow\":true,\"onGap\":\"report\"");
  if (argc > 2) {
    strcat(params, ",\"fromCursor\":\"");
    fits = fits && append_text(params, sizeof params - 8, argv[2]);
    strcat(params, "\"");
  }
  strcat(params, "}}");
  if (!fits) {
    fprintf(stderr, "the arguments are too long\n");
    return 2;
  }

  uint64_t stream;
  struct SiltBuffer out;
  if (silt_stream_open((const uint8_t *)params, strlen(params), 0, 0, &stream, &out) != SILT_OK) {
    fprintf(stderr, "%s\n", (char *)out.data);
    silt_free(out);
    return 1;
  }
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &out)) == SILT_OK || status == SILT_PENDING) {
    int written = status == SILT_PENDING || print_batch(out);
    silt_free(out);
    if (!written) break;
    if (status == SILT_PENDING && silt_stream_wait(stream, -1) != SILT_OK) break;
  }
  if (status == SILT_END || status == SILT_ERROR) {
    fprintf(stderr, "%s\n", (char *)out.data);
    silt_free(out);
  }
  silt_stream_close(stream, NULL, 0, NULL, 0, 0, NULL);
  return status == SILT_END ? 0 : 1;
}
