// Every rung must give the plain one's indices, and that one the library's; then how long the rungs on the CPU take.
#include "ladder.hpp"

#include <chrono>

#include "adversarial.hpp"

namespace {

struct Rung {
  const char* name;
  void (*climb)(const ladder::Question& ask, int64_t* index);
};
constexpr Rung CPU_RUNGS[] = {{"plain", ladder::plain}, {"tiled", ladder::tiled}, {"screened", ladder::screened}};
constexpr Rung SIMT_RUNG{"cuda", ladder::cuda};

Indices library(const ladder::Question& ask) {
  Indices index(ask.n);
  run(*mvq::available_tiers()[0], &mvq::Tier::nearest_code,
      mvq_nearest_code_args{ask.n, ask.k, ask.d, ask.rows, ask.d, ask.codes, ask.d, nullptr, 0, nullptr, 0,
                            index.data(), nullptr},
      1);
  return index;
}

using Spoil = decltype(Adversary::spoil);

void check_rungs(int64_t n, int64_t k, int64_t d, Floats (*draw)(int64_t), Spoil spoil = nullptr) {
  Floats rows = draw(n * d), codes = draw(k * d);
  if (spoil) spoil(rows, codes, n, k, d);
  const ladder::Question ask{n, k, d, rows.data(), codes.data()};
  const Indices expected = library(ask);
  const auto check = [&](const Rung& rung) {
    Indices index(n, -7);
    rung.climb(ask, index.data());
    if (index != expected) std::fprintf(stderr, "... %s at n %d, k %d, d %d\n", rung.name, int(n), int(k), int(d));
    CHECK(index == expected);
  };
  for (const Rung& rung : CPU_RUNGS) check(rung);
  check(SIMT_RUNG);
}

TEST(everyRungGivesTheLibrarysIndices) {
  for (int64_t size : {1, 7, 8, 9, 15, 17, 33, 65, 100}) {
    check_rungs(size, 37, 9, normal);
    check_rungs(33, size, 8, normal);
    check_rungs(17, 33, size, normal);
    check_rungs(size, 70, 5, small_integers);  // sums are exact, and ties are many
  }
  check_rungs(0, 3, 2, normal);
}

TEST(noDataFoolTheScreenedRung) {
  for (Spoil spoil : {adversary::near_ties, adversary::rounding_edges, adversary::all_equal, adversary::one_far_code,
                      adversary::far_rows, adversary::tiny, adversary::rows_are_codes})
    for (int64_t d : {16, 67}) check_rungs(50, 70, d, normal, spoil);
}

TEST(aHigherRungIsFaster) {  // printed, not checked: a busy machine would fail
  const Floats rows = normal(512 * 64), codes = normal(1024 * 64);
  const ladder::Question ask{512, 1024, 64, rows.data(), codes.data()};
  for (const Rung& rung : CPU_RUNGS) {
    Indices index(ask.n);
    const auto before = std::chrono::steady_clock::now();
    rung.climb(ask, index.data());
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - before;
    std::printf("       %-9s %6.1f ms\n", rung.name, took.count());
  }
}

}  // namespace
