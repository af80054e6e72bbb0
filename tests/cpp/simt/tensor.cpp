#include "tensor.hpp"

#include <cmath>
#include <cstring>
#include <random>

#include "block.hpp"

namespace simt {
namespace {

struct Fragments {
  float* c;
  const uint32_t *a, *b;
};

constexpr int FRACTION = 10, LEAST_EXPONENT = -14, MOST_EXPONENT = 15;  // of a half

uint32_t to_half(float value) {
  const uint32_t sign = std::signbit(value) ? 0x8000 : 0;
  if (std::isnan(value)) return sign | 0x7E00;
  const int exponent = value == 0 ? LEAST_EXPONENT : std::fmax(std::ilogb(value), LEAST_EXPONENT);
  // in units of the last place; what rounds up to 2^(FRACTION + 1) of them carries into the exponent by itself
  const double units = std::nearbyint(std::fmin(std::ldexp(std::fabs(double(value)), FRACTION - exponent), 1e9));
  const uint32_t bits = uint32_t(exponent - LEAST_EXPONENT) << FRACTION;
  return sign | uint32_t(std::fmin(exponent > MOST_EXPONENT ? 0x7C00 : bits + units, 0x7C00));
}

double from_half(uint32_t bits) {
  const int exponent = int(bits >> FRACTION & 31), fraction = int(bits & ((1 << FRACTION) - 1));
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == 31) return fraction ? NAN : sign * INFINITY;
  return sign * (exponent ? std::ldexp(fraction + (1 << FRACTION), exponent - 25) : std::ldexp(fraction, -24));
}

/* The halves of a word go to two neighbours. */
void unpack(uint32_t word, double& first, double& second) {
  first = from_half(word & 0xFFFF);
  second = from_half(word >> 16);
}

/* Lane 4 g + t holds, two halves a word, a (g, 2 t), (g + 8, 2 t), (g, 2 t + 8), (g + 8, 2 t + 8); b (2 t, g), (2 t +
 * 8, g); and c (g, 2 t), (g, 2 t + 1), (g + 8, 2 t), (g + 8, 2 t + 1). */
void multiply(Meeting& all) {
  static std::mt19937 random;
  std::uniform_real_distribution<double> error(-16.0 / (1 << 22), 16.0 / (1 << 22));
  double a[16][16], b[8][16];  // b is transposed
  for (int l = 0; l < 32; ++l) {
    const Fragments& lane = *reinterpret_cast<Fragments*>(all.value[l]);
    const int g = l / 4, t = l % 4;
    for (int i = 0; i < 4; ++i) {
      double* place = &a[g + i % 2 * 8][2 * t + i / 2 * 8];
      unpack(lane.a[i], place[0], place[1]);
    }
    for (int i = 0; i < 2; ++i) unpack(lane.b[i], b[g][2 * t + i * 8], b[g][2 * t + i * 8 + 1]);
  }
  for (int l = 0; l < 32; ++l) {
    const Fragments& lane = *reinterpret_cast<Fragments*>(all.value[l]);
    for (int i = 0; i < 4; ++i) {
      const int row = l / 4 + i / 2 * 8, column = l % 4 * 2 + i % 2;
      double sum = lane.c[i], most = std::fabs(sum);
      for (int k = 0; k < 16; ++k) {
        sum += a[row][k] * b[column][k];
        most = std::fmax(most, std::fabs(a[row][k] * b[column][k]));
      }
      lane.c[i] = float(sum + most * error(random));
    }
  }
}

}  // namespace

uint32_t to_halves(float low, float high) { return to_half(low) | to_half(high) << 16; }

void multiply_add_halves(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  const Fragments mine{c, a, b};
  meet_warp(~0u, reinterpret_cast<uint64_t>(&mine), multiply);
}

}  // namespace simt
