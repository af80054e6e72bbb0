#include "dispatch.hpp"

#include <cstdlib>
#include <cstring>

namespace mvq {
namespace {

struct Candidate {
  const char* name;
  const Tier* tier;    // NULL: not in a build for this architecture
  const char* refusal;  // why this machine cannot run it; NULL = it can
};

/* Every tier there is, widest first. */
std::vector<Candidate> candidates() {
#if defined(__x86_64__)
  __builtin_cpu_init();  // also checks that the operating system saves the wide registers
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return {{"avx512", &tier_avx512, avx512 ? nullptr : "this CPU lacks AVX-512 F, BW, DQ or VL"},
          {"avx2", &tier_avx2, avx2 ? nullptr : "this CPU lacks AVX2 or FMA"},
          {"neon", nullptr, nullptr},
          {"scalar", &tier_scalar, nullptr}};
#elif defined(__aarch64__)
  return {{"avx512", nullptr, nullptr},
          {"avx2", nullptr, nullptr},
          {"neon", &tier_neon, nullptr},
          {"scalar", &tier_scalar, nullptr}};
#else
  return {{"avx512", nullptr, nullptr}, {"avx2", nullptr, nullptr}, {"neon", nullptr, nullptr},
          {"scalar", &tier_scalar, nullptr}};
#endif
}

}  // namespace

std::vector<const Tier*> available_tiers() {
  std::vector<const Tier*> tiers;
  for (const Candidate& c : candidates())
    if (c.tier && !c.refusal) tiers.push_back(c.tier);
  return tiers;
}

Choice choose_tier(const char* max_isa) {
  Choice choice{nullptr, "cuda: this build has no CUDA code\n", ""};
  bool allowed = max_isa == nullptr;  // true from the cap downwards
  for (const Candidate& c : candidates()) {
    if (max_isa && std::strcmp(max_isa, c.name) == 0) allowed = true;
    if (!c.tier || choice.tier) continue;
    if (!allowed)
      choice.refused += std::string(c.name) + ": MVQ_MAX_ISA is " + max_isa + "\n";
    else if (c.refusal)
      choice.refused += std::string(c.name) + ": " + c.refusal + "\n";
    else
      choice.tier = c.tier;
  }
  if (!allowed)
    choice.error = std::string("MVQ_MAX_ISA must be avx512, avx2, neon or scalar, got \"") + max_isa + "\"";
  return choice;
}

const Choice& chosen() {
  static const Choice& choice = *new Choice(choose_tier(std::getenv("MVQ_MAX_ISA")));  // outlives exit()
  return choice;
}

}  // namespace mvq
