// The dense layers of a hypothesis head: packed weights,
// and the register tile of CODES outputs against V * W hypotheses.
#pragma once
#include "abi/workspace.hpp"
#include "selection/activation.hpp"
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct Layer {
  int64_t inputs, outputs;
  float* weight;  // (groups of CODES outputs, inputs, CODES); what lies past the last output repeats and is not used
  float* bias;    // (outputs rounded up to CODES); 0 where the head has none
};

struct Head {
  int32_t layers, activation;
  float slope;
  Layer layer[MVQ_MAX_LAYERS];
};

MVQ_INLINE int64_t padded(int64_t outputs) { return round_up(outputs, CODES); }

/* Workspace of a packed head. */
Head take_head(Workspace& workspace, const mvq_head& head) {
  Head packed{head.layers, head.activation, head.slope, {}};
  for (int l = 0; l < head.layers; ++l)
    packed.layer[l] = {head.width[l], head.width[l + 1],
                       workspace.take<float>(head.width[l], padded(head.width[l + 1])),
                       workspace.take<float>(padded(head.width[l + 1]))};
  return packed;
}

void pack_head(const mvq_head& head, const Head& packed) {
  for (int l = 0; l < head.layers; ++l) {
    const Layer& layer = packed.layer[l];
    pack_groups(head.weight[l], layer.inputs, nullptr, 0, layer.outputs, layer.outputs, nullptr, layer.inputs,
                layer.weight);
    for (int64_t o = 0; o < padded(layer.outputs); ++o)
      layer.bias[o] = head.bias[l] && o < layer.outputs ? head.bias[l][o] : 0.0f;
  }
}

/* Outputs first..first + CODES - 1 of a layer: its bias, then a fused multiply-add an input, in ascending order. */
template <int V>
MVQ_INLINE void dense_group(const Layer& layer, const float* inputs, int64_t first, vf output[CODES][V]) {
#pragma GCC unroll 8
  for (int r = 0; r < CODES; ++r)
#pragma GCC unroll 3
    for (int v = 0; v < V; ++v) output[r][v] = broadcast(layer.bias[first + r]);
  const float* weight = layer.weight + first * layer.inputs;
#pragma GCC unroll 1
  for (int64_t i = 0; i < layer.inputs; ++i, inputs += V * W, weight += CODES) {
    vf x[V];
#pragma GCC unroll 3
    for (int v = 0; v < V; ++v) x[v] = load(inputs + v * W);
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r) {
      const vf w = broadcast(weight[r]);
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) output[r][v] = fma(w, x[v], output[r][v]);
    }
  }
}

/* A whole hidden layer: inputs (inputs, V * W) -> outputs (padded(outputs), V * W), activated. */
template <int V>
MVQ_NOINLINE void dense(const Head& head, const Layer& layer, const float* inputs, float* outputs) {
  for (int64_t first = 0; first < layer.outputs; first += CODES) {
    vf output[CODES][V];
    dense_group<V>(layer, inputs, first, output);
#pragma GCC unroll 8
    for (int r = 0; r < CODES; ++r)
#pragma GCC unroll 3
      for (int v = 0; v < V; ++v) store(outputs + ((first + r) * V + v) * W, output[r][v]);
  }
  activate(head.activation, head.slope, outputs, padded(layer.outputs) * V * W);
}

}  // namespace
}  // namespace mvq::MVQ_TIER
