/* Bytes as base64, and as text whatever they are. */

#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void put_base64(struct Text *text, const uint8_t *bytes, size_t len) {
  put(text, "\"");
  for (size_t i = 0; i < len; i += 3) {
    size_t left = len - i;
    unsigned group = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                     (left > 2 ? bytes[i + 2] : 0);
    char four[4] = {digits[group >> 18], digits[group >> 12 & 63],
                    left > 1 ? digits[group >> 6 & 63] : '=', left > 2 ? digits[group & 63] : '='};
    put_bytes(text, four, 4);
  }
  put(text, "\"");
}

size_t base64_decode(char *chars) {
  unsigned group = 0, bits = 0;
  size_t len = 0;
  for (const char *at = chars; *at && *at != '='; at++) {
    const char *digit = strchr(digits, *at);
    if (!digit) continue;
    group = group << 6 | (unsigned)(digit - digits);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      chars[len++] = (char)(group >> bits & 0xff);
    }
  }
  return len;
}

/* The length of the character that the bytes begin with; 0 where they begin with none, and then
 * `skipped` is the length of the part that could have begun one. */
static size_t character(const uint8_t *bytes, size_t len, size_t *skipped) {
  uint8_t lead = bytes[0];
  size_t wanted = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  *skipped = 1;
  if (wanted <= 1) return wanted;
  for (size_t at = 1; at < wanted; at++) {
    uint8_t least = 0x80, most = 0xbf;
    if (at == 1 && lead == 0xe0) least = 0xa0;
    if (at == 1 && lead == 0xed) most = 0x9f;
    if (at == 1 && lead == 0xf0) least = 0x90;
    if (at == 1 && lead == 0xf4) most = 0x8f;
    if (at == len || bytes[at] < least || bytes[at] > most) {
      *skipped = at;
      return 0;
    }
  }
  return wanted;
}

void put_lenient(struct Text *text, const uint8_t *bytes, size_t len) {
  struct Text whole = {0};
  put(&whole, "");
  while (len) {
    size_t skipped, taken = character(bytes, len, &skipped);
    if (taken) {
      put_bytes(&whole, bytes, taken);
    } else {
      put(&whole, "\xef\xbf\xbd");
      taken = skipped;
    }
    bytes += taken;
    len -= taken;
  }
  put_string(text, whole.data, whole.len);
  free(whole.data);
}
