// The tier avx2, which screens every selection that it can, whether that pays or not.
#define MVQ_SIMD_AVX2
#define MVQ_SCREEN_ALWAYS
#define MVQ_TIER avx2_screened
#include "simd/tier_table.hpp"

namespace mvq {
extern const Tier tier_avx2_screened;
}
MVQ_TIER_TABLE(MVQ_TIER)
