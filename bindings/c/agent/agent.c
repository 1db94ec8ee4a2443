/* Puts the cases of conformance/ to the C library; what it is asked and answers is in
 * conformance/README.md. Each request has a thread, so that they overlap. */

#include "agent.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

static int op_hello(const struct Json *request, struct Text *out) {
  (void)request;
  put(out, "{\"client\":\"c\",\"version\":\"" SILT_VERSION "\",\"ways\":[\"take\",\"queue\","
           "\"bytes ndjson\",\"bytes sse\",\"bytes text\"]}");
  return 1;
}

static const struct {
  const char *name;
  Operation *run;
} operations[] = {
    {"hello", op_hello},         {"open", op_open},           {"read", op_read},
    {"position", op_position},   {"close", op_close},         {"snapshot", op_snapshot},
    {"verify", op_verify},       {"create", op_create},       {"get", op_get},
    {"list", op_list},           {"start", op_start},         {"connect", op_connect},
    {"stop", op_stop},           {"kill", op_kill},           {"remove", op_remove},
    {"release", op_release},     {"exec", op_exec},           {"spawn", op_spawn},
    {"write", op_write},         {"endInput", op_end_input},  {"signal", op_signal},
    {"resize", op_resize},       {"wait", op_wait},           {"expose", op_expose},
    {"readFile", op_read_file},  {"writeFile", op_write_file}, {"listFiles", op_list_files},
    {"removeFile", op_remove_file},
};

int agent_error(struct Text *out, const char *message) {
  out->len = 0;
  put(out, "{\"code\":\"Agent\",\"retryable\":false,\"fields\":{},\"message\":");
  put_string(out, message, strlen(message));
  put(out, "}");
  return 0;
}

int library_error(struct Text *out, struct SiltBuffer error) {
  out->len = 0;
  put_bytes(out, error.data, error.len);
  silt_free(error);
  return 0;
}

static void *answer(void *line) {
  struct Json *request = json_parse(line);
  struct Text result = {0}, whole = {0};
  const char *op = json_text(request, "op");
  int done = -1;
  for (size_t i = 0; op && i < sizeof operations / sizeof *operations; i++) {
    if (strcmp(operations[i].name, op) == 0) done = operations[i].run(request, &result);
  }
  if (done < 0) done = agent_error(&result, "there is no such operation");
  put(&whole, "{\"id\":");
  put_raw(&whole, json_get(request, "id"));
  put(&whole, done ? ",\"ok\":" : ",\"error\":");
  put_bytes(&whole, result.data, result.len);
  put(&whole, "}\n");
  pthread_mutex_lock(&output);
  fwrite(whole.data, 1, whole.len, stdout);
  fflush(stdout);
  pthread_mutex_unlock(&output);
  free(whole.data);
  free(result.data);
  json_free(request);
  free(line);
  return NULL;
}

int main(void) {
  if (silt_abi() != SILT_ABI) {
    fprintf(stderr, "libsilt.so is not the library of these headers\n");
    return 1;
  }
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, answer, strdup(line)) != 0) return 1;
    pthread_detach(thread);
  }
  free(line);
  /* Who still waits is waited for no longer. */
  _exit(0);
}
