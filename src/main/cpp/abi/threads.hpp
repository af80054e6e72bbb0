// The library's own threads: started when first needed, shared by all callers,
// asleep between calls after a short wait awake.
#pragma once
#include <cstdint>

namespace mvq {

constexpr int MAX_THREADS = 1024;

/* CPUs this process may use: its affinity mask, capped by the cgroup's quota; at least 1. Read once. */
int allowed_cpus();

/* Calls body(context, task, worker) for each task in 0..tasks-1, on the caller (worker 0) and at most threads - 1
 * others; a worker runs one task at a time. Returns when all are done. The body must not throw. */
void run_tasks(int threads, int64_t tasks, void (*body)(void*, int64_t, int), void* context);

namespace {

constexpr int64_t FLOPS_A_THREAD = 4'000'000;  // below this waking a thread costs more than it saves
constexpr double FLOPS_A_FLOAT_READ = 20;      // what a kernel that waits for memory could compute meanwhile, about

/* How many of `threads` are worth waking. */
inline int worthwhile(int threads, double flops) {
  const double useful = 1 + flops / FLOPS_A_THREAD;
  return useful < threads ? int(useful) : threads;
}

/* The same for a function object called as body(task, worker). */
template <class Body>
void for_each_task(int threads, int64_t tasks, Body body) {
  run_tasks(
      threads, tasks, [](void* b, int64_t task, int worker) { (*static_cast<Body*>(b))(task, worker); }, &body);
}

}  // namespace
}  // namespace mvq
