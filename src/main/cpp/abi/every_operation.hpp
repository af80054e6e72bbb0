// The one list of operations. What each of them needs (a place in a table of kernels, a C function, checks) is made of
// it; the build reads it too, to know the tests. An operation `name` has mvq_name_args and mvq_name in mvq.h.
#pragma once

/* Those with a workspace, and so with mvq_..._workspace_bytes. */
#define MVQ_EVERY_OPERATION_WITH_WORKSPACE(EACH) \
  EACH(nearest_code)                             \
  EACH(nearest_in_bank)                          \
  EACH(nearest_free_mask)                        \
  EACH(select_hypothesis)                        \
  EACH(codebook_sums)

#define MVQ_EVERY_OPERATION(EACH)          \
  MVQ_EVERY_OPERATION_WITH_WORKSPACE(EACH) \
  EACH(dropout_masks)
