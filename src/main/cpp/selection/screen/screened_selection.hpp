// Selection by screening: hypotheses whose loss cannot be among the best are left out, the others scored exactly.
#pragma once
#include "selection/screen/byte_bounds.hpp"
#include "selection/screen/half_bounds.hpp"
#include "selection/screen/score_survivors.hpp"
#if defined(MVQ_SCREENS_HYPOTHESES)

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t ROWS_A_TASK = 64;      // rows whose survivors are scored together
constexpr int64_t CANDIDATES = 256;      // a row's hypotheses that may win so far; more: the row is not screened
constexpr double SCREENING_SPEEDUP = 4;  // about; only to judge how many threads are worth waking
constexpr float LEAST_ROOT = 0x1p-30f, MOST_ROOT = 0x1p60f;  // of a winner, for the bounds to cover underflow

struct ScreenedRoom {  // a worker's
  ScreenRoom screen;
  BestList limit;       // the least upper bounds of a row
  float* least;         // (CANDIDATES + BLOCK)
  int64_t* candidate;   // (CANDIDATES + BLOCK)
  Survivor* survivors;  // (TILE + CANDIDATES)
  BestList* lists;      // (ROWS_A_TASK)
};

struct ScreenedLayout {
  ScreenHead head;
  ScreenRoom screen;
  ScreenedRoom first;
  float *limit_loss, *list_loss;
  int64_t *limit_index, *list_index;

  ScreenedLayout(Workspace& workspace, const mvq_select_hypothesis_args& args, int threads) : first{} {
    head = take_screen_head(workspace, args);
    if (!head.taken) return;
    screen = take_screen_room(workspace, head, threads);
    limit_loss = workspace.take<float>(threads, args.top);
    limit_index = workspace.take<int64_t>(threads, args.top);
    list_loss = workspace.take<float>(threads, ROWS_A_TASK, args.top);
    list_index = workspace.take<int64_t>(threads, ROWS_A_TASK, args.top);
    first.least = workspace.take<float>(threads, CANDIDATES + BLOCK);
    first.candidate = workspace.take<int64_t>(threads, CANDIDATES + BLOCK);
    first.survivors = workspace.take<Survivor>(threads, TILE + CANDIDATES);
    first.lists = workspace.take<BestList>(threads, ROWS_A_TASK);
  }

  ScreenedRoom room(int64_t worker, int64_t top) const {
    ScreenedRoom room = first;
    room.screen = worker_room(screen, head, worker);
    room.limit = {top, 0, limit_loss + worker * top, limit_index + worker * top};
    room.least += worker * (CANDIDATES + BLOCK);
    room.candidate += worker * (CANDIDATES + BLOCK);
    room.survivors += worker * (TILE + CANDIDATES);
    room.lists += worker * ROWS_A_TASK;
    for (int64_t i = 0; i < ROWS_A_TASK; ++i)
      room.lists[i] = {top, 0, list_loss + (worker * ROWS_A_TASK + i) * top,
                       list_index + (worker * ROWS_A_TASK + i) * top};
    return room;
  }
};

/* Leaves the candidates that can still be among the best; returns how many. */
int64_t keep_candidates(const ScreenedRoom& room, int64_t count) {
  const float limit = room.limit.limit();  // NaN until `top` are known: nothing is above it
  int64_t kept = 0;
  for (int64_t i = 0; i < count; ++i)
    if (!(room.least[i] > limit)) room.least[kept] = room.least[i], room.candidate[kept++] = room.candidate[i];
  return kept;
}

