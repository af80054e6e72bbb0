// The tile registers of AMX, shaped for byte products; nothing where the instruction set has none.
#pragma once
#include "simd/simd.hpp"

namespace mvq::MVQ_TIER {
namespace {

/* The calling thread's tiles as 16 rows of 64 bytes, for this scope: a thread with none in use switches faster. */
class TileRegisters {
 public:
#if defined(MVQ_SIMD_AMX)
  explicit TileRegisters(bool wanted = true) : wanted_(wanted) {
    struct Config {
      uint8_t palette, start_row, reserved[14];
      uint16_t row_bytes[16];
      uint8_t rows[16];
    };
    alignas(64) static constexpr Config CONFIG = {
        1, 0, {}, {64, 64, 64, 64, 64, 64, 64, 64}, {16, 16, 16, 16, 16, 16, 16, 16}};
    if (wanted_) _tile_loadconfig(&CONFIG);  // static: gcc 12 believes that only its first 8 bytes are read
  }
  ~TileRegisters() {
    if (wanted_) _tile_release();
  }

 private:
  bool wanted_;

 public:
#else
  explicit TileRegisters(bool = true) {}
  ~TileRegisters() {}
#endif
  TileRegisters(const TileRegisters&) = delete;
  TileRegisters& operator=(const TileRegisters&) = delete;
};

}  // namespace
}  // namespace mvq::MVQ_TIER
