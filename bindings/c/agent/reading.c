/* Streams and snapshots. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

/* A stream that the runner opened. The mutex is not held while waiting, so that a close
 * reaches a read that waits. */
struct Stream {
  char *name;
  char way[16];
  uint64_t handle;
  /* 0 for the way that waits without one. */
  uint64_t queue;
  pthread_mutex_t mutex;
  /* The newest batch; items before `index` were handed over. */
  struct SiltBuffer batch;
  struct SiltBuffer levels;
  struct SiltView view;
  uint32_t index;
  /* JSON, once there is one of them. */
  struct SiltBuffer end;
  struct SiltBuffer error;
  /* Once it is closed. */
  struct SiltBuffer position;
  struct Stream *next;
};

static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
static struct Stream *streams;

static struct Stream *stream_named(const struct Json *request) {
  const char *name = json_text(request, "stream");
  pthread_mutex_lock(&all);
  struct Stream *stream = streams;
  while (stream && (!name || strcmp(stream->name, name) != 0)) stream = stream->next;
  pthread_mutex_unlock(&all);
  return stream;
}

static const uint8_t *bytes_of(const struct Text *text) { return (const uint8_t *)text->data; }

/* 1, or 0 with the error in `out`. */
static int open_place(const struct Json *request, const char *mode, uint64_t queue,
                      uint64_t *handle, struct Text *out) {
  struct Json *options = json_get(request, "options");
  struct SiltBuffer error = {0};
  const char *name = json_text(request, "session");
  int status;
  if (name) {
    struct Session *session = session_named(name);
    if (!session) return agent_error(out, "there is no such session");
    status = session_stream(session, options, queue, handle, &error);
  } else {
    struct Text params = {0};
    put(&params, "{");
    if (!put_place(&params, request)) return agent_error(out, "there is no such sandbox");
    put(&params, ",\"mode\":\"");
    put(&params, mode);
    put(&params, "\",\"options\":");
    put_options(&params, options, NULL);
    put(&params, "}");
    status = silt_stream_open(bytes_of(&params), params.len, queue, 1, handle, &error);
    free(params.data);
  }
  return status == SILT_OK ? 1 : library_error(out, error);
}

static int is_way(const struct Stream *stream, const char *way) {
  return strcmp(stream->way, way) == 0;
}

int op_open(const struct Json *request, struct Text *out) {
  const char *way = json_text(request, "way");
  struct Stream *stream = calloc(1, sizeof *stream);
  struct SiltBuffer error;
  strncpy(stream->way, way ? way : "", sizeof stream->way - 1);
  if (is_way(stream, "queue") && silt_queue_open(&stream->queue, &error) != SILT_OK) {
    free(stream);
    return library_error(out, error);
  }
  if (!open_place(request, "stream", stream->queue, &stream->handle, out)) {
    if (stream->queue) silt_queue_close(stream->queue);
    free(stream);
    return 0;
  }
  stream->name = strdup(json_text(request, "stream"));
  pthread_mutex_init(&stream->mutex, NULL);
  pthread_mutex_lock(&all);
  stream->next = streams;
  streams = stream;
  pthread_mutex_unlock(&all);
  put(out, "{}");
  return 1;
}

static void let_go(struct SiltBuffer *buffer) {
  silt_free(*buffer);
  *buffer = (struct SiltBuffer){NULL, 0};
}

/* Takes once; SILT_OK when there are items, an end or an error now. */
static int take(struct Stream *stream) {
  if (stream->index < stream->view.items || stream->end.data || stream->error.data) return SILT_OK;
  struct SiltBuffer out;
  int status = silt_stream_take(stream->handle, 0, 0, &out);
  if (status == SILT_END) stream->end = out;
  if (status == SILT_ERROR) stream->error = out;
  if (status == SILT_OK) {
    let_go(&stream->batch);
    let_go(&stream->levels);
    stream->batch = out;
    stream->index = 0;
    silt_view(out.data, out.len, &stream->view);
    silt_batch_levels(out.data, out.len, &stream->levels);
  }
  return status == SILT_PENDING ? SILT_PENDING : SILT_OK;
}

