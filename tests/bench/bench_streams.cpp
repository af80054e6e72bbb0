#include "machine.hpp"
#include "operations.hpp"
#include "ours.hpp"

namespace bench {
namespace {

struct SumsData {
  Floats rows, sums;
  std::vector<int64_t> index, counts;

  SumsData(int64_t n, int64_t k, int64_t d) : rows(normal(n * d)), sums(k * d), index(n), counts(k) {
    std::minstd_rand draw(4);
    for (int64_t& code : index) code = int64_t(draw() % uint64_t(k));
  }
};

void codebook_sums(Harness& harness, int64_t n, int64_t k, int64_t d) {
  // The rows are read once by necessity; so are the indices, and the sums are written.
  const double bytes = 4.0 * n * d + 8.0 * n + 4.0 * k * d;
  harness.measure({"codebook_sums", "", n, d, k, 0, bytes}, [&, n, k, d](int threads) {
    const auto data = std::make_shared<SumsData>(n, k, d);
    const mvq_codebook_sums_args args{
        n, k, d, data->rows.data(), d, data->index.data(), data->counts.data(), data->sums.data()};
    auto all = ours(harness.options,
                    Operation<mvq_codebook_sums_args>{&mvq::Tier::codebook_sums, mvq_codebook_sums_workspace_bytes,
                                                      mvq_codebook_sums},
                    args, data, threads);
    all.push_back({"read_rows", [=] { stream_read(data->rows.data(), n * d, threads); }});
    return all;
  });
}

int64_t no_workspace(const mvq_dropout_masks_args*, const mvq_where*) { return 0; }
int32_t draw(const mvq_dropout_masks_args* args, const mvq_where* where, void*, int64_t) {
  return mvq_dropout_masks(args, where);
}

void dropout_masks(Harness& harness, int64_t c, double keep) {
  const int64_t n = 64, h = 1024, words = (c + 63) / 64;
  char detail[64];
  std::snprintf(detail, sizeof detail, "h 1024 c %ld keep %g", long(c), keep);
  harness.measure(
      {"dropout_masks", detail, n * h, 0, 0, 0, 8.0 * n * h * words}, [&, n, h, c, words, keep](int threads) {
        const auto masks = std::make_shared<std::vector<uint64_t>>(n * h * words);
        return ours(harness.options, Operation<mvq_dropout_masks_args>{&mvq::Tier::dropout_masks, no_workspace, draw},
                    mvq_dropout_masks_args{n, h, c, {1, 0, keep}, masks->data()}, masks, threads);
      });
}

}  // namespace

void streams(Harness& harness) {
  codebook_sums(harness, 4096, 512, 64);
  codebook_sums(harness, 65536, 1024, 64);
  if (!harness.options.quick) {
    codebook_sums(harness, 65536, 512, 8);
    codebook_sums(harness, 65536, 16384, 64);
    codebook_sums(harness, 65536, 1024, 256);
    codebook_sums(harness, 1 << 20, 1024, 64);
    dropout_masks(harness, 16, 0.5);
    dropout_masks(harness, 128, 0.5);
    dropout_masks(harness, 64, 0.9);
  }
  dropout_masks(harness, 64, 0.5);
}

}  // namespace bench
