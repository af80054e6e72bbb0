// Winner-takes-all over the hypotheses of MH-Dropout (arXiv 2301.06626, section 3).
#pragma once
#include "selection/score_hypotheses.hpp"
#include "selection/screen/screened_selection.hpp"

namespace mvq::MVQ_TIER {
namespace {

struct SelectionLayout {
  int64_t winners, widest, lane_masks;
  Head head;
  SelectionRoom first;  // of worker 0; the others follow
#if defined(MVQ_SCREENS_HYPOTHESES)
  ScreenedLayout screened;
#endif
  int64_t bytes;

  SelectionLayout(const mvq_select_hypothesis_args& args, int threads, void* base)
      : SelectionLayout(args, threads, Workspace(base)) {}

  SelectionLayout(const mvq_select_hypothesis_args& args, int threads, Workspace workspace)
#if defined(MVQ_SCREENS_HYPOTHESES)
      : screened(workspace, args, threads)
#endif
  {
    winners = args.winner_per_token ? args.p * (args.head.width[args.head.layers] / args.d) : 1;
    widest = args.head.width[0];
    for (int l = 1; l < args.head.layers; ++l) widest = larger(widest, padded(args.head.width[l]));
    lane_masks = (mask_words(args.c) + 1) / 2 * 4;
    head = take_head(workspace, args.head);
    for (float*& a : first.activations) a = workspace.take<float>(threads, widest, TILE);
    first.masks = workspace.take<int32_t>(threads, lane_masks, TILE);
    first.loss = workspace.take<float>(threads, winners, args.top);
    first.index = workspace.take<int64_t>(threads, winners, args.top);
    first.lists = workspace.take<BestList>(threads, winners);
    bytes = workspace.bytes();
  }

  SelectionRoom room(int worker, int64_t top) const {
    return {{first.activations[0] + worker * widest * TILE, first.activations[1] + worker * widest * TILE},
            first.masks + worker * lane_masks * TILE,
            first.loss + worker * winners * top,
            first.index + worker * winners * top,
            first.lists + worker * winners};
  }
};

int64_t workspace_bytes(const mvq_select_hypothesis_args& args, int threads) {
  return SelectionLayout(args, threads, nullptr).bytes;
}

void write_winner_mask(const mvq_select_hypothesis_args& args, int64_t row, int64_t hypothesis, uint64_t* mask) {
  const int64_t words = mask_words(args.c);
  const uint32_t q = keep_in_65536ths(args.dropout.keep);
  for (int64_t word = 0; word < words; ++word) {
    if (hypothesis < 0) mask[word] = 0;
    else if (args.masks)
      mask[word] = args.masks[(row * args.h + hypothesis) * words + word] & mask_word_valid(args.c, word);
    else
      mask[word] = dropout_mask_word(args.dropout.seed, uint64_t(args.dropout.first_row) + uint64_t(row),
                                     uint32_t(hypothesis), word, q) &
                   mask_word_valid(args.c, word);
  }
}

/* Writes a row's finished lists: (winners * top) losses and hypotheses. */
void write_row(const mvq_select_hypothesis_args& args, int64_t row, int64_t entries, const float* loss,
               const int64_t* index) {
  const int64_t words = mask_words(args.c);
  for (int64_t i = 0; i < entries; ++i) {
    args.index[row * entries + i] = index[i];
    if (args.loss) args.loss[row * entries + i] = loss[i];
    if (args.winner_masks) write_winner_mask(args, row, index[i], args.winner_masks + (row * entries + i) * words);
  }
}

void select_row(const mvq_select_hypothesis_args& args, const SelectionLayout& layout, SelectionRoom room,
                int64_t row) {
  for (int64_t i = 0; i < layout.winners; ++i)
    room.lists[i] = {args.top, 0, room.loss + i * args.top, room.index + i * args.top};
  score_row(args, layout.head, room, row);
  for (int64_t i = 0; i < layout.winners; ++i) room.lists[i].finish();
  write_row(args, row, layout.winners * args.top, room.loss, room.index);
}

void select_hypothesis(const mvq_select_hypothesis_args& args, int threads, void* base) {
  SelectionLayout layout(args, threads, base);
  pack_head(args.head, layout.head);
  double flops = 0;
  for (int l = 0; l < args.head.layers; ++l)
    flops += 2.0 * args.n * args.h * args.p * args.head.width[l] * args.head.width[l + 1];
#if defined(MVQ_SCREENS_HYPOTHESES)
  ScreenHead& bytes = layout.screened.head;
  if (bytes.taken) pack_screen_head(args.head, bytes);
  if (bytes.usable) {
    threads = worthwhile(threads, flops / SCREENING_SPEEDUP);
    const int64_t rows = smaller(ROWS_A_TASK, larger(1, (args.n + threads - 1) / threads));
    return for_each_task(threads, (args.n + rows - 1) / rows, [&](int64_t task, int worker) {
      select_screened(args, layout.head, bytes, layout.room(worker, args.top), layout.screened.room(worker, args.top),
                      task * rows, smaller(args.n, (task + 1) * rows), [&](int64_t row, const BestList& list) {
                        write_row(args, row, args.top, list.loss, list.index);
                      });
    });
  }
#endif
  for_each_task(worthwhile(threads, flops), args.n,
                [&](int64_t row, int worker) { select_row(args, layout, layout.room(worker, args.top), row); });
}

}  // namespace
}  // namespace mvq::MVQ_TIER
