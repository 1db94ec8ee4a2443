/* Sandboxes, their files and ports. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"

/* A sandbox by the name that the runner gave it. */
struct Sandbox {
  char *given;
  char *name;
  struct Sandbox *next;
};

static pthread_mutex_t all = PTHREAD_MUTEX_INITIALIZER;
static struct Sandbox *sandboxes;

static void remember(const char *given, const char *name) {
  struct Sandbox *sandbox = calloc(1, sizeof *sandbox);
  sandbox->given = strdup(given);
  sandbox->name = strdup(name);
  pthread_mutex_lock(&all);
  sandbox->next = sandboxes;
  sandboxes = sandbox;
  pthread_mutex_unlock(&all);
}

static void put_variable(struct Text *params, const char *key, const char *variable) {
  const char *value = getenv(variable);
  put(params, key);
  put_string(params, value ? value : "", value ? strlen(value) : 0);
}

/* Appends `"home":…`. */
static void put_home(struct Text *params) { put_variable(params, "\"home\":", "SILT_HOME"); }

int put_sandbox(struct Text *params, const char *given) {
  pthread_mutex_lock(&all);
  struct Sandbox *sandbox = sandboxes;
  while (sandbox && (!given || strcmp(sandbox->given, given) != 0)) sandbox = sandbox->next;
  pthread_mutex_unlock(&all);
  if (!sandbox) return 0;
  put_home(params);
  put(params, ",\"name\":");
  put_string(params, sandbox->name, strlen(sandbox->name));
  return 1;
}

int call(const char *method, const struct Text *params, const void *payload, size_t payload_len,
         struct Text *out, struct Text *bytes) {
  struct SiltBuffer json, answered;
  int status = silt_call_wait((const uint8_t *)method, strlen(method),
                              (const uint8_t *)params->data, params->len, payload, payload_len,
                              &json, &answered);
  if (bytes) put_bytes(bytes, answered.data, answered.len);
  silt_free(answered);
  out->len = 0;
  put_bytes(out, json.data, json.len);
  silt_free(json);
  return status == SILT_OK;
}

/* Calls a method of the request's sandbox; `extra` is further parameters, `,"x":…`. */
static int call_sandbox(const char *method, const struct Json *request, const char *extra,
                        struct Text *out, struct Text *bytes) {
  struct Text params = {0};
  put(&params, "{");
  if (!put_sandbox(&params, json_text(request, "sandbox"))) {
    free(params.data);
    return agent_error(out, "there is no such sandbox");
  }
  put(&params, extra);
  struct Json *path = json_get(request, "path"), *data = json_get(request, "data");
  if (path) {
    put(&params, ",\"path\":");
    put_raw(&params, path);
  }
  put(&params, "}");
  size_t len = data ? base64_decode(data->string) : 0;
  int done = call(method, &params, data ? data->string : NULL, len, out, bytes);
  free(params.data);
  return done;
}

/* The answer is an empty object, whatever the method answers. */
static int empty(int done, struct Text *out) {
  if (!done) return 0;
  out->len = 0;
  put(out, "{}");
  return 1;
}

/* The answer is an object with the method's answer in it. */
static int wrapped(int done, struct Text *out, const char *name) {
  if (!done) return 0;
  struct Text whole = {0};
  put(&whole, "{\"");
  put(&whole, name);
  put(&whole, "\":");
  put_bytes(&whole, out->data, out->len);
  put(&whole, "}");
  free(out->data);
  *out = whole;
  return 1;
}

int op_create(const struct Json *request, struct Text *out) {
  struct Text params = {0};
  put(&params, "{");
  put_home(&params);
  put_variable(&params, ",\"executable\":", "SILT_EXECUTABLE");
  put(&params, ",\"options\":");
  put_options(&params, json_get(request, "options"), NULL);
  put(&params, "}");
  int done = call("create", &params, NULL, 0, out, NULL);
  free(params.data);
  if (!done) return 0;
  struct Json *info = json_parse(out->data);
  struct Text name = {0};
  put_raw(&name, json_get(info, "name"));
  remember(json_text(request, "sandbox"), json_text(info, "name"));
  json_free(info);
  free(out->data);
  *out = name;
  return wrapped(1, out, "name");
}

int op_get(const struct Json *request, struct Text *out) {
  remember(json_text(request, "sandbox"), json_text(request, "name"));
  return wrapped(call_sandbox("get", request, "", out, NULL), out, "info");
}

int op_list(const struct Json *request, struct Text *out) {
  (void)request;
  struct Text params = {0};
  put(&params, "{");
  put_home(&params);
  put(&params, "}");
  int done = call("list", &params, NULL, 0, out, NULL);
  free(params.data);
  return wrapped(done, out, "infos");
}

int op_start(const struct Json *request, struct Text *out) {
  struct Text extra = {0};
  put_variable(&extra, ",\"executable\":", "SILT_EXECUTABLE");
  int done = call_sandbox("start", request, extra.data, out, NULL);
  free(extra.data);
  return empty(done, out);
}

int op_connect(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("connect", request, "", out, NULL), out);
}

int op_stop(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("stop", request, "", out, NULL), out);
}

int op_kill(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("kill", request, "", out, NULL), out);
}

int op_release(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("disconnect", request, "", out, NULL), out);
}

int op_remove(const struct Json *request, struct Text *out) {
  int force = json_is(json_get(request, "force"), "true");
  const char *extra = force ? ",\"force\":true" : ",\"force\":false";
  return empty(call_sandbox("remove", request, extra, out, NULL), out);
}

int op_expose(const struct Json *request, struct Text *out) {
  struct Text extra = {0}, url = {0};
  put(&extra, ",\"port\":");
  put_raw(&extra, json_get(request, "port"));
  int done = call_sandbox("expose", request, extra.data, out, NULL);
  free(extra.data);
  if (!done) return 0;
  struct Json *exposed = json_parse(out->data);
  put(&url, "{\"url\":\"http://127.0.0.1:");
  put_raw(&url, json_get(exposed, "port"));
  put(&url, "\"}");
  json_free(exposed);
  free(out->data);
  *out = url;
  return 1;
}

int op_read_file(const struct Json *request, struct Text *out) {
  struct Text bytes = {0};
  int done = call_sandbox("readFile", request, "", out, &bytes);
  if (done) {
    out->len = 0;
    put_base64(out, (const uint8_t *)bytes.data, bytes.len);
  }
  free(bytes.data);
  return wrapped(done, out, "data");
}

int op_write_file(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("writeFile", request, "", out, NULL), out);
}

int op_list_files(const struct Json *request, struct Text *out) {
  return wrapped(call_sandbox("listFiles", request, "", out, NULL), out, "files");
}

int op_remove_file(const struct Json *request, struct Text *out) {
  return empty(call_sandbox("removeFile", request, "", out, NULL), out);
}
