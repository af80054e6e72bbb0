// The last lines of every isa_*.cpp: its kernels in one table. MVQ_TIER is the tier's namespace.
#pragma once
#include "sums/codebook_sums.hpp"
#include "selection/dropout_masks.hpp"
#include "search/nearest_code.hpp"
#include "search/nearest_free_mask.hpp"
#include "search/nearest_in_bank.hpp"
#include "selection/select_hypothesis.hpp"
#include "abi/tier.hpp"

#define MVQ_KERNEL(operation) {mvq::MVQ_TIER::workspace_bytes, mvq::MVQ_TIER::operation}
#define MVQ_TIER_TABLE(variable, name)                                                                  \
  const mvq::Tier mvq::variable{name,                                                                   \
                                MVQ_KERNEL(nearest_code),      MVQ_KERNEL(nearest_in_bank),             \
                                MVQ_KERNEL(nearest_free_mask), MVQ_KERNEL(dropout_masks),               \
                                MVQ_KERNEL(select_hypothesis), MVQ_KERNEL(codebook_sums)};
