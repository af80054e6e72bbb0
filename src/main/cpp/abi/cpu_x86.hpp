// What this CPU has and its operating system saves the registers of. Not __builtin_cpu_supports: its tables are in
// libgcc, which no Windows build has.
#pragma once
#include <cpuid.h>

namespace mvq {

struct CpuX86 {
  bool avx2_fma = false, avx512 = false, avx512vnni = false;  // avx512: F, BW, DQ and VL

  CpuX86() {
    unsigned a = 0, b = 0, c = 0, d = 0, saved = 0, high = 0;
    constexpr unsigned FMA = 1u << 12, OSXSAVE = 1u << 27, AVX = 1u << 28;                         // leaf 1's ecx
    constexpr unsigned AVX2 = 1u << 5, F = 1u << 16, DQ = 1u << 17, BW = 1u << 30, VL = 1u << 31;  // leaf 7's ebx
    constexpr unsigned VNNI = 1u << 11;                                                            // leaf 7's ecx
    constexpr unsigned OF_256_BITS = 0x06, OF_512_BITS = 0xE6;                                     // registers, in XCR0
    const auto all = [](unsigned bits, unsigned wanted) { return (bits & wanted) == wanted; };
    if (!__get_cpuid(1, &a, &b, &c, &d) || !all(c, FMA | OSXSAVE | AVX)) return;
    asm volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    avx2_fma = all(saved, OF_256_BITS) && all(b, AVX2);
    avx512 = avx2_fma && all(saved, OF_512_BITS) && all(b, F | DQ | BW | VL);
    avx512vnni = avx512 && all(c, VNNI);
  }
};

}  // namespace mvq
