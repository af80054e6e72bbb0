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

double tf32(uint32_t bits) {
  if (bits & 0x1FFF) fault("an operand of a tf32 product was not rounded to tf32: %08x", bits);
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/* Lane 4 g + t holds a (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4); b (t, g), (t + 4, g); c (g, 2 t), (g, 2 t + 1),
 * (g + 8, 2 t), (g + 8, 2 t + 1). */
void multiply(Meeting& all) {
  static std::mt19937 random;
  std::uniform_real_distribution<double> error(-8.0 / (1 << 22), 8.0 / (1 << 22));
  double a[16][8], b[8][8];
  for (int l = 0; l < 32; ++l) {
    const Fragments& lane = *reinterpret_cast<Fragments*>(all.value[l]);
    const int g = l / 4, t = l % 4;
    for (int i = 0; i < 4; ++i) a[g + i % 2 * 8][t + i / 2 * 4] = tf32(lane.a[i]);
    for (int i = 0; i < 2; ++i) b[t + i * 4][g] = tf32(lane.b[i]);
  }
  for (int l = 0; l < 32; ++l) {
    const Fragments& lane = *reinterpret_cast<Fragments*>(all.value[l]);
    for (int i = 0; i < 4; ++i) {
      const int row = l / 4 + i / 2 * 8, column = l % 4 * 2 + i % 2;
      double sum = lane.c[i], most = std::fabs(sum);
      for (int k = 0; k < 8; ++k) {
        sum += a[row][k] * b[k][column];
        most = std::fmax(most, std::fabs(a[row][k] * b[k][column]));
      }
      lane.c[i] = float(sum + most * error(random));
    }
  }
}

}  // namespace

void multiply_add_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  const Fragments mine{c, a, b};
  meet_warp(~0u, reinterpret_cast<uint64_t>(&mine), multiply);
}

}  // namespace simt
