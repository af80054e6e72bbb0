// The operations as cuda_bench runs them: data on the device, made when wanted, and a call.
#pragma once
#include <functional>
#include <string>
#include <vector>

#ifdef MVQ_ON_GPU
#include "place_gpu.hpp"
#else
#include "place_simt.hpp"
#endif

namespace bench {

struct Case {
  std::string operation, detail;
  int64_t n, d, k;
  double limit_ms;                              // no kernel reaches it: instructions or bytes at the device's rate
  std::function<std::function<void()>()> make;  // the data; what comes back is one call, and owns them
};

/* A search of all codes: with screening or, by its detail, without. */
Case nearest_code(int64_t n, int64_t d, int64_t k, bool screened);
/* The same, each code under its own best mask. */
Case free_mask(int64_t n, int64_t d, int64_t k, bool screened);
/* Every operation, at the sizes of docs/cuda.md or, small, as large as the SIMT layer stands. */
std::vector<Case> all_operations(bool small);

}  // namespace bench
