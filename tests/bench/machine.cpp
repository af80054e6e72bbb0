#include "machine.hpp"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <vector>

#include "abi/dispatch.hpp"
#include "abi/threads.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bench {
namespace {

std::atomic<float> sink;  // what is written here cannot be optimised away
constexpr int64_t LOOPS = 4096;
constexpr int ACCUMULATORS = 12;  // more than latency times ports, fewer than AVX2's registers

/* Each loop does ACCUMULATORS fused multiply-adds of so many lanes. */
#if defined(__x86_64__)
__attribute__((target("avx512f"))) void fma_avx512() {
  __m512 sums[ACCUMULATORS], x = _mm512_set1_ps(0.999f), y = _mm512_set1_ps(1e-3f);
  for (__m512& sum : sums) sum = y;
  for (int64_t i = 0; i < LOOPS; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < ACCUMULATORS; ++j) sums[j] = _mm512_fmadd_ps(sums[j], x, y);
  for (__m512 sum : sums) sink = sink + sum[0];
}

__attribute__((target("avx2,fma"))) void fma_avx2() {
  __m256 sums[ACCUMULATORS], x = _mm256_set1_ps(0.999f), y = _mm256_set1_ps(1e-3f);
  for (__m256& sum : sums) sum = y;
  for (int64_t i = 0; i < LOOPS; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < ACCUMULATORS; ++j) sums[j] = _mm256_fmadd_ps(sums[j], x, y);
  for (__m256 sum : sums) sink = sink + sum[0];
}
#endif

/* Elsewhere the compiler fuses: this file is compiled with -ffp-contract=fast. */
void fma_portable() {
  typedef float four __attribute__((vector_size(16)));
  four sums[ACCUMULATORS], x = {0.999f, 0.999f, 0.999f, 0.999f}, y = {1e-3f, 1e-3f, 1e-3f, 1e-3f};
  for (four& sum : sums) sum = y;
  for (int64_t i = 0; i < LOOPS; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < ACCUMULATORS; ++j) sums[j] = sums[j] * x + y;
  for (four sum : sums) sink = sink + sum[0];
}

struct Fma {
  const char* isa;
  void (*loop)();
  int lanes;
};

Fma widest() {
#if defined(__x86_64__)
  const bool capped = mvq::chosen().tier == &mvq::tier_avx2;
  if (__builtin_cpu_supports("avx512f") && !capped) return {"AVX-512", fma_avx512, 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {"AVX2", fma_avx2, 8};
#endif
  return {"4 lanes", fma_portable, 4};
}

/* Calls body(first, end) on pieces of 0..count-1. */
template <class Body>
void in_pieces(int64_t count, int threads, Body body) {
  constexpr int64_t PIECE = 1 << 16;
  mvq::for_each_task(threads, (count + PIECE - 1) / PIECE,
                     [&](int64_t piece, int) { body(piece * PIECE, std::min<int64_t>(count, (piece + 1) * PIECE)); });
}

}  // namespace

double spin_fma(int threads) {
  const Fma fma = widest();
  constexpr int64_t TASKS_A_THREAD = 16;
  mvq::for_each_task(threads, TASKS_A_THREAD * threads, [&](int64_t, int) { fma.loop(); });
  return 2.0 * TASKS_A_THREAD * threads * LOOPS * ACCUMULATORS * fma.lanes;
}

std::string fma_isa() { return widest().isa; }

double stream_copy(int threads) {
  constexpr int64_t COUNT = 16 << 20;  // 64 MB each
  static std::vector<float> from(COUNT, 1.0f), to(COUNT, 2.0f);
  in_pieces(COUNT, threads, [&](int64_t first, int64_t end) {
    std::memcpy(to.data() + first, from.data() + first, (end - first) * sizeof(float));
  });
  return 2.0 * COUNT * sizeof(float);
}

double stream_read(const float* values, int64_t count, int threads) {
  in_pieces(count, threads, [&](int64_t first, int64_t end) {
    typedef int32_t wide __attribute__((vector_size(64), aligned(4), may_alias));
    wide bits[4] = {};
    int64_t i = first;
    for (; i + 64 <= end; i += 64)
      for (int j = 0; j < 4; ++j) bits[j] |= *reinterpret_cast<const wide*>(values + i + 16 * j);
    const wide all = bits[0] | bits[1] | bits[2] | bits[3];
    sink = float(all[0] ^ all[7]);
  });
  return double(count) * sizeof(float);
}

std::string cpu_name() {
  std::string name = "unknown CPU";
  if (std::FILE* file = std::fopen("/proc/cpuinfo", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file))
      if (!std::strncmp(line, "model name", 10)) {
        name = std::strchr(line, ':') + 2;
        name.pop_back();
        break;
      }
    std::fclose(file);
  }
  return name;
}

double seconds(int threads) {
  timespec t;
  clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

}  // namespace bench
