// Hostile arguments for the C ABI: sizes and strides from zero to overflow, floats that are no numbers, absent
// pointers. What is allowed is stated here once more, from mvq.h, and not taken from the library.
#pragma once
#include <string>

#include "data.hpp"

namespace fire {

using Wide = __int128;  // no product of two sizes overflows it

inline uint64_t draw(uint64_t below) { return generator()() % below; }
inline bool one_in(uint64_t n) { return draw(n) == 0; }

/* Mostly small, else at a limit, past it, or anything. */
inline int64_t size(int64_t most_small) {
  static const int64_t edges[] = {INT64_MIN,
                                  INT64_MIN + 1,
                                  -1,
                                  0,
                                  1,
                                  (1 << 28) - 1,
                                  1 << 28,
                                  (1 << 28) + 1,
                                  INT32_MAX,
                                  int64_t{1} << 31,
                                  UINT32_MAX,
                                  int64_t{1} << 32,
                                  int64_t{1} << 48,
                                  (int64_t{1} << 48) + 1,
                                  INT64_MAX / 4,
                                  INT64_MAX - 63,
                                  INT64_MAX};
  if (!one_in(12)) return 1 + int64_t(draw(uint64_t(most_small)));
  return one_in(3) ? int64_t(generator()()) : edges[draw(std::size(edges))];
}

/* At least `width`, mostly just that. */
inline int64_t stride(int64_t width) {
  if (one_in(12)) return size(10);
  return one_in(3) && width < INT64_MAX - 8 ? width + int64_t(draw(8)) : width;
}

inline Floats hostile(int64_t count) {
  static const float odd[] = {NOT_A_NUMBER, INF, -INF, 3.4e38f, -3.4e38f, 1e-45f, -1e-45f, 1e-38f, 0.0f, -0.0f};
  const uint64_t kind = draw(4);
  Floats values = kind == 0 ? small_integers(count) : normal(count);
  if (kind > 1)
    for (float& v : values)
      if (one_in(kind == 2 ? 30 : 4)) v = odd[draw(std::size(odd))];
  return values;
}

/* Elements from the first to the last that `rows` rows of `width` hold. */
inline Wide extent(Wide rows, Wide width, Wide stride) { return rows < 1 ? 0 : (rows - 1) * stride + width; }

inline bool between(int64_t value, int64_t least, int64_t most) { return value >= least && value <= most; }

constexpr int64_t MOST_ROWS = int64_t{1} << 48, MOST_WIDTH = 1 << 28;

/* Whether the sizes of a search are allowed. */
inline bool search_sizes(int64_t n, int64_t k, int64_t d, int64_t rows_stride, int64_t codes_stride) {
  return between(n, 0, MOST_ROWS) && between(k, 1, INT32_MAX) && between(d, 1, MOST_WIDTH) && rows_stride >= d &&
         codes_stride >= d;
}

/* Where to compute: mostly somewhere. */
struct Place {
  mvq_where where{MVQ_CPU, 0, 0, nullptr};
  bool given = !one_in(3), allowed = true;

  Place() {
    where.threads = int32_t(draw(4));
    if (one_in(15)) where.threads = int32_t(generator()());
    if (one_in(25)) where.device = int32_t(draw(5)) - 1;
    if (one_in(25)) where.ordinal = int32_t(draw(3)) - 1;
    // the library has no code for CUDA in these tests: refused like the others
    allowed = !given || (where.device == MVQ_CPU && where.ordinal == 0 && between(where.threads, 0, 1024));
  }
  const mvq_where* pointer() const { return given ? &where : nullptr; }
};

/* A workspace of just so many bytes, so that sanitizers see each one more. */
struct Room {
  static constexpr std::align_val_t ALIGNMENT{64};
  void* bytes;
  explicit Room(int64_t count) : bytes(::operator new(size_t(count) + 1, ALIGNMENT)) {
    std::memset(bytes, 0xE7, size_t(count) + 1);
  }
  ~Room() { ::operator delete(bytes, ALIGNMENT); }
  Room(const Room&) = delete;
};

/* Calls an operation that must be refused: with a reason, and the workspace's size with it. */
template <class Args, class Bytes, class Call>
void refused(const Args& args, const Place& place, Bytes bytes, Call call) {
  Room room(64);
  const int32_t status = call(&args, place.pointer(), room.bytes, INT64_MAX);
  CHECK(status == MVQ_BAD_ARGUMENT || status == MVQ_NO_DEVICE);
  CHECK(!std::string(mvq_last_error()).empty());
  CHECK_EQUAL(bytes(&args, place.pointer()), -1);
}

/* Asks for the workspace of sizes that fit no memory here, and calls with too little of it. */
template <class Args, class Bytes, class Call>
void too_large(const Args& args, const Place& place, Bytes bytes, Call call) {
  const int64_t needed = bytes(&args, place.pointer());
  CHECK(needed >= -1);
  if (needed == 0) return;  // it would run
  Room room(64);
  CHECK_EQUAL(call(&args, place.pointer(), room.bytes, needed - 1), MVQ_BAD_ARGUMENT);
}

inline int64_t completed = 0;

/* Calls with sound arguments. @return whether it was done */
template <class Args, class Bytes, class Call>
bool done(const Args& args, const Place& place, Bytes bytes, Call call) {
  const int64_t needed = bytes(&args, place.pointer());
  CHECK(needed >= 0 && needed < int64_t{1} << 31);
  Room room(needed);
  const int32_t status = call(&args, place.pointer(), room.bytes, needed);
  if (status != MVQ_OK) check::fail(__FILE__, __LINE__, std::string("refused: ") + mvq_last_error());
  ++completed;
  return status == MVQ_OK;
}

/* At a test's end: enough of its calls were sound to be compared. */
inline void require_completed(int64_t runs) {
  CHECK(completed * 4 > runs);
  completed = 0;
}

/* How often each operation is called: the second argument of the test, after the name of a test or "". */
inline int64_t runs() { return check::arguments.size() > 1 ? std::stoll(check::arguments[1]) : 3000; }

}  // namespace fire
