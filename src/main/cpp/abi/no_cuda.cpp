// A build without CUDA code: no kernels, no devices, and the reason.
#include "abi/cuda.hpp"

namespace mvq::cuda {

const Kernels* kernels() { return nullptr; }

const Devices& devices() {
  static const Devices& none = *new Devices{0, "this build has no CUDA code"};
  return none;
}

void require_on_device(const char*, const void*, int) {}

}  // namespace mvq::cuda
