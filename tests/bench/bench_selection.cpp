#include "operations.hpp"
#include "ours.hpp"

namespace bench {
namespace {

struct Size {
  int64_t n, c, h, hidden, d;
};

struct Data {
  Floats latents, base, target, w1, w2, b1, b2;
  std::vector<int64_t> index;

  explicit Data(const Size& s)
      : latents(normal(s.n * s.c)), base(normal(s.n * s.d)), target(normal(s.n * s.d)), w1(normal(s.hidden * s.c)),
        w2(normal(s.d * s.hidden)), b1(normal(s.hidden)), b2(normal(s.d)), index(s.n) {}
};

void measure(Harness& harness, const Size& s) {
  char detail[64];
  std::snprintf(detail, sizeof detail, "c %ld h %ld hidden %ld", long(s.c), long(s.h), long(s.hidden));
  const double flops = 2.0 * s.n * s.h * (s.c + s.d) * s.hidden;
  harness.measure({"select_hypothesis", detail, s.n, s.d, 0, flops, 0}, [&, s](int threads) {
    const auto data = std::make_shared<Data>(s);
    mvq_select_hypothesis_args args{};
    args.n = s.n, args.p = 1, args.c = s.c, args.h = s.h, args.d = s.d, args.top = 1;
    args.latents = data->latents.data(), args.base = data->base.data(), args.target = data->target.data();
    args.head = {
        2, MVQ_RELU, 0, {s.c, s.hidden, s.d}, {data->w1.data(), data->w2.data()}, {data->b1.data(), data->b2.data()}};
    args.dropout = {3, 0, 0.5};
    args.index = data->index.data();
    return ours(harness.options,
                Operation<mvq_select_hypothesis_args>{&mvq::Tier::select_hypothesis,
                                                      mvq_select_hypothesis_workspace_bytes, mvq_select_hypothesis},
                args, data, threads);
  });
}

}  // namespace

void selection(Harness& harness) {
  if (harness.options.quick) {
    for (const Size& s : {Size{32, 16, 64, 64, 64}, {32, 32, 256, 128, 64}, {32, 32, 256, 128, 256}})
      measure(harness, s);
    return;
  }
  for (int64_t n : {32, 256})
    for (int64_t c : {16, 32, 64})
      for (int64_t h : {64, 256, 1024})
        for (int64_t hidden : {64, 128, 256})
          for (int64_t d : {32, 64, 256}) measure(harness, {n, c, h, hidden, d});
}

}  // namespace bench
