/* Who waits is woken: by an entry, a close in another thread, a wake; exactly one event
 * comes for each time that a stream had nothing.
 *
 *   waiting HOME EXECUTABLE
 */

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "sandbox.h"

static uint64_t queue, stream;

static void *close_the_stream(void *unused) {
  (void)unused;
  CHECK(close_stream(stream) == SILT_OK);
  return NULL;
}

static void *close_the_queue(void *unused) {
  (void)unused;
  CHECK(silt_queue_close(queue) == SILT_OK);
  return NULL;
}

static void *wake_the_queue(void *unused) {
  (void)unused;
  CHECK(silt_queue_wake(queue) == SILT_OK);
  CHECK(silt_queue_wake(queue) == SILT_OK);
  return NULL;
}

static void *write_a_line(void *unused) {
  (void)unused;
  sandbox_write("line\n");
  return NULL;
}

static void follow(uint64_t on, uint64_t token) {
  struct SiltBuffer error;
  CHECK(open_folder(sandbox_logs, "{\"follow\":true}", on, token, &stream, &error) == SILT_OK);
}

static int readable(void) {
  struct pollfd polled = {.fd = silt_queue_fd(queue), .events = POLLIN, .revents = 0};
  return poll(&polled, 1, 0) == 1;
}

/* Waits without a queue, until a number of entries has come. */
static void wait_for_entries(uint64_t wanted) {
  uint64_t entries = drain(stream);
  while (entries < wanted) {
    CHECK(silt_stream_wait(stream, -1) == SILT_OK);
    entries += drain(stream);
  }
  CHECK(entries == wanted);
}

static void an_entry_wakes_a_waiter(void) {
  pthread_t writer;
  follow(0, 0);
  wait_for_entries(0);
  /* It may be woken for what is not for it; once all is quiet, the time runs out. */
  int status;
  while ((status = silt_stream_wait(stream, 1)) == SILT_OK) CHECK(drain(stream) == 0);
  CHECK(status == SILT_PENDING);
  pthread_create(&writer, NULL, write_a_line, NULL);
  wait_for_entries(1);
  pthread_join(writer, NULL);
  CHECK(close_stream(stream) == SILT_OK);
}

static void closing_wakes_a_waiter(void) {
  pthread_t closer;
  for (int i = 0; i < 100; i++) {
    follow(0, 0);
    drain(stream);
    pthread_create(&closer, NULL, close_the_stream, NULL);
    while (silt_stream_wait(stream, -1) == SILT_OK) drain(stream);
    pthread_join(closer, NULL);
    CHECK(close_stream(stream) == SILT_ERROR);
  }
}

/* One event for each time that there was nothing: a spurious one is followed by a take that
 * says so, and that by the next. */
static void one_event_for_each_pending(void) {
  struct SiltEvent event;
  follow(queue, 42);
  CHECK(drain(stream) == 1);
  /* The second says the same again, and owes no event of its own. */
  drain(stream);
  sandbox_write("line\n");
  uint64_t entries = 0;
  while (entries < 1) {
    CHECK(silt_queue_next(queue, -1, &event) == SILT_OK);
    CHECK(event.kind == SILT_EVENT_STREAM && event.token == 42);
    CHECK(event.json.data == NULL && event.payload.data == NULL);
    CHECK(!readable());
    entries += drain(stream);
  }
  /* The event that is due comes at the close, at the latest. */
  CHECK(close_stream(stream) == SILT_OK);
  CHECK(readable());
  CHECK(silt_queue_next(queue, -1, &event) == SILT_OK);
  CHECK(event.kind == SILT_EVENT_STREAM && event.token == 42);
  CHECK(silt_queue_next(queue, 0, &event) == SILT_PENDING);
  CHECK(!readable());
}

