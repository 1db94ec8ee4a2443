/* Commands in sandboxes: started, talked to, waited for. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
static struct Session *sessions;

struct Session *session_named(const char *name) {
  pthread_mutex_lock(&all);
  struct Session *session = sessions;
  while (session && (!name || strcmp(session->name, name) != 0)) session = session->next;
  pthread_mutex_unlock(&all);
  return session;
}

/* Calls a method of a session; `extra` is further parameters, `,"x":…`. */
static int call_session(const char *method, const struct Session *session, const char *extra,
                        const void *payload, size_t len, struct Text *out) {
  struct Text params = {0};
  put(&params, "{");
  put_sandbox(&params, session->sandbox);
  put(&params, ",\"sessionId\":");
  put_number(&params, session->id);
  put(&params, extra);
  put(&params, "}");
  int done = call(method, &params, payload, len, out, NULL);
  free(params.data);
  return done;
}

static int named_call(const char *method, const struct Json *request, const char *extra,
                      struct Text *out) {
  struct Session *session = session_named(json_text(request, "session"));
  if (!session) return agent_error(out, "there is no such session");
  struct Json *data = json_get(request, "data");
  size_t len = data ? base64_decode(data->string) : 0;
  return call_session(method, session, extra, data ? data->string : NULL, len, out);
}

static int empty(int done, struct Text *out) {
  if (!done) return 0;
  out->len = 0;
  put(out, "{}");
  return 1;
}

/* A session that was started, or NULL with the error in `out`. */
static struct Session *spawn(const struct Json *request, int stdin_wanted, const char *left_out,
                             struct Text *out) {
  struct Text params = {0};
  const char *sandbox = json_text(request, "sandbox");
  put(&params, "{");
  if (!put_sandbox(&params, sandbox)) {
    free(params.data);
    agent_error(out, "there is no such sandbox");
    return NULL;
  }
  put(&params, ",\"program\":");
  put_raw(&params, json_get(request, "program"));
  put(&params, ",\"args\":");
  put_raw(&params, json_get(request, "args"));
  put(&params, stdin_wanted ? ",\"stdin\":true,\"options\":" : ",\"stdin\":false,\"options\":");
  put_options(&params, json_get(request, "options"), left_out);
  put(&params, "}");
  int done = call("spawn", &params, NULL, 0, out, NULL);
  free(params.data);
  if (!done) return NULL;
  struct Json *spawned = json_parse(out->data);
  struct Session *session = calloc(1, sizeof *session);
  session->sandbox = strdup(sandbox);
  session->cursor = strdup(json_text(spawned, "cursor"));
  session->id = (uint64_t)json_number(spawned, "sessionId", 0);
  json_free(spawned);
  return session;
}

int op_spawn(const struct Json *request, struct Text *out) {
  struct Json *options = json_get(request, "options");
  int stdin_wanted = !json_is(json_get(options, "stdin"), "false");
  struct Session *session = spawn(request, stdin_wanted, "stdin", out);
  if (!session) return 0;
  session->name = strdup(json_text(request, "session"));
  pthread_mutex_lock(&all);
  session->next = sessions;
  sessions = session;
  pthread_mutex_unlock(&all);
  out->len = 0;
  put(out, "{\"sessionId\":");
  put_number(out, session->id);
  put(out, "}");
  return 1;
}

int op_write(const struct Json *request, struct Text *out) {
  return empty(named_call("write", request, "", out), out);
}

int op_end_input(const struct Json *request, struct Text *out) {
  return empty(named_call("closeStdin", request, "", out), out);
}

int op_signal(const struct Json *request, struct Text *out) {
  struct Text extra = {0};
  put(&extra, ",\"signal\":");
  put_raw(&extra, json_get(request, "signal"));
  int done = named_call("signal", request, extra.data, out);
  free(extra.data);
  return empty(done, out);
}

int op_resize(const struct Json *request, struct Text *out) {
  struct Text extra = {0};
  put(&extra, ",\"columns\":");
  put_raw(&extra, json_get(request, "columns"));
  put(&extra, ",\"rows\":");
  put_raw(&extra, json_get(request, "rows"));
  int done = named_call("resize", request, extra.data, out);
  free(extra.data);
  return empty(done, out);
}

int op_wait(const struct Json *request, struct Text *out) {
  return named_call("wait", request, "", out);
}

/* What waits for the end of a session, and tells its stream. */
struct Ending {
  const struct Session *session;
  uint64_t stream;
  /* What `wait` answered, or its error. */
  struct Text end;
  int done;
};

static void *finish_after(void *given) {
  struct Ending *ending = given;
  ending->done = call_session("wait", ending->session, "", NULL, 0, &ending->end);
  struct Json *end = json_parse(ending->end.data);
  /* A stream that was closed meanwhile is refused, and nothing happens. */
  int64_t last = json_number(end, "lastSequence", -1);
  if (ending->done && last >= 0) silt_stream_finish(ending->stream, (uint64_t)last);
  json_free(end);
  return NULL;
}

static void *finish_unless_detached(void *given) {
  struct Ending *ending = given;
  ending->done = call_session("wait", ending->session, "", NULL, 0, &ending->end);
  struct Json *end = json_parse(ending->end.data);
  int64_t last = json_number(end, "lastSequence", -1);
  int detached = json_is(json_get(end, "detached"), "true");
  if (ending->done && !detached && last >= 0) silt_stream_finish(ending->stream, (uint64_t)last);
  json_free(end);
  free(ending->end.data);
  free(ending);
  return NULL;
}

