#include "block.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "fiber.hpp"
#include "shared_memory.hpp"

simt::Dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace simt {

Options options;

namespace {

constexpr int WARP = 32;

struct Thread {
  std::unique_ptr<Fiber> fiber;
  unsigned number;  // in the block
  Dim3 index;
  bool ended;
  Copies copies;
};

/* A meeting that lanes of one warp are gathering for. */
struct Gathering {
  uint32_t mask;
  Meeting meeting;
  Meeting* result[WARP];  // where each waiting lane wants it
};

struct Engine {
  std::vector<std::unique_ptr<Thread>> threads;
  Fiber scheduler;
  Thread* running = nullptr;
  std::vector<Thread*> ready;
  std::mt19937 random;
  void (*body)(void*);
  void* context;

  unsigned count = 0, alive = 0;  // threads of the block
  unsigned at_barrier = 0, votes = 0, last_votes = 0, barriers = 0;
  const char* barrier_file;
  unsigned barrier_line;
  std::vector<std::vector<Gathering>> gatherings;  // a warp
  std::vector<uint32_t> ended_lanes;               // likewise; lanes that never were count as ended

  char start_tag, end_tag, barrier_tag[2], warp_tag[64];  // for ThreadSanitizer
};
Engine& engine() {
  static Engine& e = *new Engine;
  return e;
}

void run(Thread& thread) {
  Engine& e = engine();
  e.running = &thread;
  threadIdx = thread.index;
  e.scheduler.switch_to(*thread.fiber);
}

/* Back to the scheduler, until something makes this thread ready. */
void wait() { engine().running->fiber->switch_to(engine().scheduler); }

void thread_main() {
  Fiber::entered();
  Engine& e = engine();
  for (;;) {
    Thread& me = *e.running;
    acquire(&e.start_tag);
    e.body(e.context);
    release(&e.end_tag);
    if (me.copies.count) fault("thread %u ended with an asynchronous copy that it never waited for", me.number);
    if (e.at_barrier) fault("thread %u ended while others wait at the barrier of line %u", me.number, e.barrier_line);
    me.ended = true;
    --e.alive;
    e.ended_lanes[me.number / WARP] |= 1u << me.number % WARP;
    for (const Gathering& gathering : e.gatherings[me.number / WARP])
      if (gathering.meeting.present && (gathering.mask >> me.number % WARP & 1))
        fault("lane %u ended while others of its warp wait for it under mask %08x", me.number % WARP, gathering.mask);
    wait();
  }
}

/* The scheduler takes any ready thread. */
void run_until_all_ended() {
  Engine& e = engine();
  while (!e.ready.empty()) {
    std::swap(e.ready[e.random() % e.ready.size()], e.ready.back());
    Thread* next = e.ready.back();
    e.ready.pop_back();
    run(*next);
  }
  if (e.alive)
    fault(
        "deadlock: %u of %u threads have not ended, %u wait at the barrier of line %u, the others for lanes of their "
        "warp",
        e.alive, e.count, e.at_barrier, e.barrier_line);
}

void run_block(Dim3 index, size_t dynamic_bytes) {
  Engine& e = engine();
  blockIdx = index;
  begin_shared_memory(dynamic_bytes);
  e.alive = e.count;
  e.at_barrier = e.votes = 0;
  e.gatherings.assign((e.count + WARP - 1) / WARP, {});
  e.ended_lanes.assign(e.gatherings.size(), ~0u);
  e.ready.clear();
  for (unsigned t = 0; t < e.count; ++t) {
    Thread& thread = *e.threads[t];
    thread.index = {t % blockDim.x, t / blockDim.x % blockDim.y, t / blockDim.x / blockDim.y};
    thread.ended = false;
    e.ended_lanes[t / WARP] &= ~(1u << t % WARP);
    e.ready.push_back(&thread);
  }
  release(&e.start_tag);
  run_until_all_ended();
  acquire(&e.end_tag);
  end_shared_memory();
}

void barrier(const char* file, unsigned line) {
  Engine& e = engine();
  if (e.alive != e.count)
    fault("a barrier at %s:%u after %u threads of the block ended", file, line, e.count - e.alive);
  if (e.at_barrier++ == 0) {
    e.barrier_file = file, e.barrier_line = line;
  } else if (line != e.barrier_line || std::strcmp(file, e.barrier_file) != 0) {
    fault("threads of one block meet at different barriers, lines %u and %u", e.barrier_line, line);
  }
  // two tags: with one, a thread that passes late would also be ordered after those already at the next barrier
  char* tag = &e.barrier_tag[e.barriers % 2];
  release(tag);
  if (e.at_barrier < e.count) {
    wait();
  } else {
    e.at_barrier = 0;
    ++e.barriers;
    e.last_votes = e.votes;
    e.votes = 0;
    for (unsigned t = 0; t < e.count; ++t)
      if (e.threads[t].get() != e.running) e.ready.push_back(e.threads[t].get());
  }
  acquire(tag);
}

}  // namespace

void fault(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  std::fprintf(stderr, "simt: block (%u, %u), thread %u: ", blockIdx.x, blockIdx.y, threadIdx.x);
  std::vfprintf(stderr, format, arguments);
  std::fputc('\n', stderr);
  std::abort();
}

int lane() { return int(engine().running->number % WARP); }

Copies& copies() { return engine().running->copies; }

void meet_block(const char* file, unsigned line) { barrier(file, line); }

unsigned count_block(bool mine, const char* file, unsigned line) {
  engine().votes += mine;
  barrier(file, line);
  return engine().last_votes;  // stands until all have come to the next barrier
}

Meeting meet_warp(uint32_t mask, uint64_t value, void (*last)(Meeting&)) {
  Engine& e = engine();
  const unsigned me = e.running->number % WARP, warp = e.running->number / WARP;
  if (!(mask >> me & 1)) fault("lane %u is not in its own mask %08x", me, mask);
  if (mask & e.ended_lanes[warp])
    fault("mask %08x names lanes that have ended, %08x", mask, mask & e.ended_lanes[warp]);
  std::vector<Gathering>& all = e.gatherings[warp];
  size_t place = 0;
  while (place < all.size() && all[place].mask != mask) ++place;
  if (place == all.size()) all.push_back({mask, {0, {}}, {}});
  Gathering& gathering = all[place];
  Meeting result;
  gathering.meeting.present |= 1u << me;
  gathering.meeting.value[me] = value;
  gathering.result[me] = &result;
  if (gathering.meeting.present != mask) {
    wait();
    return result;
  }
  if (last) last(gathering.meeting);
  for (int l = 0; l < WARP; ++l) {
    if (!(gathering.meeting.present >> l & 1)) continue;
    *gathering.result[l] = gathering.meeting;
    if (l != int(me)) e.ready.push_back(e.threads[warp * WARP + l].get());
  }
  gathering.meeting.present = 0;
  return result;
}

void meet_warp_and_order(uint32_t mask) {
  Engine& e = engine();
  char* tag = &e.warp_tag[e.running->number / WARP];
  release(tag);
  meet_warp(mask, 0);
  acquire(tag);
}

void run_grid(Dim3 grid, Dim3 block, size_t dynamic_bytes, void (*body)(void*), void* context) {
  Engine& e = engine();
  gridDim = grid;
  blockDim = block;
  e.count = block.x * block.y * block.z;
  if (e.count < 1 || e.count > 1024) fault("a block of %u threads", e.count);
  e.random.seed(options.seed);
  e.body = body;
  e.context = context;
  while (e.threads.size() < e.count) {
    e.threads.push_back(std::make_unique<Thread>());
    e.threads.back()->number = unsigned(e.threads.size() - 1);
    e.threads.back()->fiber = std::make_unique<Fiber>(thread_main);
  }
  std::vector<unsigned> order(size_t(grid.x) * grid.y * grid.z);
  for (unsigned i = 0; i < order.size(); ++i) order[i] = i;
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[e.random() % i]);
  for (unsigned b : order) run_block({b % grid.x, b / grid.x % grid.y, b / grid.x / grid.y}, dynamic_bytes);
}

}  // namespace simt
