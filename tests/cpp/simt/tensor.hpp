// The tensor-core instruction that the kernels use, with its documented meaning and, since NVIDIA documents no more than
// single-precision accumulation, a random error as large as the kernels allow for.
#pragma once
#include <cstdint>

namespace simt {

/* mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32, c += a * b, by the whole warp. */
void multiply_add_tf32(float (&c)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]);

}  // namespace simt
