// The engine: runs the blocks of a grid one after the other and each CUDA thread of a block as a fiber, in an order
// drawn from a seed. Every misuse it can see ends the process with a line that says what was wrong.
#pragma once
#include <cstddef>
#include <cstdint>

namespace simt {

struct Dim3 {
  unsigned x = 1, y = 1, z = 1;
};

struct Options {
  unsigned seed = 1;            // of the order of blocks and threads
  int resident_blocks = 3;      // what a kernel is told that the device can hold at once
  bool tensor_cores = true;     // what it is told too
  size_t shared_bytes = 49152;  // a block may use, static and dynamic together
};
extern Options options;

/* Runs body(context) once for every thread of the grid. */
void run_grid(Dim3 grid, Dim3 block, size_t dynamic_bytes, void (*body)(void*), void* context);

[[noreturn]] void fault(const char* format, ...) __attribute__((format(printf, 1, 2)));

/* The calling thread's warp lane, 0..31. */
int lane();

/* All threads of the block meet here, at this line of the source. */
void meet_block(const char* file, unsigned line);
/* The same, counting those with `mine`. */
unsigned count_block(bool mine, const char* file, unsigned line);

/* What the lanes of a warp brought to a meeting. A lane that was not there must not be read. */
struct Meeting {
  uint32_t present;
  uint64_t value[32];
  const uint64_t& of(int source) const {
    if (!(present >> source & 1))
      fault("lane %d reads lane %d, which is not in the meeting's mask %08x", lane(), source, present);
    return value[source];
  }
};
/* The lanes of `mask` meet: all of them, none ended. With `last`, the last to come calls it once on what all
 * brought. */
Meeting meet_warp(uint32_t mask, uint64_t value, void (*last)(Meeting&) = nullptr);
/* __syncwarp: also orders memory. */
void meet_warp_and_order(uint32_t mask);

/* Bytes written by asynchronous copies that the running thread has begun and not yet waited for. */
struct Copy {
  void* to;
  const void* from;  // NULL = zeros
  int bytes, group;
};
struct Copies {
  static constexpr int MOST = 256;
  Copy pending[MOST];
  int count = 0, group = 0;
};
Copies& copies();

}  // namespace simt

extern simt::Dim3 threadIdx, blockIdx, blockDim, gridDim;  // CUDA's own names
