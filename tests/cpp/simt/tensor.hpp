// The tensor-core instruction that the kernels use, with its documented meaning and, since NVIDIA documents no more
// than single-precision accumulation, a random error as large as the kernels allow for.
#pragma once
#include <cstdint>

namespace simt {

/* cvt.rn.f16x2.f32: the nearest halves, ties to even, the second in the upper bits. */
uint32_t to_halves(float low, float high);

/* mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32, c += a * b, by the whole warp. */
void multiply_add_halves(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);

}  // namespace simt
