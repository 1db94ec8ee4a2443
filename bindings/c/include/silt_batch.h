/* silt_batch.h - the entries of a packed batch, without copying them.
 *
 *   struct SiltView view;
 *   struct SiltEntry entry;
 *   if (silt_view(batch.data, batch.len, &view))
 *     for (uint32_t i = 0; silt_entry_at(&view, i, &entry); i++)
 *       fwrite(entry.data, 1, entry.len, stdout);
 *
 * All sizes are looked at before anything is read: no block of bytes, however made,
 * is read beyond its end.
 */

#ifndef SILT_BATCH_H
#define SILT_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "silt_definition.h"
#include "silt_layout.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "silt_batch.h reads batches on little endian machines only"
#endif

/* Stands for a level that is not stored: silt_batch_levels finds it. */
#define SILT_LEVEL_UNKNOWN (-1)

/* `lost` of a gap of which it is not known. */
#define SILT_LOST_UNKNOWN UINT64_MAX

/* A batch whose sizes were checked. It points into the batch. */
struct SiltView {
  const uint8_t *batch;
  const uint8_t *columns;
  const uint8_t *gaps;
  const uint8_t *data;
  uint32_t items;
  uint32_t gap_count;
  uint32_t data_length;
};

/* An entry, or a gap in its place. `data` points into the batch. */
struct SiltEntry {
  /* Of a gap these are set: log, sequence (= to), from, to, lost, reason. */
  int is_gap;
  enum SiltLog log;
  enum SiltSource source;
  enum SiltPart part;
  /* An enum SiltLevel, or SILT_LEVEL_UNKNOWN. */
  int level;
  int is_utf8;
  /* Nanoseconds since 1970. */
  int64_t time;
  uint64_t sequence;
  /* 0: none. */
  uint64_t session;
  const uint8_t *data;
  size_t len;
  uint64_t from;
  uint64_t to;
  uint64_t lost;
  enum SiltGapReason reason;
};

static inline uint32_t silt_u32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline uint64_t silt_u64(const uint8_t *at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* 1 and the view when these bytes are a batch, else 0 and a view without items. */
static inline int silt_view(const uint8_t *batch, size_t len, struct SiltView *view) {
  memset(view, 0, sizeof *view);
  if (batch == NULL || len < SILT_HEADER_SIZE) return 0;
  if (silt_u32(batch + SILT_HEADER_MAGIC) != SILT_BATCH_MAGIC) return 0;
  uint64_t items = silt_u32(batch + SILT_HEADER_ITEMS);
  uint64_t gaps = silt_u32(batch + SILT_HEADER_GAPS);
  uint64_t segments = silt_u32(batch + SILT_HEADER_SEGMENTS);
  uint64_t data = silt_u32(batch + SILT_HEADER_DATA_OFFSET);
  uint64_t data_length = silt_u32(batch + SILT_HEADER_DATA_LENGTH);
  uint64_t columns = (items * SILT_HEADER_ITEM_BYTES + 7) & ~UINT64_C(7);
  uint64_t gaps_at = SILT_HEADER_SIZE + columns + segments * SILT_HEADER_SEGMENT_BYTES;
  if (gaps_at + gaps * SILT_HEADER_GAP_BYTES != data || data + data_length != len) return 0;
  view->batch = batch;
  view->columns = batch + SILT_HEADER_SIZE;
  view->gaps = batch + gaps_at;
  view->data = batch + data;
  view->items = (uint32_t)items;
  view->gap_count = (uint32_t)gaps;
  view->data_length = (uint32_t)data_length;
  return 1;
}

/* 1 and the item at `index`, else 0: there is none. */
static inline int silt_entry_at(const struct SiltView *view, uint32_t index,
                                struct SiltEntry *entry) {
  if (index >= view->items) return 0;
  const uint8_t *columns = view->columns;
  size_t items = view->items, at = index;
  uint32_t meta = silt_u32(columns + SILT_COLUMN_META * items + at * 4);
  uint32_t offset = silt_u32(columns + SILT_COLUMN_DATA_OFFSETS * items + at * 4);
  uint32_t length = silt_u32(columns + SILT_COLUMN_DATA_LENGTHS * items + at * 4);
  entry->is_gap = meta >> SILT_META_GAP & SILT_META_GAP_MASK;
  entry->log = (enum SiltLog)(meta >> SILT_META_LOG & SILT_META_LOG_MASK);
  entry->source = (enum SiltSource)(meta >> SILT_META_SOURCE & SILT_META_SOURCE_MASK);
  entry->part = (enum SiltPart)(meta >> SILT_META_PART & SILT_META_PART_MASK);
  entry->level = (int)(meta >> SILT_META_LEVEL & SILT_META_LEVEL_MASK) - 1;
  entry->is_utf8 = meta >> SILT_META_UTF8 & SILT_META_UTF8_MASK;
  entry->time = (int64_t)silt_u64(columns + SILT_COLUMN_TIMES * items + at * 8);
  entry->sequence = silt_u64(columns + SILT_COLUMN_SEQUENCES * items + at * 8);
  entry->session = silt_u64(columns + SILT_COLUMN_SESSIONS * items + at * 8);
  if (entry->is_gap) {
    if (offset >= view->gap_count) return 0;
    const uint8_t *gap = view->gaps + (size_t)offset * SILT_HEADER_GAP_BYTES;
    entry->data = NULL;
    entry->len = 0;
    entry->from = silt_u64(gap + SILT_GAP_FROM);
    entry->to = silt_u64(gap + SILT_GAP_TO);
    entry->lost = silt_u64(gap + SILT_GAP_LOST);
    entry->reason = (enum SiltGapReason)silt_u32(gap + SILT_GAP_REASON);
    return 1;
  }
  if ((uint64_t)offset + length > view->data_length) return 0;
  entry->data = view->data + offset;
  entry->len = length;
  return 1;
}

#endif /* SILT_BATCH_H */
