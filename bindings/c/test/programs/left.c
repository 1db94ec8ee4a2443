/* Streams that are opened, waited on and left give back their descriptors, threads and
 * memory.
 *
 *   left HOME EXECUTABLE COUNT
 */

#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

#include "sandbox.h"

static int count(const char *folder) {
  DIR *opened = opendir(folder);
  CHECK(opened != NULL);
  int entries = 0;
  while (readdir(opened) != NULL) entries++;
  closedir(opened);
  return entries;
}

static void open_and_leave(int number) {
  uint64_t queue, *streams = (uint64_t *)calloc((size_t)number, sizeof *streams);
  struct SiltBuffer error;
  CHECK(silt_queue_open(&queue, &error) == SILT_OK);
  for (int i = 0; i < number; i++) {
    CHECK(open_folder(sandbox_logs, "{\"follow\":true}", queue, (uint64_t)i, &streams[i], &error) ==
          SILT_OK);
    drain(streams[i]);
  }
  /* One event a stream, however many there are. */
  int threads = count("/proc/self/task");
  CHECK(threads < 16);
  for (int i = 0; i < number; i++) CHECK(close_stream(streams[i]) == SILT_OK);
  CHECK(silt_queue_close(queue) == SILT_OK);
  free(streams);
}

/* The first one and the reader of the sandbox's connection, and what a folder has besides;
 * ThreadSanitizer brings one of its own. */
#ifdef __SANITIZE_THREAD__
enum { THREADS_LEFT = 5 };
#else
enum { THREADS_LEFT = 4 };
#endif

/* A thread that has nothing left to do ends within a second, and gives back what it had. */
static void settle(void) {
  for (int tries = 0; count("/proc/self/task") > THREADS_LEFT && tries < 1200; tries++)
    usleep(50000);
  CHECK(count("/proc/self/task") <= THREADS_LEFT);
}

int main(int argc, char **argv) {
  CHECK(argc == 4);
  int number = atoi(argv[3]);
  sandbox_start(argv[1], argv[2]);
  sandbox_write("line\n");

  /* What the first times bring along for good: the connection, tables of handles. */
  for (int round = 0; round < 3; round++) open_and_leave(number);
  settle();
  int descriptors = count("/proc/self/fd");
  size_t in_use = mallinfo2().uordblks + mallinfo2().hblkhd;
  for (int round = 0; round < 3; round++) open_and_leave(number);
  settle();
  CHECK(count("/proc/self/fd") == descriptors);
  size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
  /* Threads that come and go keep a buffer or two. What a stream left behind would be no
   * less than the smallest allocation, for each of them. */
  size_t streams = 3 * (size_t)number, slack = streams > 1024 ? 16 * streams : 16 << 10;
  if (after > in_use + slack) {
    fprintf(stderr, "%zu bytes before, %zu after\n", in_use, after);
    exit(1);
  }
  sandbox_remove();
  return 0;
}
