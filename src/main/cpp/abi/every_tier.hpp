// The one list of tiers, widest first; each runs on what the one before it runs on, and on more. A tier `name` is
// compiled by simd/isa_name.cpp.
#pragma once

#define MVQ_EVERY_TIER_OF_X86(EACH) EACH(amx) EACH(avx512vnni) EACH(avx512) EACH(avx2)
#define MVQ_EVERY_TIER_OF_ARM(EACH) EACH(neondot) EACH(neon)
#define MVQ_EVERY_TIER(EACH) MVQ_EVERY_TIER_OF_X86(EACH) MVQ_EVERY_TIER_OF_ARM(EACH) EACH(scalar)

/* Those of this build. */
#if defined(__x86_64__)
#define MVQ_EVERY_TIER_HERE(EACH) MVQ_EVERY_TIER_OF_X86(EACH) EACH(scalar)
#elif defined(__aarch64__)
#define MVQ_EVERY_TIER_HERE(EACH) MVQ_EVERY_TIER_OF_ARM(EACH) EACH(scalar)
#else
#define MVQ_EVERY_TIER_HERE(EACH) EACH(scalar)
#endif
