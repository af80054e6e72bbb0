// For inspect.sh: reads "kernel architecture threads registers shared-bytes" lines and appends the share of a
// multiprocessor's threads that the kernel can keep resident, by the CUDA toolkit's own calculator.
#include <cuda_occupancy.h>

#include <iostream>
#include <string>

namespace {

struct Multiprocessor {
  int architecture, threads;
  size_t shared_kilobytes, shared_of_a_block;
};
constexpr Multiprocessor MULTIPROCESSORS[] = {{75, 1024, 64, 64},  {80, 2048, 164, 163}, {86, 1536, 100, 99},
                                              {89, 1536, 100, 99}, {90, 2048, 228, 227}, {100, 2048, 228, 227},
                                              {120, 1536, 100, 99}};

cudaOccDeviceProp properties(const Multiprocessor& m) {
  cudaOccDeviceProp p;
  p.computeMajor = m.architecture / 10;
  p.computeMinor = m.architecture % 10;
  p.maxThreadsPerBlock = 1024;
  p.maxThreadsPerMultiprocessor = m.threads;
  p.regsPerBlock = p.regsPerMultiprocessor = 65536;
  p.warpSize = 32;
  p.sharedMemPerBlock = 48 * 1024;
  p.sharedMemPerMultiprocessor = m.shared_kilobytes * 1024;
  p.numSms = 1;
  p.sharedMemPerBlockOptin = m.shared_of_a_block * 1024;
  p.reservedSharedMemPerBlock = m.architecture >= 80 ? 1024 : 0;
  return p;
}

}  // namespace

int main() {
  std::string kernel;
  int architecture, threads, registers;
  size_t shared;
  while (std::cin >> kernel >> architecture >> threads >> registers >> shared) {
    for (const Multiprocessor& m : MULTIPROCESSORS) {
      if (m.architecture != architecture) continue;
      const cudaOccDeviceProp device = properties(m);
      cudaOccFuncAttributes function;
      function.maxThreadsPerBlock = threads;
      function.numRegs = registers;
      function.sharedSizeBytes = shared;
      cudaOccDeviceState state;
      cudaOccResult result;
      if (cudaOccMaxActiveBlocksPerMultiprocessor(&result, &device, &function, &state, threads, 0) != CUDA_OCC_SUCCESS)
        return 1;
      std::cout << kernel << ' ' << architecture << ' ' << threads << ' ' << registers << ' ' << shared << ' '
                << 100 * result.activeBlocksPerMultiprocessor * threads / m.threads << '\n';
    }
  }
}
