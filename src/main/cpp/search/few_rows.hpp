// Nearest code for a few rows, where packing the codes would cost more than the search. The codes are read once, in
// place: a distance is first summed in the order that suits vectors (lanes are dimensions), which is not the promised
// one, and the codes that the rounding of both orders leaves in question are summed again in the promised order.
// Usually it is one.
//
// Why this is exact. Both orders round sums of the same non-negative terms t^2, so that each is within a factor
// 1 +- u m of the true sum, u = 2^-24 and m < d + 16 additions, and, where squares underflow, within d 2^-150 of that.
// A winner's quick sum is then below (1 + 5 e) smallest + 6 tiny, e = u (2 d + 32), tiny = d 2^-149.
#pragma once
#include "abi/threads.hpp"
#include "abi/tier.hpp"
#include "abi/workspace.hpp"
#include "simd/pack.hpp"

namespace mvq::MVQ_TIER {
namespace {

constexpr int64_t FEW_ROWS = 7, FEW_HALF_ROWS = 4, FEW_OTHER_ROWS = 1;  // more are better packed; measured
constexpr int64_t FEW_ROWS_MOST_DIMENSIONS = 1 << 16;                   // the bound needs e to be small

/* How the codes' dimensions fill vectors: some and no rest, with a rest, half a one (two codes fill one), or not
 * well. */
enum class Filling { whole, rest, half, none };

MVQ_INLINE Filling filling(const mvq_nearest_code_args& args) {
  if (args.k < W) return Filling::none;
  if (args.d >= W) return args.d % W ? Filling::rest : Filling::whole;
  return 2 * args.d == W && args.codes_stride == args.d ? Filling::half : Filling::none;
}

MVQ_INLINE bool few_rows(const mvq_nearest_code_args& args) {
  const Filling how = filling(args);
  const int64_t most = how == Filling::none ? FEW_OTHER_ROWS : how == Filling::half ? FEW_HALF_ROWS : FEW_ROWS;
  return !args.allowed && !args.row_mask && args.d <= FEW_ROWS_MOST_DIMENSIONS && args.n <= most;
}

/* A row's best code so far, by the promised distance. */
struct BestCode {
  float distance = __builtin_nanf("");
  int64_t index = -1;

  void offer(float sum, int64_t code) {
    if (!(sum >= distance) && sum == sum) distance = sum, index = code;
  }
};

/* The promised distances of N codes side by side, so that their chains of additions overlap. */
template <int N>
MVQ_INLINE void exact_distances(const float* row, const float* const codes[N], int64_t d, float sums[N]) {
  for (int r = 0; r < N; ++r) sums[r] = 0;
  for (int64_t i = 0; i < d; ++i)
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) {
      const float t = codes[r][i] - row[i];
      sums[r] = __builtin_fmaf(t, t, sums[r]);
    }
}

/* Offers the listed codes, at most N; N at once are computed. */
template <int N>
MVQ_NOINLINE void offer_codes(const mvq_nearest_code_args& args, const float* row, const int64_t* list, int64_t count,
                              BestCode& best) {
  const float* codes[N];
  float sums[N];
  for (int r = 0; r < N; ++r) codes[r] = args.codes + list[smaller(r, count - 1)] * args.codes_stride;
  exact_distances<N>(row, codes, args.d, sums);
  for (int r = 0; r < count; ++r) best.offer(sums[r], list[r]);
}

/* Offers the codes that next(code), the first wanted from `code` on, lists. */
template <class Next>
MVQ_INLINE void offer_all(const mvq_nearest_code_args& args, const float* row, BestCode& best, Next next) {
  int64_t list[8], count = 0;
  for (int64_t code = next(0); code < args.k; code = next(code + 1)) {
    list[count++] = code;
    if (count == 8) offer_codes<8>(args, row, list, count, best), count = 0;
  }
  if (count == 1) offer_codes<1>(args, row, list, count, best);
  if (count > 1) offer_codes<8>(args, row, list, count, best);
}

/* Lane sums of N codes' distances: each lane sums its dimensions. N is so small that all pointers stay in registers. */
template <int N, bool tail>
MVQ_INLINE void add_squares(const float* row, const float* codes, int64_t stride, int64_t d, vf sums[N]) {
#pragma GCC unroll 8
  for (int r = 0; r < N; ++r) sums[r] = broadcast(0);
  int64_t i = 0;
  do {  // d >= W
    const vf z = load(row + i);
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) {
      const vf t = load(codes + r * stride + i) - z;
      sums[r] = fma(t, t, sums[r]);
    }
    i += W;
  } while (i + W <= d);
  if constexpr (tail) {  // the last W dimensions again, but only those not yet counted
    const vf z = load(row + d - W);
    const lanes rest = less(broadcast_int(int32_t(W - 1 - d % W)), lane_numbers());
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) {
      const vf t = keep(rest, load(codes + r * stride + d - W) - z);
      sums[r] = fma(t, t, sums[r]);
    }
  }
}

