// What this machine can do at most, measured: the yardstick of every case.
#pragma once
#include <cstdint>
#include <string>

namespace bench {

/* Runs about 0.2 ms of register-only fused multiply-adds a thread, in the widest instruction set there is; returns the
 * number of floating-point operations done. */
double spin_fma(int threads);
std::string fma_isa();

/* Copies, or only reads, an array much larger than the second-level cache once; returns the bytes moved. */
double stream_copy(int threads);
double stream_read(const float* values, int64_t count, int threads);

std::string cpu_name();

/* The clock for so many threads: alone, the thread's own processor time, so that neighbours count less; else wall
 * time. */
double seconds(int threads);

}  // namespace bench
