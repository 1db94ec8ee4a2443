/* Uses the headers alone, as any program would. */

#include "silt.h"
#include "silt_batch.h"

/* Without a default, so that a new code is a warning here. */
static int is_ours(enum SiltCode code) {
  switch (code) {
    case SILT_CODE_INVALID_ARGUMENT:
    case SILT_CODE_INVALID_CURSOR:
    case SILT_CODE_MISSED_ROTATION:
    case SILT_CODE_CORRUPTION:
    case SILT_CODE_SOURCE_REPLACED:
    case SILT_CODE_TRUNCATED:
    case SILT_CODE_SANDBOX_NOT_FOUND:
    case SILT_CODE_SANDBOX_EXISTS:
    case SILT_CODE_SANDBOX_NOT_RUNNING:
    case SILT_CODE_RUNTIME_UNAVAILABLE:
    case SILT_CODE_LIMIT_UNAVAILABLE:
    case SILT_CODE_NOT_FOUND:
    case SILT_CODE_LOCKED:
    case SILT_CODE_PROTOCOL:
    case SILT_CODE_IO:
    case SILT_CODE_INTERNAL:
      return 1;
  }
  return 0;
}

int main(void) {
  struct SiltView view;
  struct SiltEntry entry;
  if (silt_view(NULL, 0, &view)) return silt_entry_at(&view, 0, &entry);
  return silt_abi() == SILT_ABI && is_ours(SILT_CODE_IO) && silt_code_of("Io", 2) == SILT_CODE_IO
             ? 0
             : 1;
}
