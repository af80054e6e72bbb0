// Compiled with the flags of this instruction set only; nothing here may run before dispatch.cpp has chosen it.
#define MVQ_SIMD_NEON
#define MVQ_SIMD_DOT
#define MVQ_TIER neondot
#include "simd/tier_table.hpp"

MVQ_TIER_TABLE(MVQ_TIER)
