// Speed of every kernel on every tier of this CPU, one thread: GFLOP/s counted as 2 flops a multiply-add of the plain
// formula, the median of some runs, in the thread's own processor time: busy neighbours matter less.
// Usage: native_bench [part of an operation's name]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <vector>

#include "dispatch.hpp"

namespace {

const char* wanted = "";

std::vector<float> normal(int64_t count) {
  static std::mt19937 generator(1);
  std::normal_distribution<float> draw;
  std::vector<float> values(count);
  for (float& v : values) v = draw(generator);
  return values;
}

double now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

/* Times one kernel and prints GFLOP/s and nanoseconds an item. */
template <class Args>
void time_kernel(const char* name, mvq::Kernel<Args> mvq::Tier::*kernel, const Args& args, double flops, double items) {
  if (!std::strstr(name, wanted)) return;
  for (const mvq::Tier* tier : mvq::available_tiers()) {
    const int64_t bytes = (tier->*kernel).workspace_bytes(args, 1);
    void* workspace = std::aligned_alloc(64, size_t(bytes + 64));
    std::vector<double> seconds;
    const double begin = now();
    do {
      const double start = now();
      (tier->*kernel).run(args, 1, workspace);
      seconds.push_back(now() - start);
    } while (seconds.size() < 3 || now() - begin < 0.4);
    std::sort(seconds.begin(), seconds.end());
    const double median = seconds[seconds.size() / 2];
    std::printf("%-34s %-7s %8.2f GFLOP/s %10.2f ns an item\n", name, tier->name, flops / median * 1e-9,
                median / items * 1e9);
    std::free(workspace);
  }
}

void searches(int64_t n, int64_t k, int64_t d) {
  const std::vector<float> rows = normal(n * d), codes = normal(k * d);
  std::vector<uint64_t> words((n + k) * ((d + k + 127) / 64));
  std::mt19937_64 bits(2);
  for (uint64_t& w : words) w = bits();
  std::vector<int64_t> index(n), mask_index(n);
  std::vector<uint64_t> masks(n * ((d + 63) / 64));
  const double flops = 2.0 * n * k * d;
  char name[64];
  const auto named = [&](const char* what) {
    std::snprintf(name, sizeof name, "%s d %ld k %ld", what, long(d), long(k));
    return name;
  };
  mvq_nearest_code_args nearest{n, k, d, rows.data(), d, codes.data(), d, nullptr, 0, nullptr, 0, index.data(), nullptr};
  time_kernel(named("nearest_code"), &mvq::Tier::nearest_code, nearest, flops, n);
  nearest.row_mask = words.data(), nearest.row_mask_stride = (d + 63) / 64;
  time_kernel(named("nearest_code row mask"), &mvq::Tier::nearest_code, nearest, flops, n);
  nearest.row_mask = nullptr, nearest.row_mask_stride = 0;
  nearest.allowed = words.data(), nearest.allowed_stride = (k + 63) / 64;
  time_kernel(named("nearest_code allowed"), &mvq::Tier::nearest_code, nearest, flops, n);
  mvq_nearest_free_mask_args free_mask{n, k, d, -1, rows.data(), d, codes.data(), d, index.data(), masks.data(), nullptr};
  time_kernel(named("nearest_free_mask"), &mvq::Tier::nearest_free_mask, free_mask, flops, n);
  free_mask.n = std::min<int64_t>(n, 192), free_mask.kept = d / 2;
  time_kernel(named("nearest_free_mask half"), &mvq::Tier::nearest_free_mask, free_mask, 2.0 * free_mask.n * k * d,
              free_mask.n);
  const int64_t m = 16;
  time_kernel(named("nearest_in_bank m 16"), &mvq::Tier::nearest_in_bank,
              mvq_nearest_in_bank_args{480, k, d, m, rows.data(), d, codes.data(), d, words.data(), index.data(),
                                       mask_index.data(), nullptr},
              2.0 * 480 * k * d * m, 480);
}

void selection(int64_t n, int64_t c, int64_t h, int64_t hidden, int64_t d, int32_t activation) {
  const std::vector<float> latents = normal(n * c), base = normal(n * d), target = normal(n * d), w1 = normal(hidden * c),
                           w2 = normal(d * hidden), b1 = normal(hidden), b2 = normal(d);
  std::vector<int64_t> index(n);
  mvq_select_hypothesis_args args{};
  args.n = n, args.p = 1, args.c = c, args.h = h, args.d = d, args.top = 1;
  args.latents = latents.data(), args.base = base.data(), args.target = target.data(), args.index = index.data();
  args.head = {2, activation, 0, {c, hidden, d}, {w1.data(), w2.data()}, {b1.data(), b2.data()}};
  args.dropout = {3, 0, 0.5};
  char name[64];
  std::snprintf(name, sizeof name, "select_hypothesis%s %ld,%ld,%ld,%ld,%ld", activation == MVQ_GELU ? " gelu" : "", long(n),
                long(c), long(h), long(hidden), long(d));
  time_kernel(name, &mvq::Tier::select_hypothesis, args, 2.0 * n * h * (c + d) * hidden, double(n * h));
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) wanted = arguments[1];
  searches(4096, 16, 64);
  searches(4096, 512, 8);
  searches(4096, 512, 64);
  searches(2048, 1024, 256);
  selection(64, 16, 64, 64, 64, MVQ_RELU);
  selection(64, 32, 256, 128, 64, MVQ_RELU);
  selection(64, 32, 256, 128, 64, MVQ_GELU);
  selection(32, 32, 256, 128, 256, MVQ_RELU);
  std::vector<uint64_t> masks(64 * 1024);
  time_kernel("dropout_masks c 64 keep 0.5", &mvq::Tier::dropout_masks,
              mvq_dropout_masks_args{64, 1024, 64, {1, 0, 0.5}, masks.data()}, 0, 64 * 1024);
  const int64_t n = 8192, k = 512, d = 64;
  const std::vector<float> rows = normal(n * d);
  std::vector<int64_t> index(n), counts(k);
  for (int64_t i = 0; i < n; ++i) index[i] = i * 7919 % k;
  std::vector<float> sums(k * d);
  time_kernel("codebook_sums d 64 k 512", &mvq::Tier::codebook_sums,
              mvq_codebook_sums_args{n, k, d, rows.data(), d, index.data(), counts.data(), sums.data()}, 1.0 * n * d, n);
}
