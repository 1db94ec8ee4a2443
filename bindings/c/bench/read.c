/* Reads a whole log, whose lines begin with their numbers in eight digits, and says how fast and
 * what it was given: {"seconds","entries","bytes","lost","repeated"} on one line.
 *
 *   read FOLDER COUNT
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "silt.h"
#include "silt_batch.h"

struct Tally {
  uint64_t entries, bytes, lost, repeated, next;
};

static void add(struct Tally *tally, const struct SiltEntry *entry) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8 && i < entry->len; i++) number = number * 10 + (uint64_t)(entry->data[i] - '0');
  if (number < tally->next) {
    tally->repeated++;
  } else {
    tally->lost += number - tally->next;
    tally->next = number + 1;
  }
  tally->entries++;
  tally->bytes += entry->len;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  char params[4200];
  if (argc != 3) return 2;
  snprintf(params, sizeof params, "{\"folder\":\"%s\"}", argv[1]);

  double begin = now();
  uint64_t stream;
  struct SiltBuffer out;
  if (silt_stream_open((const uint8_t *)params, strlen(params), 0, 0, &stream, &out) != SILT_OK) {
    fprintf(stderr, "%s\n", (char *)out.data);
    return 1;
  }
  struct Tally tally = {0};
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &out)) == SILT_OK) {
    struct SiltView view;
    struct SiltEntry entry;
    if (!silt_view(out.data, out.len, &view)) return 1;
    for (uint32_t index = 0; silt_entry_at(&view, index, &entry); index++) add(&tally, &entry);
    silt_free(out);
  }
  silt_free(out);
  silt_stream_close(stream, NULL, 0, NULL, 0, 0, NULL);
  double seconds = now() - begin;
  tally.lost += strtoull(argv[2], NULL, 10) - tally.next;
  printf("{\"seconds\":%.6f,\"entries\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lost\":%" PRIu64
         ",\"repeated\":%" PRIu64 "}\n",
         seconds, tally.entries, tally.bytes, tally.lost, tally.repeated);
  return status == SILT_END ? 0 : 1;
}
