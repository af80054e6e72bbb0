#include "operations.hpp"
#include "ours.hpp"
#include "peers.hpp"

namespace bench {
namespace {

struct Data {
  Floats rows, codes;
  std::vector<int64_t> index;
};

void measure(Harness& harness, const char* operation, int64_t n, int64_t k, int64_t d) {
  harness.measure({operation, "", n, d, k, 2.0 * n * k * d, 0}, [&, n, k, d](int threads) {
    const auto data = std::make_shared<Data>(Data{normal(n * d), normal(k * d), std::vector<int64_t>(n)});
    const mvq_nearest_code_args args{n, k,       d, data->rows.data(),  d,      data->codes.data(), d, nullptr,
                                     0, nullptr, 0, data->index.data(), nullptr};
    auto all = ours(
        harness.options,
        Operation<mvq_nearest_code_args>{&mvq::Tier::nearest_code, mvq_nearest_code_workspace_bytes, mvq_nearest_code},
        args, data, threads);
    for (const Peer& peer : peers()) {
      const auto search = peer.nearest(n, k, d, args.rows, args.codes, args.index, threads);
      all.push_back({peer.name, search, 1, peer.extra_bytes(n, k)});
    }
    return all;
  });
}

}  // namespace

void nearest_code(Harness& harness) {
  struct Size {
    int64_t k, d;
  };
  if (harness.options.quick) {
    for (const Size& size : {Size{128, 32}, {512, 8}, {1024, 32}, {1024, 64}, {8192, 64}, {1024, 256}})
      measure(harness, "nearest_code", 4096, size.k, size.d);
    measure(harness, "nearest_code", 1, 512, 64);
    measure(harness, "nearest_code", 16, 512, 64);
    return;
  }
  for (int64_t n : {4096, 65536})
    for (int64_t d : {8, 32, 64, 256})
      for (int64_t k : {128, 512, 1024, 8192, 16384}) measure(harness, "nearest_code", n, k, d);
  for (int64_t n : {1, 2, 4, 8, 16, 32, 64, 256, 1024})
    for (int64_t k : {64, 512})
      for (int64_t d : {8, 64}) measure(harness, "nearest_code", n, k, d);
}

}  // namespace bench
