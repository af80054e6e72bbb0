// The tier avx512, which screens every selection that it can, whether that pays or not.
#define MVQ_SIMD_AVX512
#define MVQ_SCREEN_ALWAYS
#define MVQ_TIER avx512_screened
#include "simd/tier_table.hpp"

namespace mvq {
extern const Tier tier_avx512_screened;
}
MVQ_TIER_TABLE(MVQ_TIER)
