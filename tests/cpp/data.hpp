// Inputs for the tests, and a call of one kernel of one tier with a workspace that is checked for overruns.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <random>
#include <vector>

#include "abi/dispatch.hpp"
#include "check.hpp"
#include "rules.hpp"

using Floats = std::vector<float>;
using Words = std::vector<uint64_t>;
using Indices = std::vector<int64_t>;
constexpr float INF = std::numeric_limits<float>::infinity();
constexpr float NOT_A_NUMBER = std::numeric_limits<float>::quiet_NaN();
// around the edges of every vector and tile, on the CPU and on CUDA
constexpr int64_t SIZES[] = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 49, 63, 64, 65, 100, 127, 128, 129, 257};

inline std::mt19937_64& generator() {
  static std::mt19937_64 g(20231226);
  return g;
}

inline Floats normal(int64_t count) {
  std::normal_distribution<float> draw;
  Floats values(count);
  for (float& v : values) v = draw(generator());
  return values;
}

/* Integers in -4..4: every sum below 2^24 is exact, and ties are many. */
inline Floats small_integers(int64_t count) {
  Floats values(count);
  for (float& v : values) v = float(int(generator()() % 9) - 4);
  return values;
}

/* Every bit random, those past the end of a mask too: a kernel must ignore them. */
inline Words random_words(int64_t count) {
  Words words(count);
  for (uint64_t& w : words) w = generator()();
  return words;
}

inline bool same_bits(float a, float b) { return (a != a && b != b) || std::memcmp(&a, &b, sizeof a) == 0; }

/* Runs one kernel of one tier, its workspace full of garbage and followed by a guard. */
template <class Args>
void run(const mvq::Tier& tier, mvq::Kernel<Args> mvq::Tier::*kernel, const Args& args, int threads) {
  constexpr int64_t GUARD = 256;
  const int64_t bytes = (tier.*kernel).workspace_bytes(args, threads);
  const std::align_val_t alignment{64};
  auto* workspace = static_cast<unsigned char*>(::operator new(size_t(bytes + GUARD), alignment));
  std::memset(workspace, 0xE7, bytes + GUARD);
  (tier.*kernel).run(args, threads, workspace);
  for (int64_t i = bytes; i < bytes + GUARD; ++i) CHECK(workspace[i] == 0xE7);
  ::operator delete(workspace, alignment);
}

/* Calls body(tier, threads) for every tier of this CPU and 1, 2 and 3 threads. */
template <class Body>
void on_every_tier(Body body) {
  for (const mvq::Tier* tier : mvq::available_tiers())
    for (int threads = 1; threads <= 3; ++threads) body(*tier, threads);
}
