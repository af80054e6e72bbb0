// Compiled with the flags of this instruction set only; nothing here may run before dispatch.cpp has chosen it.
#define MVQ_SIMD_AMX
#define MVQ_SIMD_VNNI
#define MVQ_SIMD_AVX512
#define MVQ_TIER amx
#include "simd/tier_table.hpp"

MVQ_TIER_TABLE(MVQ_TIER)