static void wait_for(const struct Stream *stream) {
  if (stream->queue == 0) {
    silt_stream_wait(stream->handle, -1);
    return;
  }
  struct SiltEvent event;
  if (silt_queue_next(stream->queue, -1, &event) == SILT_ERROR) silt_free(event.json);
}

/* Where its reader stands, as a JSON string. */
static void put_position(struct Text *out, const struct Stream *stream) {
  struct SiltBuffer position = stream->position;
  if (position.data == NULL && stream->index < stream->view.items) {
    silt_batch_position(stream->batch.data, stream->batch.len, stream->index, &position);
  } else if (position.data == NULL) {
    silt_stream_position(stream->handle, &position);
  }
  put_string(out, (const char *)position.data, position.len);
  if (stream->position.data == NULL) silt_free(position);
}

/* Of an end, what the contract names. */
static void put_end(struct Text *out, struct SiltBuffer end) {
  struct Json *json = json_parse((const char *)end.data);
  put(out, "{\"reason\":");
  put_raw(out, json_get(json, "reason"));
  put(out, ",\"logs\":");
  put_raw(out, json_get(json, "logs"));
  put(out, "}");
  json_free(json);
}

/* How often the separator of a format stands in the bytes. */
static int64_t count_items(struct SiltBuffer bytes, int is_sse) {
  int64_t count = 0;
  for (size_t at = 0; at + (size_t)is_sse < bytes.len; at++) {
    if (bytes.data[at] == '\n' && (!is_sse || bytes.data[at + 1] == '\n')) count++;
  }
  return count;
}

/* Hands over what is at hand: an item, or frames of the whole batch. */
static int64_t hand_over(struct Stream *stream, struct Text *items, int first) {
  struct SiltEntry entry;
  if (strncmp(stream->way, "bytes ", 6) != 0) {
    if (!first) put(items, ",");
    if (silt_entry_at(&stream->view, stream->index, &entry)) {
      put_item(items, stream->batch, stream->levels, stream->index, &entry);
    }
    stream->index++;
    return 1;
  }
  struct SiltBuffer frames;
  const char *format = stream->way + 6;
  silt_batch_frames(stream->batch.data, stream->batch.len, stream->index, (const uint8_t *)format,
                    strlen(format), &frames);
  stream->index = stream->view.items;
  put_bytes(items, frames.data, frames.len);
  int64_t count = count_items(frames, strcmp(format, "sse") == 0);
  silt_free(frames);
  return count;
}

int op_read(const struct Json *request, struct Text *out) {
  struct Stream *stream = stream_named(request);
  if (!stream) return agent_error(out, "there is no such stream");
  int64_t wanted = json_number(request, "count", INT64_MAX), taken = 0;
  int is_bytes = strncmp(stream->way, "bytes ", 6) == 0, ended = 0;
  struct Text items = {0};
  put(&items, "");
  pthread_mutex_lock(&stream->mutex);
  while (taken < wanted) {
    if (take(stream) == SILT_PENDING) {
      pthread_mutex_unlock(&stream->mutex);
      wait_for(stream);
      pthread_mutex_lock(&stream->mutex);
    } else if (stream->index < stream->view.items) {
      taken += hand_over(stream, &items, taken == 0);
    } else if (stream->end.data || stream->error.data) {
      ended = stream->end.data != NULL;
      break;
    }
  }
  if (ended && is_bytes) {
    struct SiltBuffer frame;
    silt_end_frame(stream->end.data, stream->end.len, (const uint8_t *)stream->way + 6,
                   strlen(stream->way + 6), &frame);
    put_bytes(&items, frame.data, frame.len);
    silt_free(frame);
  }
  put(out, is_bytes ? "{\"bytes\":" : "{\"items\":[");
  if (is_bytes) {
    put_base64(out, (const uint8_t *)items.data, items.len);
  } else {
    put_bytes(out, items.data, items.len);
    put(out, "]");
  }
  put(out, ended ? ",\"ended\":true,\"end\":" : ",\"ended\":false,\"end\":");
  if (ended) {
    put_end(out, stream->end);
  } else {
    put(out, "null");
  }
  put(out, ",\"error\":");
  if (taken < wanted && stream->error.data) {
    put_bytes(out, stream->error.data, stream->error.len);
  } else {
    put(out, "null");
  }
  put(out, ",\"position\":");
  put_position(out, stream);
  put(out, "}");
  pthread_mutex_unlock(&stream->mutex);
  free(items.data);
  return 1;
}

