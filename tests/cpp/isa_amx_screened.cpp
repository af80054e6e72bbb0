// The tier amx, which screens every selection that it can, whether that pays or not.
#define MVQ_SIMD_AMX
#define MVQ_SIMD_VNNI
#define MVQ_SIMD_AVX512
#define MVQ_SCREEN_ALWAYS
#define MVQ_TIER amx_screened
#include "simd/tier_table.hpp"

namespace mvq {
extern const Tier tier_amx_screened;
}
MVQ_TIER_TABLE(MVQ_TIER)
