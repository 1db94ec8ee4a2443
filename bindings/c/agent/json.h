/* As much of JSON as the agent needs: a tree that remembers its source, and text that
 * grows. */

#ifndef AGENT_JSON_H
#define AGENT_JSON_H

#include <stddef.h>
#include <stdint.h>

enum JsonType { JSON_OTHER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct Json {
  enum JsonType type;
  /* As it stands in the source, which outlives the tree. */
  const char *raw;
  size_t raw_len;
  /* Of a string, decoded; NUL-terminated. */
  char *string;
  size_t string_len;
  /* Of a member of an object. */
  struct Json *key;
  struct Json *next;
  struct Json *first;
};

/* The value that the text begins with, or NULL. */
struct Json *json_parse(const char *text);
void json_free(struct Json *json);

/* The member of an object, or NULL; one that is `null` too is NULL. */
struct Json *json_get(const struct Json *object, const char *name);
/* The member's text, or NULL. */
const char *json_text(const struct Json *object, const char *name);
/* The member's number, or `otherwise`. */
int64_t json_number(const struct Json *object, const char *name, int64_t otherwise);
int json_is(const struct Json *value, const char *raw);

/* Text that grows; zeroed it is empty. */
struct Text {
  char *data;
  size_t len;
  size_t room;
};

void put_bytes(struct Text *text, const void *bytes, size_t len);
void put(struct Text *text, const char *chars);
void put_number(struct Text *text, uint64_t number);
/* As a JSON string, from UTF-8. */
void put_string(struct Text *text, const char *chars, size_t len);
/* As it stands in its source; `null` for NULL. */
void put_raw(struct Text *text, const struct Json *value);
void put_base64(struct Text *text, const uint8_t *bytes, size_t len);
/* U+FFFD for each maximal part that is not UTF-8. */
void put_lenient(struct Text *text, const uint8_t *bytes, size_t len);
/* Decodes in place, and gives the length. */
size_t base64_decode(char *chars);

#endif
