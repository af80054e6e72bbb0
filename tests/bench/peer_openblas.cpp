// OpenBLAS: sgemm on blocks of rows whose scores stay in the second-level cache, then each row's minimum of
// |e|^2 - 2 z.e. Compiled for this machine with fast mathematics: the peer gets every advantage.
#include <cblas.h>

#include <algorithm>
#include <memory>

#include "abi/threads.hpp"
#include "peers.hpp"

namespace bench {
namespace {

int64_t block_rows(int64_t n, int64_t k) { return std::clamp<int64_t>((1 << 18) / k, std::min<int64_t>(16, n), n); }

int64_t argmin(float* scores, const float* norms, int64_t k) {
  float best = 3e38f;
  for (int64_t j = 0; j < k; ++j) {
    scores[j] += norms[j];
    best = std::min(best, scores[j]);
  }
  return std::find(scores, scores + k, best) - scores;
}

}  // namespace

Peer openblas_peer() {
  Peer peer;
  peer.name = "openblas";
  peer.version = std::string(openblas_get_config()) + " running " + openblas_get_corename();
  peer.nearest = [](int64_t n, int64_t k, int64_t d, const float* rows, const float* codes, int64_t* index,
                    int threads) {
    auto norms = std::make_shared<std::vector<float>>(k);
    for (int64_t j = 0; j < k; ++j) (*norms)[j] = cblas_sdot(int(d), codes + j * d, 1, codes + j * d, 1);
    const int64_t block = block_rows((n + threads - 1) / threads, k);
    auto scores = std::make_shared<std::vector<float>>(threads * block * k);
    return [=] {
      openblas_set_num_threads(1);  // the rows are shared out instead, which scales better
      mvq::for_each_task(threads, (n + block - 1) / block, [&](int64_t task, int worker) {
        const int64_t first = task * block, count = std::min(block, n - first);
        float* own = scores->data() + worker * block * k;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, int(count), int(k), int(d), -2, rows + first * d, int(d),
                    codes, int(d), 0, own, int(k));
        for (int64_t i = 0; i < count; ++i) index[first + i] = argmin(own + i * k, norms->data(), k);
      });
    };
  };
  peer.extra_bytes = [](int64_t n, int64_t k) { return 4 * (k + block_rows(n, k) * k); };
  return peer;
}

}  // namespace bench
