// What this CPU has beside Advanced SIMD, which is in all of aarch64.
#pragma once
#if defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace mvq {

/* Dot products of bytes, and what comes before them (Armv8.2): a compiler told of them may use its atomics too. */
inline bool arm_dot_products() {
#if defined(__linux__)
  constexpr unsigned long ATOMICS = 1ul << 8, ASIMDDP = 1ul << 20;  // of AT_HWCAP
  return (getauxval(AT_HWCAP) & (ATOMICS | ASIMDDP)) == (ATOMICS | ASIMDDP);
#elif defined(__APPLE__)
  int has = 0;
  size_t size = sizeof has;
  return sysctlbyname("hw.optional.arm.FEAT_DotProd", &has, &size, nullptr, 0) == 0 && has == 1;
#else
  return false;
#endif
}

}  // namespace mvq
