#include "abi/threads.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(_WIN32)
#define NOMINMAX
#include <windows.h>
#else
#include <pthread.h>
#endif
#if defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace mvq {
namespace {

/* Waits awake until ready(), for at most so many microseconds: a sleeping thread takes about 30 to wake. */
template <class Ready>
bool spin_until(int microseconds, Ready ready) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
  while (!ready()) {
    for (int i = 0; i < 16; ++i) {
#if defined(__x86_64__)
      __builtin_ia32_pause();
#elif defined(__aarch64__)
      asm volatile("yield");
#endif
    }
    if (std::chrono::steady_clock::now() > end) return ready();
  }
  return true;
}

constexpr int SPIN_FOR_HELPERS = 30;  // microseconds; a helper's last task is usually done by then
constexpr int SPIN_FOR_WORK = 50;     // between two calls in a row, e.g. of a training step

/* One call's tasks; lives on the caller's stack until the caller and all its helpers are done. */
struct Job {
  int64_t tasks;
  void (*body)(void*, int64_t, int);
  void* context;
  std::atomic<int64_t> next{0};
  int wanted;                   // helpers that may still join; under the pool's mutex
  int joined = 0;               // helpers that joined, which numbers the workers; under the mutex
  std::atomic<int> working{0};  // helpers at work; changed under the mutex, so that its holder may sleep on it

  void work(int worker) {
    for (int64_t task; (task = next.fetch_add(1, std::memory_order_relaxed)) < tasks;) body(context, task, worker);
  }
};

class Pool {
 public:
  void run(Job& job) {
    {
      std::lock_guard lock(mutex_);
      grow(job.wanted);
      jobs_.push_back(&job);
      open_ = jobs_.size();
    }
    for (int i = std::max(0, job.wanted - spinning_); i > 0; --i) wake_.notify_one();
    job.work(0);
    {
      std::lock_guard lock(mutex_);  // from here on nobody joins
      jobs_.erase(std::remove(jobs_.begin(), jobs_.end(), &job), jobs_.end());
      open_ = jobs_.size();
    }
    spin_until(SPIN_FOR_HELPERS, [&] { return job.working == 0; });
    std::unique_lock lock(mutex_);  // the last helper may still hold it
    done_.wait(lock, [&] { return job.working == 0; });
  }

 private:
  void grow(int threads) {
    try {
      for (; started_ < threads; ++started_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {  // no more threads to be had: the caller does the work itself
    }
  }

  [[noreturn]] void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (jobs_.empty()) {
        ++spinning_;
        lock.unlock();
        spin_until(SPIN_FOR_WORK, [&] { return open_ > 0; });
        lock.lock();
        --spinning_;
        wake_.wait(lock, [&] { return !jobs_.empty(); });
      }
      Job& job = *jobs_.front();
      const int worker = ++job.joined;
      if (job.joined == job.wanted) {
        jobs_.pop_front();
        open_ = jobs_.size();
      }
      ++job.working;
      lock.unlock();
      job.work(worker);
      lock.lock();
      if (--job.working == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::deque<Job*> jobs_;
  std::atomic<size_t> open_{0};   // jobs_.size(), to be looked at without the mutex
  std::atomic<int> spinning_{0};  // helpers awake without work; changed under the mutex
  int started_ = 0;
};

// Never destroyed: its threads sleep through exit() and die with the process. After a fork the child makes its own.
std::atomic<Pool*> current{nullptr};

/* The threads outlive whoever loads and unloads the library, and so must it; on Linux -z nodelete says so. */
void stay_loaded() {
#if defined(_WIN32)
  constexpr DWORD PIN = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
  HMODULE self = nullptr;
  GetModuleHandleExA(PIN, reinterpret_cast<LPCSTR>(&current), &self);
#elif defined(__APPLE__)
  Dl_info self;
  if (dladdr(&current, &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

Pool& pool() {
  if (Pool* existing = current.load(std::memory_order_acquire)) return *existing;
#if !defined(_WIN32)
  static const int watched = pthread_atfork(nullptr, nullptr, [] { current.store(nullptr); });
  (void)watched;
#endif
  static std::mutex making;
  std::lock_guard lock(making);
  if (!current.load()) {
    stay_loaded();
    current.store(new Pool, std::memory_order_release);
  }
  return *current.load();
}

int count_allowed_cpus() {
  int cpus = std::max(1u, std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cpus = std::max(1, CPU_COUNT(&set));
  if (std::FILE* file = std::fopen("/sys/fs/cgroup/cpu.max", "r")) {
    long long quota = 0, period = 0;  // microseconds; "max" instead of a quota means none
    if (std::fscanf(file, "%lld %lld", &quota, &period) == 2 && quota > 0 && period > 0)
      cpus = int(std::min<long long>(cpus, (quota + period - 1) / period));
    std::fclose(file);
  }
#endif
  return std::min(cpus, MAX_THREADS);
}

}  // namespace

int allowed_cpus() {
  static const int cpus = count_allowed_cpus();
  return cpus;
}

void run_tasks(int threads, int64_t tasks, void (*body)(void*, int64_t, int), void* context) {
  const int helpers = int(std::min<int64_t>(threads, tasks)) - 1;
  Job job{tasks, body, context, {}, helpers};
  if (helpers < 1) job.work(0);
  else pool().run(job);
}

}  // namespace mvq
