// Checks of each operation's arguments: every rule of mvq.h that a call can break, each with a text that says which.
#pragma once
#include "abi/error.hpp"
#include "abi/every_operation.hpp"
#include "mvq.h"

namespace mvq {

#define MVQ_CHECK(name) void check(const mvq_##name##_args& args);
MVQ_EVERY_OPERATION(MVQ_CHECK)
#undef MVQ_CHECK

/* What can only be checked by reading the data: for a call, not for a question about the workspace. */
template <class Args>
void check_data(const Args&) {}
void check_data(const mvq_codebook_sums_args& args);

/* Whether the device can be used; `where` may be NULL in all three. */
void check_where(const mvq_where* where);

bool on_cuda(const mvq_where* where);

/* The CPU threads to use. */
int cpu_threads(const mvq_where* where);

}  // namespace mvq
