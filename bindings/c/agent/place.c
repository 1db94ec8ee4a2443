/* Where a request reads, and with which options. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent.h"

int put_place(struct Text *params, const struct Json *request) {
  struct Json *folder = json_get(request, "folder");
  if (!folder) return put_sandbox(params, json_text(request, "sandbox"));
  put(params, "\"folder\":");
  put_raw(params, folder);
  return 1;
}

/* RFC 3339 in UTC as nanoseconds since 1970. */
static void put_time(struct Text *params, const char *text) {
  struct tm date = {0};
  char fraction[10] = "000000000", nanos[40];
  sscanf(text, "%d-%d-%dT%d:%d:%d", &date.tm_year, &date.tm_mon, &date.tm_mday, &date.tm_hour,
         &date.tm_min, &date.tm_sec);
  date.tm_year -= 1900;
  date.tm_mon -= 1;
  const char *point = strchr(text, '.');
  for (int i = 0; point && i < 9 && point[1 + i] >= '0' && point[1 + i] <= '9'; i++) {
    fraction[i] = point[1 + i];
  }
  long long whole = timegm(&date) * 1000000000LL + strtoll(fraction, NULL, 10);
  snprintf(nanos, sizeof nanos, "{\"ns\":\"%lld\"}", whole);
  put(params, nanos);
}

void put_options(struct Text *params, const struct Json *options, const char *left_out) {
  if (options && options->type != JSON_OBJECT) {
    put_raw(params, options);
    return;
  }
  int first = 1;
  put(params, "{");
  for (struct Json *member = options ? options->first : NULL; member; member = member->next) {
    if (left_out && strcmp(member->key->string, left_out) == 0) continue;
    if (!first) put(params, ",");
    first = 0;
    put_raw(params, member->key);
    put(params, ":");
    const char *time = json_text(member, "time");
    if (time) {
      put_time(params, time);
    } else {
      put_raw(params, member);
    }
  }
  put(params, "}");
}
