#include "abi/dispatch.hpp"

#include <cstdlib>
#include <cstring>

#include "abi/cuda.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace mvq {
namespace {

struct Candidate {
  const char* name;
  const Tier* tier;    // NULL: not in a build for this architecture
  const char* refusal;  // why this machine cannot run it; NULL = it can
};

#if defined(__x86_64__)
/* Why the byte tiles of AMX cannot be used. A Linux process must ask for them first; it asks once, at the first call. */
const char* amx_refusal() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned TILE = 1u << 24, INT8 = 1u << 25;  // of leaf 7's edx
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & (TILE | INT8)) != (TILE | INT8)) return "this CPU lacks AMX-INT8";
#if defined(__linux__)
  constexpr long REQUEST_PERMISSION = 0x1023, TILE_DATA = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const long refused = syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA);
  return refused ? "the operating system does not permit AMX tiles" : nullptr;
#else
  return "AMX tiles are used on Linux only";
#endif
}
#endif

/* Every tier there is, widest first; each includes those below it. */
std::vector<Candidate> candidates() {
#if defined(__x86_64__)
  __builtin_cpu_init();  // also checks that the operating system saves the wide registers
  const char *amx = amx_refusal(), *vnni = nullptr, *avx512 = nullptr;
  if (!__builtin_cpu_supports("avx512vnni")) amx = vnni = "this CPU lacks AVX-512 VNNI";
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
    amx = vnni = avx512 = "this CPU lacks AVX-512 F, BW, DQ or VL";
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return {{"amx", &tier_amx, amx},
          {"avx512vnni", &tier_avx512vnni, vnni},
          {"avx512", &tier_avx512, avx512},
          {"avx2", &tier_avx2, avx2 ? nullptr : "this CPU lacks AVX2 or FMA"},
          {"neon", nullptr, nullptr},
          {"scalar", &tier_scalar, nullptr}};
#elif defined(__aarch64__)
  return {{"amx", nullptr, nullptr},
          {"avx512vnni", nullptr, nullptr},
          {"avx512", nullptr, nullptr},
          {"avx2", nullptr, nullptr},
          {"neon", &tier_neon, nullptr},
          {"scalar", &tier_scalar, nullptr}};
#else
  return {{"amx", nullptr, nullptr},  {"avx512vnni", nullptr, nullptr}, {"avx512", nullptr, nullptr},
          {"avx2", nullptr, nullptr}, {"neon", nullptr, nullptr},       {"scalar", &tier_scalar, nullptr}};
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
  Choice choice{nullptr, "", ""};
  if (cuda::devices().count == 0) choice.refused = "cuda: " + cuda::devices().refusal + "\n";
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
    choice.error = std::string("MVQ_MAX_ISA must be amx, avx512vnni, avx512, avx2, neon or scalar, got \"") + max_isa + "\"";
  return choice;
}

const Choice& chosen() {
  static const Choice& choice = *new Choice(choose_tier(std::getenv("MVQ_MAX_ISA")));  // outlives exit()
  return choice;
}

}  // namespace mvq
