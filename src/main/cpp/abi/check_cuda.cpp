#include "abi/check_cuda.hpp"

namespace mvq {

void check_cuda_where(const mvq_where& where) { check_cuda_where(where, cuda::devices()); }

void check_cuda_where(const mvq_where& where, const cuda::Devices& devices) {
  if (devices.count == 0) throw Failure{MVQ_NO_DEVICE, "no device: " + devices.refusal};
  if (where.ordinal < 0 || where.ordinal >= devices.count)
    bad_argument("ordinal must be in 0..%d, got %d", devices.count - 1, where.ordinal);
  if (where.threads != 0) bad_argument("threads must be 0 on CUDA, got %d", where.threads);
}

void check_cuda_rows(int64_t n) {
  if (n > MAX_CUDA_ROWS)
    bad_argument("n must be at most %lld on CUDA, got %lld; call in parts", (long long)MAX_CUDA_ROWS, (long long)n);
}

void check_aligned(const char* name, const void* pointer, int64_t alignment) {
  if (reinterpret_cast<uintptr_t>(pointer) % alignment != 0)
    bad_argument("%s must be aligned to its %lld-byte elements, got 0x%llx", name, (long long)alignment,
                 (unsigned long long)reinterpret_cast<uintptr_t>(pointer));  // Windows' %p has no 0x
}

}  // namespace mvq