static int open_session(const struct Session *session, const struct Json *options,
                        const char *further, uint64_t queue, uint64_t *stream,
                        struct SiltBuffer *error) {
  struct Text params = {0};
  put(&params, "{");
  put_sandbox(&params, session->sandbox);
  put(&params, ",\"options\":");
  put_options(&params, options, NULL);
  params.len--;
  if (params.data[params.len - 1] != '{') put(&params, ",");
  put(&params, "\"sessions\":[");
  put_number(&params, session->id);
  put(&params, "]");
  put(&params, further);
  if (!json_get(options, "since") && !json_get(options, "fromCursor")) {
    put(&params, ",\"fromCursor\":");
    put_string(&params, session->cursor, strlen(session->cursor));
  }
  put(&params, "}}");
  int status =
      silt_stream_open((const uint8_t *)params.data, params.len, queue, 1, stream, error);
  free(params.data);
  return status;
}

int session_stream(const struct Session *session, const struct Json *options, uint64_t queue,
                   uint64_t *stream, struct SiltBuffer *error) {
  int status = open_session(session, options, "", queue, stream, error);
  if (status != SILT_OK || !json_is(json_get(options, "follow"), "true")) return status;
  struct Ending *ending = calloc(1, sizeof *ending);
  pthread_t thread;
  ending->session = session;
  ending->stream = *stream;
  if (pthread_create(&thread, NULL, finish_unless_detached, ending) == 0) pthread_detach(thread);
  return status;
}

struct Input {
  const struct Session *session;
  const struct Json *data;
};

/* A program may end before it has read all of its input. */
static void *feed(void *given) {
  struct Input *input = given;
  struct Text out = {0};
  size_t len = base64_decode(input->data->string);
  call_session("write", input->session, "", input->data->string, len, &out);
  call_session("closeStdin", input->session, "", NULL, 0, &out);
  free(out.data);
  return NULL;
}

/* What the session wrote to its two streams. 0 with the error. */
static int collect(uint64_t stream, struct Text *standard, struct Text *error, int *gaps,
                   struct Text *out) {
  struct SiltBuffer batch;
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &batch)) == SILT_OK || status == SILT_PENDING) {
    struct SiltView view;
    struct SiltEntry entry;
    if (status == SILT_PENDING) {
      silt_stream_wait(stream, -1);
      continue;
    }
    silt_view(batch.data, batch.len, &view);
    for (uint32_t index = 0; silt_entry_at(&view, index, &entry); index++) {
      if (entry.is_gap) {
        *gaps = 1;
      } else {
        put_bytes(entry.source == SILT_SOURCE_STDERR ? error : standard, entry.data, entry.len);
      }
    }
    silt_free(batch);
  }
  if (status == SILT_ERROR) return library_error(out, batch);
  silt_free(batch);
  return 1;
}

int op_exec(const struct Json *request, struct Text *out) {
  struct Json *data = json_get(json_get(request, "options"), "input");
  struct Session *session = spawn(request, data != NULL, "input", out);
  if (!session) return 0;
  struct Ending ending = {.session = session};
  struct Input input = {session, data};
  struct SiltBuffer error;
  if (open_session(session, NULL, ",\"follow\":true,\"onGap\":\"report\"", 0, &ending.stream,
                   &error) != SILT_OK) {
    return library_error(out, error);
  }
  pthread_t waiter, feeder;
  struct Text standard = {0}, standard_error = {0};
  int gaps = 0;
  put(&standard, "");
  put(&standard_error, "");
  pthread_create(&waiter, NULL, finish_after, &ending);
  if (data) pthread_create(&feeder, NULL, feed, &input);
  int done = collect(ending.stream, &standard, &standard_error, &gaps, out);
  pthread_join(waiter, NULL);
  if (data) pthread_join(feeder, NULL);
  silt_stream_close(ending.stream, NULL, 0, NULL, 0, 0, NULL);
  if (done) {
    struct Json *end = json_parse(ending.end.data);
    uint64_t written = 0;
    struct Json *totals = json_get(end, "totals");
    for (struct Json *one = totals ? totals->first : NULL; one; one = one->next) {
      written += (uint64_t)json_number(one, "bytes", 0);
    }
    int detached = json_is(json_get(end, "detached"), "true");
    int truncated = detached ? gaps : written != standard.len + standard_error.len;
    out->len = 0;
    put_bytes(out, ending.end.data, ending.end.len);
    if (ending.done) {
      out->len--;
      put(out, truncated ? ",\"truncated\":true,\"stdout\":" : ",\"truncated\":false,\"stdout\":");
      put_base64(out, (const uint8_t *)standard.data, standard.len);
      put(out, ",\"stderr\":");
      put_base64(out, (const uint8_t *)standard_error.data, standard_error.len);
      put(out, "}");
    }
    done = ending.done;
    json_free(end);
  }
  free(standard.data);
  free(standard_error.data);
  free(ending.end.data);
  free(session->sandbox);
  free(session->cursor);
  free(session);
  return done;
}
