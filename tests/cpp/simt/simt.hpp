// What a .cu file sees in place of CUDA when the host compiler reads it with -DMVQ_SIMT: CUDA's words with their
// documented meaning, on the engine of block.hpp. Stricter than CUDA: every thread of a block must reach each barrier,
// and every lane that a mask names must come.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>

#include "block.hpp"
#include "shared_memory.hpp"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __restrict__ __restrict

using dim3 = simt::Dim3;
constexpr int warpSize = 32;
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};

/* Barriers know their place in the source: threads of a block that meet at different ones are a fault. */
inline void __syncthreads(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  simt::meet_block(file, line);
}
inline int __syncthreads_count(int mine, const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return int(simt::count_block(mine != 0, file, line));
}
inline int __syncthreads_or(int mine, const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return simt::count_block(mine != 0, file, line) != 0;
}
inline void __syncwarp(uint32_t mask = ~0u) { simt::meet_warp_and_order(mask); }
inline void __threadfence() {}

namespace simt {

/* The value that the lane's source brought; source_of(lane, first lane of its segment) picks it. */
template <class T, class SourceOf>
T shuffle(uint32_t mask, T value, int width, SourceOf source_of) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
  uint64_t raw = 0;
  std::memcpy(&raw, &value, sizeof value);
  const Meeting meeting = meet_warp(mask, raw);
  raw = meeting.of(source_of(lane(), lane() & ~(width - 1)));
  std::memcpy(&value, &raw, sizeof value);
  return value;
}

}  // namespace simt

template <class T>
T __shfl_sync(uint32_t mask, T value, int source, int width = 32) {
  return simt::shuffle(mask, value, width, [=](int, int first) { return first + (source & (width - 1)); });
}
template <class T>
T __shfl_up_sync(uint32_t mask, T value, unsigned delta, int width = 32) {
  return simt::shuffle(mask, value, width,
                       [=](int l, int first) { return l - int(delta) < first ? l : l - int(delta); });
}
template <class T>
T __shfl_down_sync(uint32_t mask, T value, unsigned delta, int width = 32) {
  return simt::shuffle(mask, value, width,
                       [=](int l, int first) { return l + int(delta) >= first + width ? l : l + int(delta); });
}
template <class T>
T __shfl_xor_sync(uint32_t mask, T value, int bits, int width = 32) {
  return simt::shuffle(mask, value, width,
                       [=](int l, int first) { return (l ^ bits) >= first + width ? l : l ^ bits; });
}
inline uint32_t __ballot_sync(uint32_t mask, int mine) {
  const simt::Meeting meeting = simt::meet_warp(mask, mine != 0);
  uint32_t ballot = 0;
  for (int l = 0; l < 32; ++l) ballot |= (mask >> l & 1) ? uint32_t(meeting.value[l]) << l : 0;
  return ballot;
}
inline int __any_sync(uint32_t mask, int mine) { return __ballot_sync(mask, mine) != 0; }
inline int __all_sync(uint32_t mask, int mine) { return __ballot_sync(mask, mine) == mask; }

inline int __popc(uint32_t a) { return __builtin_popcount(a); }
inline int __popcll(uint64_t a) { return __builtin_popcountll(a); }
inline int __ffs(int a) { return __builtin_ffs(a); }
inline int __clz(int a) { return a ? __builtin_clz(unsigned(a)) : 32; }
inline uint32_t __umulhi(uint32_t a, uint32_t b) { return uint32_t(uint64_t{a} * b >> 32); }
inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline uint32_t __float_as_uint(float a) { return __builtin_bit_cast(uint32_t, a); }
inline float __uint_as_float(uint32_t a) { return __builtin_bit_cast(float, a); }
inline int __float_as_int(float a) { return __builtin_bit_cast(int, a); }
inline float __int_as_float(int a) { return __builtin_bit_cast(float, a); }
template <class T>
T __ldg(const T* place) {
  return *place;
}

/* Integers only: the sum of floats would depend on the order, which no kernel here may let happen. */
template <class T>
T atomicAdd(T* place, std::type_identity_t<T> value) {
  static_assert(std::is_integral_v<T>);
  return __atomic_fetch_add(place, value, __ATOMIC_RELAXED);
}
template <class T>
T atomicMin(T* place, std::type_identity_t<T> value) {
  T old = __atomic_load_n(place, __ATOMIC_RELAXED);
  if (value < old) __atomic_store_n(place, value, __ATOMIC_RELAXED);  // no fiber is interrupted here
  return old;
}

namespace simt {

/* Stores that ThreadSanitizer sees: a memset or memcpy of constant size becomes instructions that it does not. */
inline void store_words(void* to, const void* from, int bytes, uint32_t otherwise) {
  for (int i = 0; i < bytes / 4; ++i)
    static_cast<volatile uint32_t*>(to)[i] = from ? static_cast<const volatile uint32_t*>(from)[i] : otherwise;
}

/* Begins a copy to shared memory; it lands when waited for, as late as CUDA allows, and is poison until then. */
inline void begin_copy(void* to, const void* from, int bytes) {
  Copies& mine = copies();
  if (reinterpret_cast<uintptr_t>(to) % unsigned(bytes) || reinterpret_cast<uintptr_t>(from) % unsigned(bytes))
    fault("an asynchronous copy of %d bytes is misaligned", bytes);
  if (mine.count == Copies::MOST) fault("more than %d asynchronous copies are under way", Copies::MOST);
  mine.pending[mine.count++] = {to, from, bytes, mine.group};
  store_words(to, nullptr, bytes, ~0u);
}
inline void end_copy_group() { ++copies().group; }

/* Lands all but the newest `groups` groups. */
inline void wait_copies(int groups) {
  Copies& mine = copies();
  int kept = 0;
  for (int i = 0; i < mine.count; ++i) {
    const Copy copy = mine.pending[i];
    if (copy.group >= mine.group - groups) mine.pending[kept++] = copy;
    else store_words(copy.to, copy.from, copy.bytes, 0);
  }
  mine.count = kept;
}

/* kernel<<<grid, block, dynamic_bytes>>>(arguments...), finished when it returns. */
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), Dim3 grid, Dim3 block, size_t dynamic_bytes, Arguments... arguments) {
  struct Call {
    void (*kernel)(Parameters...);
    std::tuple<Parameters...> arguments;
  } call{kernel, {arguments...}};
  run_grid(
      grid, block, dynamic_bytes,
      [](void* c) { std::apply(static_cast<Call*>(c)->kernel, static_cast<Call*>(c)->arguments); }, &call);
}

}  // namespace simt
