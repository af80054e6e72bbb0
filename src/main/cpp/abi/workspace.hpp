// Cuts the caller's workspace into 64-byte aligned arrays. With a NULL base it only counts the bytes, so that one
// layout function serves both mvq_..._workspace_bytes and the call itself.
#pragma once
#include <cstdint>

#include "abi/error.hpp"

namespace mvq {
namespace {

class Workspace {
 public:
  explicit Workspace(void* base) : base_(static_cast<char*>(base)) {}

  /* Room for a * b * c values of type T. */
  template <class T>
  T* take(int64_t a, int64_t b = 1, int64_t c = 1) {
    int64_t bytes = sizeof(T), end = 0;
    if (__builtin_mul_overflow(bytes, a, &bytes) || __builtin_mul_overflow(bytes, b, &bytes) ||
        __builtin_mul_overflow(bytes, c, &bytes) || __builtin_add_overflow(used_, bytes, &end) ||
        __builtin_add_overflow(end, 63, &end))
      bad_argument("the workspace would not fit in 63 bits: the sizes are too large");
    T* place = base_ ? reinterpret_cast<T*>(base_ + used_) : nullptr;
    used_ = end & ~int64_t{63};
    return place;
  }
  int64_t bytes() const { return used_; }

 private:
  char* base_;
  int64_t used_ = 0;
};

}  // namespace
}  // namespace mvq
