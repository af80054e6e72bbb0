// Our kernels as contenders: through the C ABI, as any caller; with --tiers every tier of this CPU as a peer of that.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include "abi/dispatch.hpp"
#include "harness.hpp"

namespace bench {

/* Floats on a cache line's border, as LibTorch's are: fair to all. */
template <class T>
struct Aligned {
  using value_type = T;
  Aligned() = default;
  template <class U>
  Aligned(const Aligned<U>&) {}
  T* allocate(size_t count) { return static_cast<T*>(std::aligned_alloc(64, (count * sizeof(T) + 63) / 64 * 64)); }
  void deallocate(T* place, size_t) { std::free(place); }
  bool operator==(const Aligned&) const { return true; }
};
using Floats = std::vector<float, Aligned<float>>;

inline Floats normal(int64_t count) {
  static std::minstd_rand generator(1);
  std::normal_distribution<float> draw;
  Floats values(count);
  for (float& v : values) v = draw(generator);
  return values;
}

inline std::vector<uint64_t> random_words(int64_t count) {
  static std::mt19937_64 generator(2);
  std::vector<uint64_t> words(count);
  for (uint64_t& word : words) word = generator();
  return words;
}

inline void stop_on_error(int32_t status) {
  if (status == MVQ_OK) return;
  std::fprintf(stderr, "native_bench: %s\n", mvq_last_error());
  std::exit(1);
}

/* The functions of one operation. */
template <class Args>
struct Operation {
  mvq::Kernel<Args> mvq::Tier::*kernel;
  int64_t (*workspace_bytes)(const Args*, const mvq_where*);
  int32_t (*run)(const Args*, const mvq_where*, void*, int64_t);
};

/* Our way; on several threads also that of one, and with --tiers those of the others. What `args` points to must live
 * in `data`, which the contenders keep. */
template <class Args, class Data>
std::vector<Contender> ours(const Options& options, const Operation<Args>& operation, const Args& args,
                            std::shared_ptr<Data> data, int threads) {
  const auto room = [](int64_t bytes) {
    return std::shared_ptr<void>(std::aligned_alloc(64, size_t(bytes / 64 + 1) * 64), std::free);
  };
  const auto on_threads = [&](const char* name, int count) {
    const mvq_where where{MVQ_CPU, 0, count, nullptr};
    const int64_t bytes = operation.workspace_bytes(&args, &where);
    return Contender{name,
                     [=, keep = data, workspace = room(bytes)] {
                       (void)keep;
                       stop_on_error(operation.run(&args, &where, workspace.get(), bytes));
                     },
                     1, bytes};
  };
  std::vector<Contender> all{on_threads("mvq", threads)};
  if (threads > 1) all.push_back(on_threads("one_thread", 1));
  if (options.tiers)
    for (const mvq::Tier* tier : mvq::available_tiers()) {
      const int64_t tier_bytes = (tier->*operation.kernel).workspace_bytes(args, threads);
      all.push_back({tier->name,
                     [=, keep = data, own = room(tier_bytes)] {
                       (void)keep;
                       (tier->*operation.kernel).run(args, threads, own.get());
                     },
                     1, tier_bytes});
    }
  return all;
}

}  // namespace bench
