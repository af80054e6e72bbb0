// The shared memory of the running block: one arena, poisoned at the start of each block, a red zone after each array.
#pragma once
#include <cstddef>

namespace simt {

/* The array that is declared at `site`, any address of that declaration's own. 16-byte aligned. */
void* shared_array(const void* site, size_t bytes);
void* dynamic_shared();

void begin_shared_memory(size_t dynamic_bytes);
/* Ends the process if a red zone was written to. */
void end_shared_memory();

}  // namespace simt
