#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip(const char *at) { return at + strspn(at, " \t\r\n"); }

static unsigned hex4(const char *at) {
  char digits[5] = {at[0], at[1], at[2], at[3], 0};
  return (unsigned)strtoul(digits, NULL, 16);
}

static char *put_character(char *to, unsigned point) {
  if (point < 0x80) {
    *to++ = (char)point;
  } else if (point < 0x800) {
    *to++ = (char)(0xc0 | point >> 6);
    *to++ = (char)(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    *to++ = (char)(0xe0 | point >> 12);
    *to++ = (char)(0x80 | (point >> 6 & 0x3f));
    *to++ = (char)(0x80 | (point & 0x3f));
  } else {
    *to++ = (char)(0xf0 | point >> 18);
    *to++ = (char)(0x80 | (point >> 12 & 0x3f));
    *to++ = (char)(0x80 | (point >> 6 & 0x3f));
    *to++ = (char)(0x80 | (point & 0x3f));
  }
  return to;
}

static const char *parse_string(const char *at, struct Json *json) {
  json->type = JSON_STRING;
  char *to = json->string = malloc(strlen(at) + 1);
  for (at++; *at && *at != '"'; at++) {
    if (*at != '\\') {
      *to++ = *at;
      continue;
    }
    static const char from[] = "bfnrt", into[] = "\b\f\n\r\t";
    const char *escape = strchr(from, *++at);
    if (*at == 'u') {
      unsigned point = hex4(at + 1);
      at += 4;
      if (point >= 0xd800 && point < 0xdc00 && at[1] == '\\' && at[2] == 'u') {
        point = 0x10000 + ((point - 0xd800) << 10) + (hex4(at + 3) - 0xdc00);
        at += 6;
      }
      to = put_character(to, point);
    } else {
      *to++ = escape ? into[escape - from] : *at;
    }
  }
  *to = '\0';
  json->string_len = (size_t)(to - json->string);
  return *at ? at + 1 : at;
}

static const char *parse(const char *at, struct Json **into) {
  struct Json *json = *into = calloc(1, sizeof *json);
  json->raw = at;
  if (*at == '"') {
    at = parse_string(at, json);
  } else if (*at == '{' || *at == '[') {
    char end = *at == '{' ? '}' : ']';
    json->type = *at == '{' ? JSON_OBJECT : JSON_ARRAY;
    struct Json **next = &json->first;
    at = skip(at + 1);
    while (*at && *at != end) {
      struct Json *key = NULL;
      if (json->type == JSON_OBJECT) {
        at = skip(parse(at, &key));
        if (*at == ':') at = skip(at + 1);
      }
      at = skip(parse(at, next));
      (*next)->key = key;
      next = &(*next)->next;
      if (*at == ',') at = skip(at + 1);
    }
    if (*at) at++;
  } else {
    size_t len = strcspn(at, ",]} \t\r\n");
    at += len ? len : *at != '\0';
  }
  json->raw_len = (size_t)(at - json->raw);
  return at;
}

struct Json *json_parse(const char *text) {
  struct Json *json = NULL;
  parse(skip(text), &json);
  return json;
}

void json_free(struct Json *json) {
  while (json) {
    struct Json *next = json->next;
    json_free(json->key);
    json_free(json->first);
    free(json->string);
    free(json);
    json = next;
  }
}

int json_is(const struct Json *value, const char *raw) {
  return value && value->raw_len == strlen(raw) && memcmp(value->raw, raw, value->raw_len) == 0;
}

struct Json *json_get(const struct Json *object, const char *name) {
  for (struct Json *member = object ? object->first : NULL; member; member = member->next) {
    if (member->key && strcmp(member->key->string, name) == 0) {
      return json_is(member, "null") ? NULL : member;
    }
  }
  return NULL;
}

const char *json_text(const struct Json *object, const char *name) {
  struct Json *member = json_get(object, name);
  return member ? member->string : NULL;
}

int64_t json_number(const struct Json *object, const char *name, int64_t otherwise) {
  struct Json *member = json_get(object, name);
  return member ? strtoll(member->raw, NULL, 10) : otherwise;
}

void put_bytes(struct Text *text, const void *bytes, size_t len) {
  if (text->len + len + 1 > text->room) {
    text->room = (text->len + len + 1) * 2;
    text->data = realloc(text->data, text->room);
  }
  if (len) memcpy(text->data + text->len, bytes, len);
  text->len += len;
  text->data[text->len] = '\0';
}

void put(struct Text *text, const char *chars) { put_bytes(text, chars, strlen(chars)); }

void put_number(struct Text *text, uint64_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
  put(text, digits);
}

void put_string(struct Text *text, const char *chars, size_t len) {
  put(text, "\"");
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)chars[i];
    char escaped[8];
    if (c == '"' || c == '\\') {
      snprintf(escaped, sizeof escaped, "\\%c", c);
      put(text, escaped);
    } else if (c < 0x20) {
      snprintf(escaped, sizeof escaped, "\\u%04x", c);
      put(text, escaped);
    } else {
      put_bytes(text, &c, 1);
    }
  }
  put(text, "\"");
}

void put_raw(struct Text *text, const struct Json *value) {
  if (value) {
    put_bytes(text, value->raw, value->raw_len);
  } else {
    put(text, "null");
  }
}
