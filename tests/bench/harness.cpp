#include "harness.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <thread>

#include "abi/dispatch.hpp"
#include "machine.hpp"
#include "peers.hpp"

namespace bench {
namespace {

constexpr double SHORTEST = 200e-6;  // seconds: quicker work is repeated to take so long, for the clock's sake
constexpr double WAKING = 60e-3;     // seconds

/* The times of one contender, in seconds a call. */
struct Timing {
  const Contender* contender;
  int repeats;
  std::vector<double> rounds;

  double median() const {
    std::vector<double> sorted = rounds;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2] * contender->scale;
  }
};

double time_calls(const Contender& contender, int repeats, int threads) {
  // Other libraries' threads spin for some time after their work: they should not do so on our account.
  // After the pause calls that are not timed wake the cores, which takes a virtual one that long.
  if (threads > 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    for (const double begin = seconds(threads); seconds(threads) - begin < WAKING;) contender.run();
  }
  const double start = seconds(threads);
  for (int i = 0; i < repeats; ++i) contender.run();
  return (seconds(threads) - start) / repeats;
}

/* One warming call, then how many calls make a measurable time. */
int calibrate(const Contender& contender, int threads) {
  time_calls(contender, 1, threads);
  const double once = time_calls(contender, 1, threads);
  return int(std::clamp(SHORTEST / std::max(once, 1e-9), 1.0, 1e5));
}

std::string number(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void print_json(const Case& c, int threads, const std::vector<Timing>& timings, double peak, double share) {
  const double mine = timings[0].median(), rows = double(std::max<int64_t>(c.n, 1));
  std::string ratios, bytes;
  for (size_t i = 1; i < timings.size(); ++i) {
    const Contender& peer = *timings[i].contender;
    ratios += (ratios.empty() ? "\"" : ",\"") + peer.name + "\":" + number(timings[i].median() / mine);
    if (peer.extra_bytes >= 0)
      bytes += (bytes.empty() ? "\"" : ",\"") + peer.name + "\":" + std::to_string(peer.extra_bytes);
  }
  std::printf(
      "{\"operation\":\"%s\",\"detail\":\"%s\",\"n\":%ld,\"d\":%ld,\"k\":%ld,\"threads\":%d,\"ns_per_row\":%s,"
      "\"gflops\":%s,\"gb_per_s\":%s,\"peak_gflops\":%s,\"share_of_peak\":%s,\"speedup\":{%s},\"extra_bytes\":%ld,"
      "\"peer_extra_bytes\":{%s}}\n",
      c.operation.c_str(), c.detail.c_str(), long(c.n), long(c.d), long(c.k), threads,
      number(mine / rows * 1e9).c_str(), number(c.flops ? c.flops / mine * 1e-9 : NAN).c_str(),
      number(c.bytes ? c.bytes / mine * 1e-9 : NAN).c_str(), number(peak * 1e-9).c_str(), number(share).c_str(),
      ratios.c_str(), long(timings[0].contender->extra_bytes), bytes.c_str());
  std::fflush(stdout);
}

void print_line(const Case& c, int threads, const std::vector<Timing>& timings, double share) {
  const double mine = timings[0].median(), rows = double(std::max<int64_t>(c.n, 1));
  std::printf("%-22s %-26s %6ld %4ld %6ld %2d %11.1f", c.operation.c_str(), c.detail.c_str(), long(c.n), long(c.d),
              long(c.k), threads, mine / rows * 1e9);
  if (c.flops) std::printf(" %7.0f GFLOP/s %4.0f%%", c.flops / mine * 1e-9, 100 * share);
  if (c.bytes) std::printf(" %7.1f GB/s", c.bytes / mine * 1e-9);
  for (size_t i = 1; i < timings.size(); ++i)
    std::printf("  %s %.2fx", timings[i].contender->name.c_str(), timings[i].median() / mine);
  std::printf("  %.0f KB\n", double(timings[0].contender->extra_bytes) / 1024);
  std::fflush(stdout);
}

}  // namespace

void Harness::measure(const Case& measured, const std::function<std::vector<Contender>(int)>& contenders) {
  if (measured.name().find(options.only) == std::string::npos) return;
  cases += int(options.threads.size());
  if (counting) return;
  for (int threads : options.threads) {
    const std::vector<Contender> all = contenders(threads);
    double flops = 0;
    const Contender peak{"peak", [&] { flops = spin_fma(threads); }};
    std::vector<Timing> timings;
    for (const Contender& contender : all) timings.push_back({&contender, calibrate(contender, threads), {}});
    Timing limit{&peak, 1, {}};
    const double begin = seconds(2);
    for (int round = 0; round < options.rounds && (round < 3 || seconds(2) - begin < options.seconds); ++round) {
      for (Timing& timing : timings) timing.rounds.push_back(time_calls(*timing.contender, timing.repeats, threads));
      limit.rounds.push_back(time_calls(peak, 1, threads));
    }
    const double peak_flops = flops / limit.median();
    const double share = measured.flops ? measured.flops / timings[0].median() / peak_flops : NAN;
    if (options.json) print_json(measured, threads, timings, peak_flops, share);
    else print_line(measured, threads, timings, share);
  }
}

void print_machine(const Options& options, int cases) {
  std::string limits, all_peers;
  for (int threads : options.threads) {
    double best_flops = 0, best_copy = 0;
    for (int i = 0; i < 9; ++i) {
      const double start = seconds(threads), flops = spin_fma(threads);
      const double half = seconds(threads), bytes = stream_copy(threads);
      best_flops = std::max(best_flops, flops / (half - start));
      best_copy = std::max(best_copy, bytes / (seconds(threads) - half));
    }
    limits += (limits.empty() ? "" : ",") + std::string("{\"threads\":") + std::to_string(threads) +
              ",\"peak_gflops\":" + number(best_flops * 1e-9) + ",\"copy_gb_per_s\":" + number(best_copy * 1e-9) + "}";
  }
  for (const Peer& peer : peers())
    all_peers += (all_peers.empty() ? "\"" : ",\"") + peer.name + "\":\"" + peer.version + "\"";
  std::printf("{\"cpu\":\"%s\",\"isa\":\"%s\",\"peak_isa\":\"%s\",\"limits\":[%s],\"peers\":{%s},\"cases\":%d}\n",
              cpu_name().c_str(), mvq::chosen().tier->name, fma_isa().c_str(), limits.c_str(), all_peers.c_str(),
              cases);
  if (!options.json)
    std::printf("%-22s %-26s %6s %4s %6s %2s %11s  ratios: a peer's time over ours; last: extra memory\n", "operation",
                "", "n", "d", "k", "th", "ns a row");
  std::fflush(stdout);
}

}  // namespace bench
