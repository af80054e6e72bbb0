// What a benchmark is: one case, several contenders on the same data, timed in turns. A ratio of medians of interleaved
// rounds holds on a busy machine, where an absolute time does not.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

struct Options {
  std::string only;          // a part of operation and detail; "" = all
  std::vector<int> threads;  // each case once with so many
  int rounds = 9;            // at most
  double seconds = 1.5;      // for one case, once 3 rounds are done
  bool quick = false;        // a few sizes of each operation
  bool tiers = false;        // every tier of this CPU against the chosen one
  bool avx2 = false;         // as on a CPU without AVX-512
  bool json = false;         // a line of JSON a case instead of a table
};

/* One way to do a case's work. The first of a case is ours. */
struct Contender {
  std::string name;
  std::function<void()> run;
  double scale = 1;          // its time is multiplied by this: a peer that does a part of the work
  int64_t extra_bytes = -1;  // beyond inputs and results; -1 = not known
};

struct Case {
  std::string operation;
  std::string detail;  // sizes that have no column, e.g. "m 16"
  int64_t n, d, k;     // 0 = has none
  double flops = 0;    // 2 a multiply-add of the plain formula; 0 = not counted
  double bytes = 0;    // read and written by necessity; 0 = not counted

  /* What --only looks in: operation, detail and sizes, each with a space behind it. */
  std::string name() const {
    return operation + " " + detail + (detail.empty() ? "" : " ") + "n " + std::to_string(n) + " d " +
           std::to_string(d) + " k " + std::to_string(k) + " ";
  }
};

/* Runs cases one by one, or only counts them. */
class Harness {
 public:
  explicit Harness(Options options) : options(std::move(options)) {}

  /* `contenders(threads)` makes the data too; it is called only when the case is wanted, its result freed after. */
  void measure(const Case& measured, const std::function<std::vector<Contender>(int threads)>& contenders);

  const Options options;
  bool counting = false;
  int cases = 0;
};

/* Prints the machine: peaks, peers; before the cases. */
void print_machine(const Options& options, int cases);

}  // namespace bench
