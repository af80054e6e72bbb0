// Stands in for device memory where the kernels run as host code: each array ends at a page that must not be touched,
// and begins where its element's alignment allows and no better. Outputs begin as poison.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

#include "abi/operations.hpp"
#include "data.hpp"
#include "device/tuning.hpp"
#include "simt.hpp"

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t count) : count_(count) {
    const size_t page = size_t(sysconf(_SC_PAGESIZE));
    bytes_ = (count * sizeof(T) + page - 1) / page * page;
    void* place = mmap(nullptr, bytes_ + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    base_ = static_cast<char*>(place);
    page_ = page;
    mprotect(base_ + bytes_, page, PROT_NONE);
    std::memset(base_, 0xE7, bytes_);
  }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    if (count_) std::memcpy(data(), values.data(), count_ * sizeof(T));
  }
  ~DeviceArray() {
    for (size_t i = 0; i < bytes_ - count_ * sizeof(T); ++i)
      if (static_cast<unsigned char>(base_[i]) != 0xE7) {
        CHECK(!"something was written before a device array");
        break;
      }
    munmap(base_, bytes_ + page_);
  }
  DeviceArray(const DeviceArray&) = delete;

  T* data() const { return reinterpret_cast<T*>(base_ + bytes_) - count_; }
  std::vector<T> values() const { return std::vector<T>(data(), data() + count_); }

 private:
  size_t count_, bytes_, page_;
  char* base_;
};

/* Several orders of blocks and threads, and several sizes of device; the rows once. */
template <class Body>
void on_some_devices(Body body) {
  mvq::cuda::tuning.least_to_screen = 0;
  for (int resident_blocks : {1, 7, 264}) {
    simt::options.resident_blocks = resident_blocks;
    simt::options.tensor_cores = resident_blocks == 7;
    simt::options.seed = unsigned(generator()());
    body(1);
  }
}
