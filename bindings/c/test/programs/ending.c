/* The library's threads and a follower that waits do not keep a process; a forked child is
 * refused, and can still read what it has.
 *
 *   ending HOME EXECUTABLE
 */

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"

static uint64_t stream;

static void *wait_for_ever(void *unused) {
  silt_stream_wait(stream, -1);
  return unused;
}

static int child_is_refused(struct SiltBuffer batch) {
  struct SiltBuffer out;
  uint64_t queue;
  if (silt_stream_take(stream, 0, 0, &out) != SILT_ERROR || !contains(out, "forked")) return 1;
  silt_free(out);
  if (silt_queue_open(&queue, &out) != SILT_ERROR) return 2;
  silt_free(out);
  if (silt_call_wait(text("list"), 4, text("{}"), 2, NULL, 0, &out, NULL) != SILT_ERROR) return 3;
  silt_free(out);
  if (open_folder(sandbox_logs, "{}", 0, 0, &queue, &out) != SILT_ERROR) return 4;
  silt_free(out);
  if (close_stream(stream) != SILT_ERROR) return 5;
  if (silt_batch_cursor(batch.data, batch.len, 0, &out) != SILT_OK) return 6;
  silt_free(out);
  silt_free(batch);
  return 0;
}

int main(int argc, char **argv) {
  CHECK(argc == 3);
  struct SiltBuffer out;
  sandbox_start(argv[1], argv[2]);
  sandbox_write("line\n");
  CHECK(open_folder(sandbox_logs, "{\"follow\":true}", 0, 0, &stream, &out) == SILT_OK);
  int status;
  while ((status = silt_stream_take(stream, 0, 0, &out)) == SILT_PENDING) {
    CHECK(silt_stream_wait(stream, -1) == SILT_OK);
  }
  CHECK(status == SILT_OK);

  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) _exit(child_is_refused(out));
  CHECK(waitpid(child, &status, 0) == child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "the child ended with %x\n", status);
    return 1;
  }

  silt_free(out);
  sandbox_remove();
  pthread_t waiter;
  CHECK(pthread_create(&waiter, NULL, wait_for_ever, NULL) == 0);
  CHECK(pthread_detach(waiter) == 0);
  return 0;
}