/* The distances of W codes in the order of the vectors. */
template <Filling how>
MVQ_INLINE vf quick_distances(const float* row, const float* codes, int64_t stride, int64_t d) {
  if constexpr (how == Filling::half) {
    constexpr int N = W / 2 > 0 ? W / 2 : 1;
    float twice[2 * N];
    for (int i = 0; i < 2 * N; ++i) twice[i] = row[i % N];
    vf squares[N];
#pragma GCC unroll 8
    for (int r = 0; r < N; ++r) {
      const vf t = load(codes + r * W) - load(twice);
      squares[r] = t * t;
    }
    return sum_half_lanes(squares);
  } else {
    constexpr int N = W < 8 ? W : 8;
    vf sums[W];
#pragma GCC unroll 2
    for (int r = 0; r < W; r += N) add_squares<N, how == Filling::rest>(row, codes + r * stride, stride, d, sums + r);
    return sum_lanes(sums);
  }
}

/* The quick distances of all rows and codes -> quick (n, k). */
template <Filling how>
void all_quick_distances(const mvq_nearest_code_args& args, int threads, float* quick) {
  constexpr int64_t GROUPS_A_TASK = 16;
  const int64_t groups = round_up(args.k, W) / W, tasks = larger(1, groups / GROUPS_A_TASK);
  for_each_task(worthwhile(threads, 2.0 * args.n * args.k * args.d), tasks, [&](int64_t task, int) {
    const int64_t end = task + 1 < tasks ? (task + 1) * GROUPS_A_TASK : groups;
    for (int64_t group = task * GROUPS_A_TASK; group < end; ++group) {
      const int64_t first = smaller(group * W, args.k - W);  // the last group overlaps the one before
      for (int64_t i = 0; i < args.n; ++i)
        store(quick + i * args.k + first,
              quick_distances<how>(args.rows + i * args.rows_stride, args.codes + first * args.codes_stride,
                                   args.codes_stride, args.d));
    }
  });
}

/* What a winner's quick distance is below; NaN where only exact distances tell: too large, or no number. */
float winners_limit(const float* quick, int64_t k, int64_t d) {
  vf even = broadcast(__builtin_inff()), odd = even;  // two chains of minima side by side
  for (int64_t first = 0; first < k; first += 2 * W) {
    even = min_or_second(load(quick + smaller(first, k - W)), even);
    odd = min_or_second(load(quick + smaller(first + W, k - W)), odd);
  }
  float each[W], least = __builtin_inff();
  store(each, min_or_second(even, odd));
  for (float value : each) least = value < least ? value : least;
  if (!(least < 0x1p120f)) return __builtin_nanf("");
  const float e = 0x1p-24f * float(2 * d + 32), tiny = 0x1p-149f * float(d);
  return least + (5 * e * least + 6 * tiny);
}

/* The next code from `code` on whose quick distance is below `limit`; k if none. */
MVQ_INLINE int64_t next_survivor(const float* quick, int64_t k, float limit, int64_t code) {
  for (; code + W <= k; code += W)
    if (any(less(load(quick + code), broadcast(limit)))) break;
  while (code < k && !(quick[code] < limit)) ++code;
  return code;
}

int64_t few_rows_bytes(const mvq_nearest_code_args& args) {
  Workspace workspace(nullptr);
  if (filling(args) != Filling::none) workspace.take<float>(args.n, args.k);
  return workspace.bytes();
}

void search_few_rows(const mvq_nearest_code_args& args, int threads, void* base) {
  float* quick = filling(args) != Filling::none ? static_cast<float*>(base) : nullptr;
  switch (args.n > 0 ? filling(args) : Filling::none) {
    case Filling::whole: all_quick_distances<Filling::whole>(args, threads, quick); break;
    case Filling::rest: all_quick_distances<Filling::rest>(args, threads, quick); break;
    case Filling::half: all_quick_distances<Filling::half>(args, threads, quick); break;
    case Filling::none: break;
  }
  for (int64_t i = 0; i < args.n; ++i) {
    const float* row = args.rows + i * args.rows_stride;
    const float* own = quick + i * args.k;
    const float limit = quick ? winners_limit(own, args.k, args.d) : __builtin_nanf("");
    BestCode best;
    if (limit == limit)
      offer_all(args, row, best, [&](int64_t code) { return next_survivor(own, args.k, limit, code); });
    else offer_all(args, row, best, [](int64_t code) { return code; });
    args.index[i] = best.index;
    if (args.distance) args.distance[i] = best.index < 0 ? __builtin_inff() : best.distance;
  }
}

}  // namespace
}  // namespace mvq::MVQ_TIER
