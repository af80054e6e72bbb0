// The buffers of each operation by name, for checks that every pointer of a call must pass.
#pragma once
#include "mvq.h"

namespace mvq {

/* Calls visit(name, typed pointer) for every buffer of the arguments; those left out are NULL. */
template <class Visit>
void each_buffer(const mvq_nearest_code_args& args, Visit visit) {
  visit("rows", args.rows);
  visit("codes", args.codes);
  visit("allowed", args.allowed);
  visit("row_mask", args.row_mask);
  visit("index", args.index);
  visit("distance", args.distance);
}

template <class Visit>
void each_buffer(const mvq_nearest_in_bank_args& args, Visit visit) {
  visit("rows", args.rows);
  visit("codes", args.codes);
  visit("bank", args.bank);
  visit("index", args.index);
  visit("mask_index", args.mask_index);
  visit("distance", args.distance);
}

template <class Visit>
void each_buffer(const mvq_nearest_free_mask_args& args, Visit visit) {
  visit("rows", args.rows);
  visit("codes", args.codes);
  visit("index", args.index);
  visit("mask", args.mask);
  visit("distance", args.distance);
}

template <class Visit>
void each_buffer(const mvq_dropout_masks_args& args, Visit visit) {
  visit("masks", args.masks);
}

template <class Visit>
void each_buffer(const mvq_select_hypothesis_args& args, Visit visit) {
  static constexpr const char* WEIGHT[] = {"head.weight[0]", "head.weight[1]", "head.weight[2]", "head.weight[3]"};
  static constexpr const char* BIAS[] = {"head.bias[0]", "head.bias[1]", "head.bias[2]", "head.bias[3]"};
  visit("latents", args.latents);
  for (int l = 0; l < args.head.layers; ++l) {
    visit(WEIGHT[l], args.head.weight[l]);
    visit(BIAS[l], args.head.bias[l]);
  }
  visit("base", args.base);
  visit("target", args.target);
  visit("masks", args.masks);
  visit("index", args.index);
  visit("loss", args.loss);
  visit("winner_masks", args.winner_masks);
}

template <class Visit>
void each_buffer(const mvq_codebook_sums_args& args, Visit visit) {
  visit("rows", args.rows);
  visit("index", args.index);
  visit("counts", args.counts);
  visit("sums", args.sums);
}

}  // namespace mvq
