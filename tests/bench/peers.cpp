#include "peers.hpp"

namespace bench {

std::vector<Peer> peers() {
  std::vector<Peer> all;
#if defined(MVQ_WITH_FAISS)
  all.push_back(faiss_peer());
#endif
#if defined(MVQ_WITH_OPENBLAS)
  all.push_back(openblas_peer());
#endif
  return all;
}

}  // namespace bench
