#include "mvq.h"
extern "C" {
int32_t mvq_abi_version(void) { return MVQ_ABI_VERSION; }
const char* mvq_last_error(void) { return "not built yet"; }
const char* mvq_isa(void) { return "scalar"; }
const char* mvq_refused(void) { return ""; }
int32_t mvq_device_count(int32_t) { return 1; }
#define OP(x) int64_t mvq_##x##_workspace_bytes(const mvq_##x##_args*, const mvq_where*) { return 0; } int32_t mvq_##x(const mvq_##x##_args*, const mvq_where*, void*, int64_t) { return MVQ_BAD_ARGUMENT; }
OP(nearest_code) OP(nearest_in_bank) OP(nearest_free_mask) OP(select_hypothesis) OP(codebook_sums)
int32_t mvq_dropout_masks(const mvq_dropout_masks_args*, const mvq_where*) { return MVQ_BAD_ARGUMENT; }
}
