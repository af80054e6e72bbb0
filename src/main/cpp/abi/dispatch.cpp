#include "abi/dispatch.hpp"

#include <cstdlib>
#include <cstring>

#include "abi/cuda.hpp"

#if defined(__x86_64__)
#include "abi/cpu_x86.hpp"
#elif defined(__aarch64__)
#include "abi/cpu_arm.hpp"
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace mvq {
namespace {

#define MVQ_NAME(name) #name,
constexpr const char* NAMES[] = {MVQ_EVERY_TIER(MVQ_NAME)};  // of all builds: a cap is one of them

struct Candidate {
  const char* name;
  const Tier* tier;
  const char* refusal;  // why this machine cannot run it; NULL = it can
};

/* What this machine lacks for a tier, beside what the tiers after it need. */
#if defined(__x86_64__)
/* A Linux process must ask for the tiles first; it asks once, at the first call. */
const char* refusal_of_amx() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned TILE = 1u << 24, INT8 = 1u << 25;  // of leaf 7's edx
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & (TILE | INT8)) != (TILE | INT8))
    return "this CPU lacks AMX-INT8";
#if defined(__linux__)
  constexpr long REQUEST_PERMISSION = 0x1023, TILE_DATA = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const long refused = syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA);
  return refused ? "the operating system does not permit AMX tiles" : nullptr;
#else
  return "AMX tiles are used on Linux only";
#endif
}
const char* refusal_of_avx512vnni() { return CpuX86().avx512vnni ? nullptr : "this CPU lacks AVX-512 VNNI"; }
const char* refusal_of_avx512() { return CpuX86().avx512 ? nullptr : "this CPU lacks AVX-512 F, BW, DQ or VL"; }
const char* refusal_of_avx2() { return CpuX86().avx2_fma ? nullptr : "this CPU lacks AVX2 or FMA"; }
#elif defined(__aarch64__)
const char* refusal_of_neondot() { return arm_dot_products() ? nullptr : "this CPU lacks dot products of bytes"; }
const char* refusal_of_neon() { return nullptr; }
#endif
const char* refusal_of_scalar() { return nullptr; }

/* Every tier of this build, widest first. */
std::vector<Candidate> candidates() {
#define MVQ_CANDIDATE(name) {#name, &tier_##name, refusal_of_##name()},
  std::vector<Candidate> all{MVQ_EVERY_TIER_HERE(MVQ_CANDIDATE)};
  for (size_t i = all.size() - 1; i > 0; --i)
    if (all[i].refusal) all[i - 1].refusal = all[i].refusal;
  return all;
}

/* The names of all tiers as a sentence lists them. */
std::string listed_names() {
  std::string list;
  const size_t count = sizeof NAMES / sizeof *NAMES;
  for (size_t i = 0; i < count; ++i) list += (i == 0 ? "" : i + 1 < count ? ", " : " or ") + std::string(NAMES[i]);
  return list;
}

}  // namespace

std::vector<const Tier*> available_tiers() {
  std::vector<const Tier*> tiers;
  for (const Candidate& c : candidates())
    if (!c.refusal) tiers.push_back(c.tier);
  return tiers;
}

Choice choose_tier(const char* max_isa) {
  Choice choice{nullptr, "", ""};
  if (cuda::devices().count == 0) choice.refused = "cuda: " + cuda::devices().refusal + "\n";
  bool allowed = max_isa == nullptr;  // true from the cap downwards
  const std::vector<Candidate> all = candidates();
  for (const char* name : NAMES) {
    if (max_isa && std::strcmp(max_isa, name) == 0) allowed = true;
    for (const Candidate& c : all) {
      if (std::strcmp(c.name, name) != 0 || choice.tier) continue;
      if (!allowed) choice.refused += std::string(name) + ": MVQ_MAX_ISA is " + max_isa + "\n";
      else if (c.refusal) choice.refused += std::string(name) + ": " + c.refusal + "\n";
      else choice.tier = c.tier;
    }
  }
  if (!allowed) choice.error = "MVQ_MAX_ISA must be " + listed_names() + ", got \"" + max_isa + "\"";
  return choice;
}

const Choice& chosen() {
  static const Choice& choice = *new Choice(choose_tier(std::getenv("MVQ_MAX_ISA")));  // outlives exit()
  return choice;
}

}  // namespace mvq