static void a_call_is_answered_once(void) {
  char params[4096];
  struct SiltBuffer error;
  struct SiltEvent events[8];
  snprintf(params, sizeof params, "{\"home\":\"%s\",\"name\":\"echo\"}", sandbox_home);
  for (uint64_t token = 1; token <= 100; token++) {
    const char *method = token % 2 ? "get" : "nothing";
    CHECK(silt_call(queue, token, text(method), strlen(method), text(params), strlen(params), NULL,
                    0, &error) == SILT_OK);
  }
  char seen[101] = {0};
  for (size_t answered = 0, count; answered < 100; answered += count) {
    CHECK(silt_queue_next_many(queue, -1, events, 8, &count) == SILT_OK);
    CHECK(count >= 1 && count <= 8);
    for (size_t i = 0; i < count; i++) {
      CHECK(events[i].token >= 1 && events[i].token <= 100 && !seen[events[i].token]++);
      int is_error = events[i].kind == SILT_EVENT_ERROR;
      CHECK(is_error == (events[i].token % 2 == 0));
      CHECK(contains(events[i].json, is_error ? "\"InvalidArgument\"" : "\"status\":\"running\""));
      silt_free(events[i].json);
      silt_free(events[i].payload);
    }
  }
  CHECK(silt_queue_next(queue, 0, events) == SILT_PENDING);
}

/* As an event loop does that reads what it polls, and takes one event each time. */
static void a_read_of_the_descriptor_hides_no_event(void) {
  struct SiltEvent event;
  uint64_t counter;
  for (int i = 0; i < 3; i++) {
    follow(queue, 42);
    drain(stream);
    /* The event that is due comes at the close. */
    CHECK(close_stream(stream) == SILT_OK);
  }
  for (int i = 0; i < 3; i++) {
    CHECK(readable());
    CHECK(read(silt_queue_fd(queue), &counter, sizeof counter) == sizeof counter);
    CHECK(silt_queue_next(queue, 0, &event) == SILT_OK);
    CHECK(event.kind == SILT_EVENT_STREAM && event.token == 42);
  }
  /* One that comes after a read, while others are left, is told of too. */
  silt_queue_wake(queue);
  CHECK(read(silt_queue_fd(queue), &counter, sizeof counter) == sizeof counter);
  follow(queue, 42);
  drain(stream);
  CHECK(close_stream(stream) == SILT_OK);
  CHECK(readable());
  while (silt_queue_next(queue, 0, &event) == SILT_OK) continue;
  CHECK(!readable());
}

static void a_wake_and_a_close_reach_a_waiter_of_the_queue(void) {
  pthread_t other;
  struct SiltEvent event;
  pthread_create(&other, NULL, wake_the_queue, NULL);
  CHECK(silt_queue_next(queue, -1, &event) == SILT_OK);
  CHECK(event.kind == SILT_EVENT_WAKE);
  pthread_join(other, NULL);
  /* Two wakes are one or two, by whether the first was taken in between. */
  while (silt_queue_next(queue, 0, &event) == SILT_OK) CHECK(event.kind == SILT_EVENT_WAKE);

  pthread_create(&other, NULL, close_the_queue, NULL);
  CHECK(silt_queue_next(queue, -1, &event) == SILT_ERROR);
  silt_free(event.json);
  pthread_join(other, NULL);
}

static atomic_int takers_done;

static void *take_until_closed(void *unused) {
  (void)unused;
  struct SiltBuffer out;
  while (silt_stream_take(stream, 1, 0, &out) != SILT_ERROR) silt_free(out);
  silt_free(out);
  atomic_fetch_add(&takers_done, 1);
  return NULL;
}

static void takers_and_a_closer_race(void) {
  pthread_t threads[4];
  for (int round = 0; round < 50; round++) {
    follow(0, 0);
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, take_until_closed, NULL);
    pthread_create(&threads[3], NULL, close_the_stream, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  }
  CHECK(takers_done == 150);
}

int main(int argc, char **argv) {
  CHECK(argc == 3);
  struct SiltBuffer error;
  CHECK(silt_queue_open(&queue, &error) == SILT_OK);
  sandbox_start(argv[1], argv[2]);
  an_entry_wakes_a_waiter();
  closing_wakes_a_waiter();
  one_event_for_each_pending();
  a_call_is_answered_once();
  a_read_of_the_descriptor_hides_no_event();
  takers_and_a_closer_race();
  a_wake_and_a_close_reach_a_waiter_of_the_queue();
  sandbox_remove();
  return 0;
}
