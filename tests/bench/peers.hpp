// What a user would call instead: libraries that were installed when this was built (build-native.sh --with-peers).
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

struct Peer {
  std::string name;     // as in the results: "faiss", "openblas"
  std::string version;  // with the kernels it chose for this CPU
  /* Prepares a codebook (k, d) and returns the search of rows (n, d) -> index (n). Preparing is not timed. */
  std::function<std::function<void()>(int64_t n, int64_t k, int64_t d, const float* rows, const float* codes,
                                      int64_t* index, int threads)>
      nearest;
  std::function<int64_t(int64_t n, int64_t k)> extra_bytes;
};

/* The peers of this build. */
std::vector<Peer> peers();

#if defined(MVQ_WITH_FAISS)
Peer faiss_peer();
#endif
#if defined(MVQ_WITH_OPENBLAS)
Peer openblas_peer();
#endif

}  // namespace bench
