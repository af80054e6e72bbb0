// The last line of every isa_*.cpp: its kernels in one table, tier_ and the name.
// MVQ_TIER is the tier's name and namespace.
#pragma once
#include "abi/tier.hpp"
#include "search/nearest_code.hpp"
#include "search/nearest_free_mask.hpp"
#include "search/nearest_in_bank.hpp"
#include "selection/dropout_masks.hpp"
#include "selection/select_hypothesis.hpp"
#include "sums/codebook_sums.hpp"

#define MVQ_KERNEL(operation) {mvq::MVQ_TIER::workspace_bytes, mvq::MVQ_TIER::operation},
#define MVQ_TIER_TABLE_OF(name) const mvq::Tier mvq::tier_##name{#name, MVQ_EVERY_OPERATION(MVQ_KERNEL)};
#define MVQ_TIER_TABLE(name) MVQ_TIER_TABLE_OF(name)
