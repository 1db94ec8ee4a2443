/* Generated from crates/silt-interface by `npm run generate`. Do not edit. */

#ifndef SILT_LAYOUT_H
#define SILT_LAYOUT_H

/* Where what lies in a packed batch. Little endian; read it by silt_batch.h. */

#define SILT_BATCH_MAGIC UINT32_C(827608147)

/* Byte offsets in the header, and sizes in bytes. */
#define SILT_HEADER_DATA_LENGTH 20
#define SILT_HEADER_DATA_OFFSET 16
#define SILT_HEADER_END 144
#define SILT_HEADER_GAP_BYTES 32
#define SILT_HEADER_GAPS 8
#define SILT_HEADER_ITEM_BYTES 44
#define SILT_HEADER_ITEMS 4
#define SILT_HEADER_LOG_ID 32
#define SILT_HEADER_LOGS 24
#define SILT_HEADER_MAGIC 0
#define SILT_HEADER_POSITION_BYTES 32
#define SILT_HEADER_SEGMENT_BYTES 16
#define SILT_HEADER_SEGMENTS 12
#define SILT_HEADER_SIZE 240
#define SILT_HEADER_START 48

/* Bytes that an item takes in the columns before this one. */
#define SILT_COLUMN_TIMES 0 /* i64 */
#define SILT_COLUMN_SEQUENCES 8 /* u64 */
#define SILT_COLUMN_SESSIONS 16 /* u64 */
#define SILT_COLUMN_END_OFFSETS 24 /* u64 */
#define SILT_COLUMN_DATA_OFFSETS 32 /* u32 */
#define SILT_COLUMN_DATA_LENGTHS 36 /* u32 */
#define SILT_COLUMN_META 40 /* u32 */

/* The column of meta: how far to shift, and what to mask then. */
#define SILT_META_GAP 6
#define SILT_META_GAP_MASK 1
#define SILT_META_LEVEL 8
#define SILT_META_LEVEL_MASK 7
#define SILT_META_LOG 0
#define SILT_META_LOG_MASK 3
#define SILT_META_PART 4
#define SILT_META_PART_MASK 3
#define SILT_META_SEGMENT 16
#define SILT_META_SEGMENT_MASK 65535
#define SILT_META_SOURCE 2
#define SILT_META_SOURCE_MASK 3
#define SILT_META_UTF8 7
#define SILT_META_UTF8_MASK 1

/* Byte offsets in a position (of one log), a segment and a gap. */
#define SILT_POSITION_SEQUENCE_PLUS_ONE 0 /* u64 */
#define SILT_POSITION_SEGMENT 8 /* u64 */
#define SILT_POSITION_OFFSET 16 /* u64 */
#define SILT_POSITION_TAG 24 /* u32 */
#define SILT_SEGMENT_NUMBER 0 /* u64 */
#define SILT_SEGMENT_TAG 8 /* u32 */
#define SILT_SEGMENT_LOG 12 /* u32 */
#define SILT_GAP_FROM 0 /* u64 */
#define SILT_GAP_TO 8 /* u64 */
#define SILT_GAP_LOST 16 /* u64 */
#define SILT_GAP_LOG 24 /* u32 */
#define SILT_GAP_REASON 28 /* u32 */

#endif /* SILT_LAYOUT_H */
