// The byte screen of the tier amx without its tiles, so that its bounds are proved on CPUs without AMX too.
#define MVQ_SIMD_VNNI
#define MVQ_SIMD_AVX512
#define MVQ_SCREEN_IN_BYTES
#define MVQ_SCREEN_ALWAYS
#define MVQ_TIER avx512vnni_bytes
#include "simd/tier_table.hpp"

namespace mvq {
extern const Tier tier_avx512vnni_bytes;
}
MVQ_TIER_TABLE(MVQ_TIER)
