/* What the test programs share: checks that say where they failed, and short calls. */

#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "silt.h"
#include "silt_batch.h"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

static inline const uint8_t *text(const char *chars) { return (const uint8_t *)chars; }

static inline int contains(struct SiltBuffer json, const char *part) {
  return json.data != NULL && strstr((const char *)json.data, part) != NULL;
}

/* Opens a stream of a folder, with the options as JSON. */
static inline int open_folder(const char *folder, const char *options, uint64_t queue,
                              uint64_t token, uint64_t *stream, struct SiltBuffer *error) {
  char params[4096];
  snprintf(params, sizeof params, "{\"folder\":\"%s\",\"options\":%s}", folder, options);
  return silt_stream_open(text(params), strlen(params), queue, token, stream, error);
}

static inline int close_stream(uint64_t stream) {
  return silt_stream_close(stream, NULL, 0, NULL, 0, 0, NULL);
}

/* Takes until there is nothing now; the number of entries. */
static inline uint64_t drain(uint64_t stream) {
  struct SiltBuffer out;
  uint64_t entries = 0;
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &out)) == SILT_OK) {
    struct SiltView view;
    CHECK(silt_view(out.data, out.len, &view));
    entries += view.items;
    silt_free(out);
  }
  CHECK(status == SILT_PENDING);
  return entries;
}

#endif
