/* Follows a log whose lines are the monotonic time of their writing in nanoseconds, and says
 * "following", and then how many milliseconds they took to get here: {"delays","lost","repeated"}.
 *
 *   follow FOLDER COUNT
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "silt.h"
#include "silt_batch.h"

static double delay(const struct SiltEntry *entry) {
  char digits[24] = {0};
  struct timespec time;
  memcpy(digits, entry->data, entry->len < 23 ? entry->len : 23);
  clock_gettime(CLOCK_MONOTONIC, &time);
  return ((double)(time.tv_sec * 1000000000LL + time.tv_nsec - strtoll(digits, NULL, 10))) / 1e6;
}

int main(int argc, char **argv) {
  char params[4200];
  if (argc != 3) return 2;
  size_t wanted = strtoul(argv[2], NULL, 10), seen = 0;
  double *delays = (double *)calloc(wanted + 1, sizeof *delays);
  snprintf(params, sizeof params, "{\"folder\":\"%s\",\"options\":{\"follow\":true}}", argv[1]);

  uint64_t queue, stream;
  struct SiltBuffer out;
  struct SiltEvent event;
  if (silt_queue_open(&queue, &out) != SILT_OK ||
      silt_stream_open((const uint8_t *)params, strlen(params), queue, 1, &stream, &out) != SILT_OK) {
    fprintf(stderr, "%s\n", (char *)out.data);
    return 1;
  }
  puts("\"following\"");
  fflush(stdout);
  int status = SILT_OK;
  while (seen < wanted && (status == SILT_OK || status == SILT_PENDING)) {
    status = silt_stream_take(stream, 0, 0, &out);
    if (status == SILT_PENDING) {
      silt_queue_next(queue, -1, &event);
      continue;
    }
    struct SiltView view;
    struct SiltEntry entry;
    silt_view(out.data, out.len, &view);
    for (uint32_t i = 0; seen < wanted && silt_entry_at(&view, i, &entry); i++) {
      delays[seen++] = delay(&entry);
    }
    silt_free(out);
  }
  silt_stream_close(stream, NULL, 0, NULL, 0, 0, NULL);
  silt_queue_close(queue);
  printf("{\"delays\":[");
  for (size_t i = 0; i < seen; i++) printf("%s%.6f", i ? "," : "", delays[i]);
  printf("],\"lost\":%zu,\"repeated\":0}\n", wanted - seen);
  free(delays);
  return seen == wanted ? 0 : 1;
}
