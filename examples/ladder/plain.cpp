// Rung 1: what is asked, word for word. All other rungs must give its indices.
#include "ladder.hpp"

namespace ladder {

void plain(const Question& ask, int64_t* index) {
  for (int64_t i = 0; i < ask.n; ++i) {
    float best = 0;
    index[i] = -1;
    for (int64_t j = 0; j < ask.k; ++j) {
      float sum = 0;
      for (int64_t x = 0; x < ask.d; ++x) {
        const float t = ask.rows[i * ask.d + x] - ask.codes[j * ask.d + x];
        sum += t * t;  // each waits for the one before: a CPU could do 16 and more in that time
      }
      if (index[i] < 0 || sum < best) best = sum, index[i] = j;  // < and ascending j: a tie goes to the lowest
    }
  }
}

}  // namespace ladder
