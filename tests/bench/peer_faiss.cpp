// FAISS: IndexFlatL2, one neighbour.
#include <faiss/IndexFlat.h>
#include <omp.h>

#include <memory>

#include "peers.hpp"

extern "C" void openblas_set_num_threads(int) __attribute__((weak));

namespace bench {

Peer faiss_peer() {
  Peer peer;
  peer.name = "faiss";
  peer.version = std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + "." +
                 std::to_string(FAISS_VERSION_PATCH);
  peer.nearest = [](int64_t n, int64_t k, int64_t d, const float* rows, const float* codes, int64_t* index,
                    int threads) {
    auto flat = std::make_shared<faiss::IndexFlatL2>(d);
    flat->add(k, codes);
    auto distances = std::make_shared<std::vector<float>>(n);
    return [=] {
      omp_set_num_threads(threads);
      if (openblas_set_num_threads) openblas_set_num_threads(threads);
      flat->search(n, rows, 1, distances->data(), reinterpret_cast<faiss::Index::idx_t*>(index));
    };
  };
  // blocks of 4096 rows by 1024 codes, and the copy of the codebook is not counted
  peer.extra_bytes = [](int64_t n, int64_t k) { return 4 * std::min<int64_t>(n, 4096) * std::min<int64_t>(k, 1024); };
  return peer;
}

}  // namespace bench
