// Times every kernel in turns with the peers of this build and with the machine's own limits; see --help.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "abi/dispatch.hpp"
#include "abi/threads.hpp"
#include "machine.hpp"
#include "operations.hpp"

namespace {

constexpr const char* HELP =
    "native_bench [--only PART] [--threads N] [--rounds N] [--isa avx2] [--quick] [--tiers] [--json]\n"
    "  --only PART   cases whose operation, detail and sizes hold PART, e.g. \"nearest_code row\" or \"n 4096 d 64 \"\n"
    "  --threads N   only with N threads; else with 1 and with all\n"
    "  --rounds N    medians are over at most so many rounds (9; quick 5)\n"
    "  --isa avx2    as on a CPU without AVX-512: our kernels, the peers and the peak\n"
    "  --quick       few sizes, one thread, short\n"
    "  --tiers       every instruction set of this CPU against the chosen one\n"
    "  --json        one JSON object a line: the machine first, then a case each\n";

/* Sets a variable, or without a value removes it; whether that changed anything. */
bool set_variable(const char* name, const char* value) {
  const char* old = std::getenv(name);
  if (old == value || (old && value && !std::strcmp(old, value))) return false;
  if (old) std::fprintf(stderr, "native_bench: %s=%s is left out\n", name, old);
  if (value) setenv(name, value, 1);
  else unsetenv(name);
  return true;
}

/* What these variables say is read when OpenBLAS loads: the program is started again where they are others. */
void set_environment(bool avx2, char** arguments) {
  bool changed = set_variable("OPENBLAS_CORETYPE", avx2 ? "Haswell" : nullptr);
  changed |= set_variable("OPENBLAS_L2_SIZE", nullptr);
  if (avx2) changed |= set_variable("MVQ_MAX_ISA", "avx2");
  if (changed) execv("/proc/self/exe", arguments);
}

[[noreturn]] void refuse(const std::string& text) {
  std::fprintf(stderr, "native_bench: %s\n%s", text.c_str(), HELP);
  std::exit(2);
}

int positive(const char* option, const char* text) {
  const int value = text ? std::atoi(text) : 0;
  if (value < 1) refuse(std::string(option) + " must be at least 1, got " + (text ? text : "nothing"));
  return value;
}

bench::Options parse(int count, char** arguments) {
  bench::Options options;
  int rounds = 0;
  for (int i = 1; i < count; ++i) {
    const std::string option = arguments[i];
    const char* value = i + 1 < count ? arguments[i + 1] : nullptr;
    if (option == "--quick") options.quick = true;
    else if (option == "--tiers") options.tiers = true;
    else if (option == "--json") options.json = true;
    else if (option == "--help") std::fputs(HELP, stdout), std::exit(0);
    else if (option == "--only" && value) options.only = value, ++i;
    else if (option == "--threads") options.threads = {positive("--threads", value)}, ++i;
    else if (option == "--isa" && value && !std::strcmp(value, "avx2")) options.avx2 = true, ++i;
    else if (option == "--rounds") rounds = positive("--rounds", value), ++i;
    else refuse("unknown option " + option);
  }
  if (options.quick) options.rounds = 5, options.seconds = 0.15;
  if (rounds) options.rounds = rounds;
  if (options.threads.empty()) {
    options.threads = {1};
    if (!options.quick && mvq::allowed_cpus() > 1) options.threads.push_back(mvq::allowed_cpus());
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  bench::Harness harness(parse(count, arguments));
  set_environment(harness.options.avx2, arguments);
  if (!mvq::chosen().tier) refuse(mvq::chosen().error);
  harness.counting = true;
  for (const bool counting : {true, false}) {
    harness.counting = counting;
    if (!counting) bench::print_machine(harness.options, harness.cases);
    bench::nearest_code(harness);
    bench::masked_searches(harness);
    bench::selection(harness);
    bench::streams(harness);
  }
  // Whoever reads the JSON has other cases, and is told that there are none here.
  if (harness.cases == 0 && !harness.options.json)
    refuse("--only " + harness.options.only + ": no case has it in its name");
}
