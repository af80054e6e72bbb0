// Chooses the tier once: the widest that this CPU has and MVQ_MAX_ISA allows.
#pragma once
#include <string>
#include <vector>

#include "abi/tier.hpp"

namespace mvq {

struct Choice {
  const Tier* tier;     // NULL: MVQ_MAX_ISA holds an unknown value
  std::string refused;  // "name: reason" lines, backends and tiers
  std::string error;    // why tier is NULL
};

/* The tiers this CPU can run, widest first; the last is scalar. */
std::vector<const Tier*> available_tiers();

/* The choice for a value of MVQ_MAX_ISA; NULL = not set. */
Choice choose_tier(const char* max_isa);

/* The choice for this process, made at the first call. */
const Choice& chosen();

}  // namespace mvq
