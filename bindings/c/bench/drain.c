/* Drains a log and says how fast: {"entries","bytes","seconds"} on one line.
 *
 *   drain FOLDER
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "silt.h"
#include "silt_batch.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  char params[4200];
  if (argc != 2) return 2;
  snprintf(params, sizeof params, "{\"folder\":\"%s\"}", argv[1]);

  double begin = now();
  uint64_t stream;
  struct SiltBuffer out;
  if (silt_stream_open((const uint8_t *)params, strlen(params), 0, 0, &stream, &out) != SILT_OK) {
    fprintf(stderr, "%s\n", (char *)out.data);
    return 1;
  }
  unsigned long long entries = 0, bytes = 0, check = 0;
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &out)) == SILT_OK) {
    struct SiltView view;
    struct SiltEntry entry;
    if (!silt_view(out.data, out.len, &view)) return 1;
    for (uint32_t index = 0; silt_entry_at(&view, index, &entry); index++) {
      entries++;
      bytes += entry.len;
      /* So that no field goes unread. */
      check += entry.sequence ^ (uint64_t)entry.time ^ entry.data[0] ^ (unsigned)entry.source;
    }
    silt_free(out);
  }
  silt_free(out);
  silt_stream_close(stream, NULL, 0, NULL, 0, 0, NULL);
  printf("{\"entries\":%llu,\"bytes\":%llu,\"seconds\":%.6f,\"check\":%llu}\n", entries, bytes,
         now() - begin, check);
  return status == SILT_END ? 0 : 1;
}
