// The ladder: one question, four answers, each a file. For every row the index of its nearest code,
// the lowest on a tie.
#pragma once
#include <cstdint>

namespace ladder {

struct Question {
  int64_t n, k, d;     // rows, codes, floats a vector
  const float* rows;   // (n, d)
  const float* codes;  // (k, d)
};

void plain(const Question& ask, int64_t* index);     // index: (n)
void tiled(const Question& ask, int64_t* index);     // the same, arranged for registers and vectors
void screened(const Question& ask, int64_t* index);  // most codes are ruled out in bytes
void cuda(const Question& ask, int64_t* index);      // a GPU's way; pointers to memory of the device

}  // namespace ladder
