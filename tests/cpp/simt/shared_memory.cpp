#include "shared_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "block.hpp"

#if defined(MVQ_SIMT_ASAN)
extern "C" void __asan_poison_memory_region(const volatile void* place, size_t bytes);
extern "C" void __asan_unpoison_memory_region(const volatile void* place, size_t bytes);
#else
#define __asan_poison_memory_region(place, bytes) ((void)(place), (void)(bytes))
#define __asan_unpoison_memory_region(place, bytes) ((void)(place), (void)(bytes))
#endif

namespace simt {
namespace {

constexpr unsigned char POISON = 0xFF;  // a NaN as a float, -1 as an integer
constexpr unsigned char RED = 0xFD;
constexpr size_t RED_BYTES = 64, ARENA_BYTES = 512 * 1024;

struct Array {
  const void* site;
  char* place;
  size_t bytes;
};
struct Arena {
  char* base = static_cast<char*>(std::aligned_alloc(64, ARENA_BYTES));
  std::vector<Array> arrays;
  size_t used = ARENA_BYTES;  // red zones too; what the next block must poison afresh
  size_t asked = 0;           // as the device counts
  const char dynamic = 0;     // the site of the dynamic array
};
Arena& arena() {
  static Arena& a = *new Arena;
  return a;
}

}  // namespace

void* shared_array(const void* site, size_t bytes) {
  Arena& a = arena();
  for (const Array& array : a.arrays)
    if (array.site == site) return array.place;
  const size_t rounded = (bytes + 15) / 16 * 16;
  a.asked += rounded;
  if (a.asked > options.shared_bytes)
    fault("%zu bytes of shared memory; the limit is %zu", a.asked, options.shared_bytes);
  char* place = a.base + a.used;
  a.used += rounded + RED_BYTES;
  if (a.used > ARENA_BYTES) fault("the arena of %zu bytes is full", ARENA_BYTES);
  a.arrays.push_back({site, place, bytes});
  __asan_unpoison_memory_region(place, rounded + RED_BYTES);
  std::memset(place + bytes, RED, rounded + RED_BYTES - bytes);
  __asan_poison_memory_region(place + bytes, rounded + RED_BYTES - bytes);
  return place;
}

void* dynamic_shared() { return shared_array(&arena().dynamic, 0); }

void begin_shared_memory(size_t dynamic_bytes) {
  Arena& a = arena();
  __asan_unpoison_memory_region(a.base, a.used);
  std::memset(a.base, POISON, a.used);
  __asan_poison_memory_region(a.base, a.used);
  a.arrays.clear();
  a.used = a.asked = 0;
  if (dynamic_bytes) shared_array(&a.dynamic, dynamic_bytes);
}

void end_shared_memory() {
  __asan_unpoison_memory_region(arena().base, arena().used);
  for (const Array& array : arena().arrays)
    for (size_t i = array.bytes; i < (array.bytes + 15) / 16 * 16 + RED_BYTES; ++i)
      if (static_cast<unsigned char>(array.place[i]) != RED)
        fault("%zu bytes past the end of a shared array of %zu bytes were written", i - array.bytes, array.bytes);
}

}  // namespace simt
