// Times the CUDA kernels on the device alone, a JSON object a line, each printed when it is known; see --help. As
// simt_bench it runs the same on the CPU, where its times mean nothing.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "cuda_cases.hpp"

namespace {

using bench::Case;
using mvq::cuda::tuning;

constexpr const char* HELP =
    "cuda_bench PART [--small] [--seconds S] [--only NAME]\n"
    "  device      the device\n"
    "  times       every operation\n"
    "  screening   searches with and without screening, around the threshold and far from it\n"
    "  tiles       searches without screening: large and small tiles, half and twice the blocks\n"
    "  profile     the time of each kernel of each operation\n"
    "  --small     sizes that the CPU can do\n"
    "  --seconds S no case begins later than that\n"
    "  --only NAME operations whose \"operation detail\" holds NAME\n";

struct Options {
  std::string part, only;
  bool small = false;
  double seconds = 1e9;
};

const auto BEGIN = std::chrono::steady_clock::now();
double seconds_gone() { return std::chrono::duration<double>(std::chrono::steady_clock::now() - BEGIN).count(); }

/* The median milliseconds of each of the calls, in turns. */
std::vector<double> medians(const std::vector<std::function<void()>>& calls, const Options& options) {
  const int most = options.small ? 1 : 15;
  std::vector<std::vector<double>> times(calls.size());
  for (int round = options.small ? 0 : -2; round < most; ++round)
    for (size_t i = 0; i < calls.size(); ++i) {
      bench::Mark begin, end;
      begin.set();
      calls[i]();
      end.set();
      const double time = begin.milliseconds_until(end);
      if (round >= 0) times[i].push_back(time);
    }
  std::vector<double> result;
  for (std::vector<double>& all : times) {
    std::nth_element(all.begin(), all.begin() + all.size() / 2, all.end());
    result.push_back(all[all.size() / 2]);
  }
  return result;
}

void print(const char* part, const Case& c, const std::string& figures) {
  std::printf(R"({"part":"%s","operation":"%s","detail":"%s","n":%lld,"d":%lld,"k":%lld,%s})"
              "\n",
              part, c.operation.c_str(), c.detail.c_str(), (long long)c.n, (long long)c.d, (long long)c.k,
              figures.c_str());
  std::fflush(stdout);
}

std::string figure(const char* name, double value) {
  char text[64];
  std::snprintf(text, sizeof text, R"("%s":%.5g)", name, value);
  return text;
}

void times(const Options& options) {
  for (const Case& c : bench::all_operations(options.small)) {
    if ((c.operation + " " + c.detail).find(options.only) == std::string::npos) continue;
    if (seconds_gone() > options.seconds) return;
    print("times", c, figure("ms", medians({c.make()}, options)[0]) + "," + figure("limit_ms", c.limit_ms));
  }
}

void compare_screening(const Case& screened, const Case& whole, const Options& options) {
  const std::vector<double> ms = medians({screened.make(), whole.make()}, options);
  print("screening", screened, figure("ms", ms[0]) + "," + figure("not_screened_ms", ms[1]));
}

void screening(const Options& options) {
  using Sizes = std::vector<int64_t>;
  for (int64_t n : options.small ? Sizes{130} : Sizes{65536, 4096, 1024})
    for (int64_t d : options.small ? Sizes{33} : Sizes{32, 64, 128, 256})
      for (int64_t k : options.small ? Sizes{300} : Sizes{256, 512, 1024, 2048, 8192}) {
        if (seconds_gone() > options.seconds) return;
        compare_screening(bench::nearest_code(n, d, k, true), bench::nearest_code(n, d, k, false), options);
        if (k < 1024 || k * d < 1 << 16) continue;  // a free mask is not screened there
        compare_screening(bench::free_mask(n, d, k, true), bench::free_mask(n, d, k, false), options);
      }
}

void tiles(const Options& options) {
  using Sizes = std::vector<int64_t>;
  using Tile = mvq::cuda::Tuning::Tile;
  for (int64_t n : options.small ? Sizes{70} : Sizes{16, 128, 1024, 4096, 16384})
    for (int64_t d : options.small ? Sizes{9} : Sizes{8, 64, 256})
      for (int64_t k : options.small ? Sizes{300} : Sizes{128, 512, 8192}) {
        if (seconds_gone() > options.seconds) return;
        const Case c = bench::nearest_code(n, d, k, false);
        const std::function<void()> call = c.make();
        const auto with = [&](Tile tile, int64_t blocks) {
          return [=] {
            tuning.tile = tile, tuning.resident_blocks = blocks;
            call();
            tuning.tile = Tile::chosen, tuning.resident_blocks = 0;
          };
        };
        const std::vector<double> ms = medians({with(Tile::chosen, 0), with(Tile::large, 0), with(Tile::small, 0),
                                                with(Tile::chosen, 64), with(Tile::chosen, 1024)},
                                               options);
        print("tiles", c,
              figure("ms", ms[0]) + "," + figure("large_ms", ms[1]) + "," + figure("small_ms", ms[2]) + "," +
                  figure("blocks_64_ms", ms[3]) + "," + figure("blocks_1024_ms", ms[4]));
      }
}

struct Launch {
  const void* kernel;
  std::unique_ptr<bench::Mark> after;
};
std::vector<Launch>& launches() {
  static std::vector<Launch> all;
  return all;
}

void profile(const Options& options) {
  for (const Case& c : bench::all_operations(options.small)) {
    if ((c.operation + " " + c.detail).find(options.only) == std::string::npos) continue;
    if (seconds_gone() > options.seconds) return;
    const std::function<void()> call = c.make();
    call();
    bench::Mark begin;
    launches().clear();
    tuning.launched = [](const void* kernel, void*) {
      launches().push_back({kernel, std::make_unique<bench::Mark>()});
      launches().back().after->set();
    };
    begin.set();
    call();
    tuning.launched = nullptr;
    const bench::Mark* before = &begin;
    for (const Launch& launch : launches()) {
      print("profile", c,
            R"("kernel":")" + bench::kernel_name(launch.kernel) + "\"," +
                figure("ms", before->milliseconds_until(*launch.after)));
      before = launch.after.get();
    }
  }
}

[[noreturn]] void refuse(const std::string& text) {
  std::fprintf(stderr, "cuda_bench: %s\n%s", text.c_str(), HELP);
  std::exit(2);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string option = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : nullptr;
    if (option == "--small") options.small = true;
    else if (option == "--only" && value) options.only = value, ++i;
    else if (option == "--seconds" && value && std::atof(value) > 0) options.seconds = std::atof(value), ++i;
    else if (option[0] != '-' && options.part.empty()) options.part = option;
    else refuse("unknown option or no value: " + option);
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = parse(count, arguments);
  if (options.part == "device") std::printf("%s\n", bench::device_json().c_str());
  else if (options.part == "times") times(options);
  else if (options.part == "screening") screening(options);
  else if (options.part == "tiles") tiles(options);
  else if (options.part == "profile") profile(options);
  else refuse("PART must be device, times, screening, tiles or profile, got \"" + options.part + "\"");
}
