/* What the parts of the agent share. */

#ifndef AGENT_H
#define AGENT_H

#include "json.h"
#include "silt.h"
#include "silt_batch.h"

/* Answers a request: 1 with the result in `out`, 0 with the error, both JSON. */
typedef int Operation(const struct Json *request, struct Text *out);

/* The error of the agent itself. */
int agent_error(struct Text *out, const char *message);
/* The error that the library gave; frees it. */
int library_error(struct Text *out, struct SiltBuffer error);

/* Calls a method: 1 with its answer in `out`, or 0 with the error there. Bytes go to `bytes`. */
int call(const char *method, const struct Text *params, const void *payload, size_t payload_len,
         struct Text *out, struct Text *bytes);

/* Appends `"home":…,"name":…` of a sandbox that the runner knows; 0 when there is none. */
int put_sandbox(struct Text *params, const char *sandbox);
/* Appends the place of a request, `"folder"` or a sandbox. */
int put_place(struct Text *params, const struct Json *request);
/* Appends options; a time of the case becomes a time of the library. */
void put_options(struct Text *params, const struct Json *options, const char *left_out);

/* Appends an item of a batch, with every field that the library has. */
void put_item(struct Text *out, struct SiltBuffer batch, struct SiltBuffer levels, uint32_t index,
              const struct SiltEntry *entry);

/* A session that the runner knows. */
struct Session {
  char *name;
  char *sandbox;
  char *cursor;
  uint64_t id;
  struct Session *next;
};
struct Session *session_named(const char *name);
/* Opens the stream of a session, which ends with it. */
int session_stream(const struct Session *session, const struct Json *options, uint64_t queue,
                   uint64_t *stream, struct SiltBuffer *error);

Operation op_open, op_read, op_position, op_close, op_snapshot, op_verify;
Operation op_create, op_get, op_list, op_start, op_connect, op_stop, op_kill, op_remove, op_release;
Operation op_exec, op_spawn, op_write, op_end_input, op_signal, op_resize, op_wait, op_expose;
Operation op_read_file, op_write_file, op_list_files, op_remove_file;

#endif