/* Lists the hypotheses of a row that may be among its best, as candidates; -1 where that says too little. */
int64_t screen_row(const mvq_select_hypothesis_args& args, const ScreenHead& head, int64_t row, ScreenedRoom& room) {
  if (!prepare_row(args, head, row, room.screen)) return -1;
  alignas(64) float least[BLOCK], most[BLOCK];
  const int64_t enough = smaller(CANDIDATES, larger(args.h / 4, 2 * args.top));
  int64_t count = 0;
  room.limit.size = 0;
  for (int64_t first = 0; first < args.h; first += BLOCK) {
    bound_block(args, head, row, first, room.screen, least, most);
    for (int64_t j = args.h - first; j < BLOCK; ++j) most[j] = __builtin_inff();  // of hypotheses that do not exist
    if (args.top == 1)                                                            // only the values count
      room.limit.offer(least_of(most), first);
    else
      for (int v = 0; v < BLOCK; v += W) offer_lanes(room.limit, load(most + v), first + v, args.h);
    const int64_t most_kept =
        first == 2 * BLOCK ? BLOCK : CANDIDATES - BLOCK;  // half of the first two blocks is too many
    if (count > most_kept) {
      count = keep_candidates(room, count);
      if (count > most_kept) return -1;
    }
    const vf limit = broadcast(room.limit.limit());
    for (int v = 0; v < BLOCK && first + v < args.h; v += W) {
      const vf bound = load(least + v);
      const int64_t real = smaller(W, args.h - first - v);
      const uint32_t may = ~bits_of(less(limit, bound)) & ((1u << real) - 1);  // also where either is NaN
      for (uint32_t lanes_left = may; lanes_left; lanes_left &= lanes_left - 1) {
        const int lane = __builtin_ctz(lanes_left);
        room.least[count] = least[v + lane], room.candidate[count++] = first + v + lane;
      }
    }
  }
  count = keep_candidates(room, count);
  const float limit = room.limit.limit();
  return count <= enough && limit >= LEAST_ROOT && limit <= MOST_ROOT ? count : -1;
}

/* Scores the first TILE survivors, or all of a last few, and offers them to the lists of their rows. */
int64_t score_tile(const mvq_select_hypothesis_args& args, const Head& head, const SelectionRoom& exact,
                   ScreenedRoom& room, int64_t count, int64_t first_row) {
  alignas(64) float loss[TILE];
  const int64_t real = smaller(TILE, count);
  const int vectors = vectors_for(real);
  for (int64_t i = real; i < vectors * W; ++i) room.survivors[i] = room.survivors[0];
  switch (vectors) {
    case 1: score_survivors<1>(args, head, exact, room.survivors, loss); break;
    case 2: score_survivors<2>(args, head, exact, room.survivors, loss); break;
    default: score_survivors<3>(args, head, exact, room.survivors, loss);
  }
  for (int64_t i = 0; i < real; ++i)
    room.lists[room.survivors[i].row - first_row].offer(loss[i], room.survivors[i].hypothesis);
  for (int64_t i = real; i < count; ++i) room.survivors[i - real] = room.survivors[i];
  return count - real;
}

/* Selects rows begin..end - 1, at most ROWS_A_TASK; write(row, list) takes each finished list. */
template <class Write>
void select_screened(const mvq_select_hypothesis_args& args, const Head& head, const ScreenHead& bytes,
                     SelectionRoom exact, ScreenedRoom room, int64_t begin, int64_t end, Write write) {
  constexpr int64_t FIRST_SKIPPED = 4, MOST_SKIPPED = 64;
  const TileRegisters tiles;
  int64_t pending = 0, skip = 0, next_skip = FIRST_SKIPPED;
  for (int64_t row = begin; row < end; ++row) {
    BestList& list = room.lists[row - begin];
    list.size = 0;
    const int64_t count = skip > 0 ? -1 : screen_row(args, bytes, row, room);
    if (count < 0) {  // where screening does not pay, the next rows go without, more each time
      exact.lists = &list;
      score_row(args, head, exact, row);
      if (skip > 0) --skip;
      else skip = next_skip, next_skip = smaller(4 * next_skip, MOST_SKIPPED);
      continue;
    }
    next_skip = FIRST_SKIPPED;
    for (int64_t i = 0; i < count; ++i) room.survivors[pending++] = {row, room.candidate[i]};
    while (pending >= TILE) pending = score_tile(args, head, exact, room, pending, begin);
  }
  if (pending > 0) score_tile(args, head, exact, room, pending, begin);
  for (int64_t row = begin; row < end; ++row) {
    room.lists[row - begin].finish();
    write(row, room.lists[row - begin]);
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
#endif
