#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <atomic>
#include <thread>

#include "abi/threads.hpp"
#include "data.hpp"

namespace {

/* Whether each of `tasks` runs once, no worker number is used by two at a time, and none is out of range. */
bool runs_each_task_once(int threads, int64_t tasks) {
  std::vector<std::atomic<int>> runs(tasks), busy(threads);
  std::atomic<bool> good{true};
  mvq::for_each_task(threads, tasks, [&](int64_t task, int worker) {
    if (worker < 0 || worker >= threads || busy[worker].fetch_add(1) != 0) good = false;
    ++runs[task];
    --busy[worker];
  });
  for (auto& count : runs)
    if (count != 1) good = false;
  return good;
}

TEST(eachTaskRunsOnce) {
  for (int threads : {1, 2, 3, 8})
    for (int64_t tasks : {0, 1, 2, 7, 1000}) CHECK(runs_each_task_once(threads, tasks));
}

TEST(manyCallersShareThePool) {
  std::atomic<int> bad{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 6; ++caller)
    callers.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        if (!runs_each_task_once(1 + i % 4, 40)) ++bad;
    });
  for (std::thread& caller : callers) caller.join();
  CHECK_EQUAL(bad.load(), 0);
}

TEST(concurrentCallsOfAKernelGiveTheSameBits) {
  const int64_t n = 300, k = 200, d = 64;
  const Floats rows = normal(n * d), codes = normal(k * d);
  const mvq::Tier& tier = *mvq::available_tiers()[0];
  const auto nearest = [&](int threads) {
    Indices index(n);
    run(tier, &mvq::Tier::nearest_code,
        mvq_nearest_code_args{n, k, d, rows.data(), d, codes.data(), d, nullptr, 0, nullptr, 0, index.data(), nullptr},
        threads);
    return index;
  };
  const Indices expected = nearest(1);
  std::atomic<int> bad{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 20; ++i)
        if (nearest(1 + (i + caller) % 3) != expected) ++bad;
    });
  for (std::thread& caller : callers) caller.join();
  CHECK_EQUAL(bad.load(), 0);
}

#if !defined(__SANITIZE_THREAD__) && !defined(_WIN32) && !defined(MVQ_EMULATED)
TEST(childOfAForkMakesItsOwnThreads) {
  CHECK(runs_each_task_once(3, 100));
  const pid_t child = fork();
  if (child == 0) _exit(runs_each_task_once(3, 100) ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

TEST(allowedCpusAreAtLeastOne) { CHECK(mvq::allowed_cpus() >= 1); }

}  // namespace
