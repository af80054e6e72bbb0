// The cases of each operation; a file each.
#pragma once
#include "harness.hpp"

namespace bench {

void nearest_code(Harness& harness);     // no mask, against the peers; small batches too
void masked_searches(Harness& harness);  // row mask, allowed codes, mask bank, free mask: against the unmasked search
void selection(Harness& harness);        // hypothesis selection at the sizes of MH-Dropout
void streams(Harness& harness);          // codebook sums against reading the rows; dropout masks

}  // namespace bench
