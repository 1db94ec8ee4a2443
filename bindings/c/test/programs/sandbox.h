/* A sandbox whose one command repeats what it is told, so that a test decides when
 * its log grows. */

#ifndef SANDBOX_H
#define SANDBOX_H

#include "check.h"

static const char *sandbox_home;
static char sandbox_logs[2048];

static inline struct SiltBuffer call(const char *method, const char *params, const char *payload) {
  struct SiltBuffer json, answered;
  int status = silt_call_wait(text(method), strlen(method), text(params), strlen(params),
                              text(payload), strlen(payload), &json, &answered);
  if (status != SILT_OK) fprintf(stderr, "%s: %s\n", method, (char *)json.data);
  CHECK(status == SILT_OK);
  silt_free(answered);
  return json;
}

/* The sandbox `echo` below `home`, with session 1. */
static inline void sandbox_start(const char *home, const char *executable) {
  char params[4096];
  sandbox_home = home;
  snprintf(sandbox_logs, sizeof sandbox_logs, "%s/sandboxes/echo/logs", home);
  snprintf(params, sizeof params,
           "{\"home\":\"%s\",\"executable\":\"%s\","
           "\"options\":{\"name\":\"echo\",\"runtime\":\"process\"}}",
           home, executable);
  silt_free(call("create", params, ""));
  snprintf(params, sizeof params,
           "{\"home\":\"%s\",\"name\":\"echo\",\"program\":\"cat\",\"args\":[],\"stdin\":true}", home);
  struct SiltBuffer spawned = call("spawn", params, "");
  CHECK(contains(spawned, "\"sessionId\":1"));
  silt_free(spawned);
}

static inline void sandbox_write(const char *line) {
  char params[4096];
  snprintf(params, sizeof params, "{\"home\":\"%s\",\"name\":\"echo\",\"sessionId\":1}", sandbox_home);
  silt_free(call("write", params, line));
}

static inline void sandbox_remove(void) {
  char params[4096];
  snprintf(params, sizeof params, "{\"home\":\"%s\",\"name\":\"echo\",\"force\":true}", sandbox_home);
  silt_free(call("remove", params, ""));
}

#endif