int op_position(const struct Json *request, struct Text *out) {
  struct Stream *stream = stream_named(request);
  if (!stream) return agent_error(out, "there is no such stream");
  pthread_mutex_lock(&stream->mutex);
  put(out, "{\"position\":");
  put_position(out, stream);
  put(out, "}");
  pthread_mutex_unlock(&stream->mutex);
  return 1;
}

/* A read that waits is woken by the close and tells the end; so the stream itself is kept. */
int op_close(const struct Json *request, struct Text *out) {
  struct Stream *stream = stream_named(request);
  if (!stream) return agent_error(out, "there is no such stream");
  pthread_mutex_lock(&stream->mutex);
  struct SiltBuffer closed = {0};
  if (stream->position.data == NULL && stream->index < stream->view.items) {
    silt_batch_position(stream->batch.data, stream->batch.len, stream->index, &stream->position);
  } else if (stream->position.data == NULL) {
    silt_stream_position(stream->handle, &stream->position);
  }
  silt_stream_close(stream->handle, (const uint8_t *)"closed", 6, stream->batch.data,
                    stream->batch.len, stream->index, &closed);
  if (stream->queue) silt_queue_close(stream->queue);
  if (stream->end.data || stream->error.data) {
    silt_free(closed);
  } else {
    stream->end = closed;
  }
  stream->index = stream->view.items;
  put(out, "{\"end\":");
  if (stream->end.data) {
    put_end(out, stream->end);
  } else {
    put(out, "null");
  }
  put(out, ",\"position\":");
  put_position(out, stream);
  put(out, "}");
  pthread_mutex_unlock(&stream->mutex);
  return 1;
}

int op_snapshot(const struct Json *request, struct Text *out) {
  uint64_t handle;
  struct SiltBuffer buffer;
  struct Text items = {0}, gaps = {0};
  if (!open_place(request, "snapshot", 0, &handle, out)) return 0;
  put(&items, "");
  put(&gaps, "");
  int status;
  while ((status = silt_stream_take(handle, 0, 0, &buffer)) == SILT_OK) {
    struct SiltView view;
    struct SiltEntry entry;
    struct SiltBuffer levels;
    silt_view(buffer.data, buffer.len, &view);
    silt_batch_levels(buffer.data, buffer.len, &levels);
    for (uint32_t index = 0; silt_entry_at(&view, index, &entry); index++) {
      struct Text *into = entry.is_gap ? &gaps : &items;
      if (into->len) put(into, ",");
      put_item(into, buffer, levels, index, &entry);
    }
    silt_free(levels);
    silt_free(buffer);
  }
  silt_stream_close(handle, NULL, 0, NULL, 0, 0, NULL);
  int done = status == SILT_END || library_error(out, buffer);
  if (done) {
    struct Json *end = json_parse((const char *)buffer.data);
    put(out, "{\"items\":[");
    put_bytes(out, items.data, items.len);
    put(out, "],\"gaps\":[");
    put_bytes(out, gaps.data, gaps.len);
    put(out, "],\"truncated\":");
    put_raw(out, json_get(end, "truncated"));
    put(out, ",\"cursor\":");
    put_raw(out, json_get(end, "position"));
    put(out, "}");
    json_free(end);
    silt_free(buffer);
  }
  free(items.data);
  free(gaps.data);
  return done;
}

int op_verify(const struct Json *request, struct Text *out) {
  struct Text params = {0}, report = {0};
  put(&params, "{");
  put_place(&params, request);
  put(&params, "}");
  int done = call("verifyLog", &params, NULL, 0, &report, NULL);
  if (done) put(out, "{\"report\":");
  put_bytes(out, report.data, report.len);
  if (done) put(out, "}");
  free(params.data);
  free(report.data);
  return done;
}
