// What a call decides by itself and a benchmark may decide otherwise, to find out what is fastest on a new device. Only
// tests/bench/cuda and the tests write it, before any call; results do not depend on it.
#pragma once
#include <cstdint>

namespace mvq::cuda {

struct Tuning {
  enum class Tile { chosen, large, small };
  Tile tile = Tile::chosen;         // of a search without screening
  double least_to_screen = 0x1p30;  // multiply-adds; on an H200 both ways took the same time there, at any n, k and d
  int64_t resident_blocks = 0;      // what a device holds at once is taken for; 0 = what it says
  void (*launched)(const void* kernel, void* stream) = nullptr;  // is told of each launch, right after it
};
extern Tuning tuning;

}  // namespace mvq::cuda
