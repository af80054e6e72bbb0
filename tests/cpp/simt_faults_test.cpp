// The SIMT layer bites: one small kernel with every kind of mistake sown into it, each run in a child process that must
// fail, by the layer's own word, a wrong result, a signal or a sanitizer's report.
#include <sys/wait.h>
#include <unistd.h>

#include "device.hpp"
#include "device/device.cuh"

#if defined(__SANITIZE_THREAD__)
constexpr bool THREAD_SANITIZER = true, ADDRESS_SANITIZER = false;
#elif defined(__SANITIZE_ADDRESS__)
constexpr bool THREAD_SANITIZER = false, ADDRESS_SANITIZER = true;
#else
constexpr bool THREAD_SANITIZER = false, ADDRESS_SANITIZER = false;
#endif

namespace {

using namespace mvq::cuda;

enum class Fault {
  none,
  barrier_removed_before_reading,
  barrier_removed_before_overwriting,
  bounds_check_missing,
  wait_too_lax,
  copy_never_waited_for,
  lane_not_in_its_shuffle_mask,
  lanes_left_out_of_a_shuffle,
  shared_read_past_the_end,
  shared_written_past_the_end,
  shared_read_before_it_is_written,
  thread_ends_before_a_barrier,
  threads_at_different_barriers,
  too_much_shared_memory,
  four_not_bounded,
  four_not_zeroed,
  four_misaligned,
  four_waited_for_too_late,
  same_value_written_by_all,  // wrong by the rules, right by result: for ThreadSanitizer alone
};

constexpr int BLOCK = 64, STEPS = 3;

/* out[b * BLOCK + t] = the sum over the warp of what its threads sum over the reversed chunks of the block's input. */
template <Fault fault>
__global__ void sum_reversed(const float* in, int n, float* out) {
  SHARED_ARRAY(float, chunks, [2 * BLOCK]);
  SHARED_ARRAY(int, steps, [1]);
  SHARED_ARRAY(float, unneeded, [fault == Fault::too_much_shared_memory ? 13000 : 1]);
  const int t = int(threadIdx.x), first = int(blockIdx.x) * BLOCK * STEPS;
  float* flat = &chunks[0];
  const auto copy = [&](int step) {
    const int place = first + step * BLOCK + t;
    if (step < STEPS)
      begin_copy(flat + step % 2 * BLOCK + t, in + place, fault == Fault::bounds_check_missing || place < n);
    end_copy_group();
  };
  if (fault == Fault::thread_ends_before_a_barrier && t == 5) return;
  if (t == 0) unneeded[0] = 0;
  if (fault == Fault::same_value_written_by_all || t == 0) steps[0] = STEPS;
  __syncthreads();
  if (fault == Fault::same_value_written_by_all) steps[0] = STEPS;
  float sum = fault == Fault::shared_read_before_it_is_written ? flat[t] : 0;
  copy(0);
  for (int step = 0; step < steps[0]; ++step) {
    copy(step + 1);
    if (fault == Fault::wait_too_lax) wait_copies<2>();
    else wait_copies<1>();
    if (fault == Fault::threads_at_different_barriers && t < 32) __syncthreads();
    else if (fault != Fault::barrier_removed_before_reading) __syncthreads();
    sum += flat[step % 2 * BLOCK + (fault == Fault::shared_read_past_the_end ? BLOCK : BLOCK - 1) - t];
    if (fault != Fault::barrier_removed_before_overwriting) __syncthreads();
  }
  wait_copies<0>();
  if (fault == Fault::shared_written_past_the_end && t == 0) flat[2 * BLOCK] = 1;
  if (fault == Fault::copy_never_waited_for) begin_copy(flat + t, in, true);
  if (fault == Fault::lanes_left_out_of_a_shuffle && t % WARP == 9) return;
  const unsigned mask = fault == Fault::lane_not_in_its_shuffle_mask ? ALL_LANES >> 1 : ALL_LANES;
  for (int step = WARP / 2; step > 0; step /= 2) sum += __shfl_xor_sync(mask, sum, step);
  out[blockIdx.x * BLOCK + t] = sum;
}

/* out[t] = in[t] up to n, a multiple of 4, then 0: copied four at a time. */
template <Fault fault>
__global__ void copy_by_fours(const float* in, int n, float* out) {
  SHARED_ARRAY(float, fours, [BLOCK + 4]);
  const int t = int(threadIdx.x), place = 4 * t;
  if (place < BLOCK) {
    const bool wanted = fault == Fault::four_not_bounded || place < n;
    if (fault != Fault::four_not_zeroed || wanted)
      begin_copy_four(&fours[place] + (fault == Fault::four_misaligned), in + place, wanted);
    end_copy_group();
    if (fault == Fault::four_waited_for_too_late) wait_copies<1>();
    else wait_copies<0>();
  }
  __syncthreads();
  out[t] = fours[t];
  wait_copies<0>();
}

/* Runs a kernel in many orders; ends the process with 1 at a wrong result. */
template <class... Parameters>
void run_in_many_orders(void (*kernel)(Parameters...), int blocks, const Floats& in, const Floats& expected) {
  const DeviceArray<float> device_in(in), out(expected.size());
  for (simt::options.seed = 1; simt::options.seed < 9; ++simt::options.seed) {
    launch({0, nullptr}, "a fault", kernel, dim3{unsigned(blocks)}, BLOCK, 0, device_in.data(), int(in.size()),
           out.data());
    if (!same_bits(out.values(), expected)) {
      std::fputs("wrong result\n", stderr);
      std::exit(1);
    }
  }
}

template <Fault fault>
void run_kernel() {
  constexpr int N = 7 * BLOCK * STEPS - 50, BLOCKS = 7;
  const Floats in = small_integers(N);
  Floats expected(BLOCKS * BLOCK);
  for (int i = 0; i < BLOCKS * BLOCK; ++i)
    for (int t = i % BLOCK / WARP * WARP; t < i % BLOCK / WARP * WARP + WARP; ++t)
      for (int step = 0; step < STEPS; ++step) {
        const int place = (i / BLOCK * STEPS + step) * BLOCK + BLOCK - 1 - t;
        expected[i] += place < N ? in[place] : 0;
      }
  run_in_many_orders(sum_reversed<fault>, BLOCKS, in, expected);
  Floats fours(in.begin(), in.begin() + BLOCK / 2);
  Floats padded(fours);
  padded.resize(BLOCK);
  run_in_many_orders(copy_by_fours<fault>, 1, fours, padded);
}

struct Ending {
  bool well;
  std::string words;
};

/* How a child process ends that runs the kernel, and what it said. */
template <Fault fault>
Ending ending() {
  int ends[2];
  if (pipe(ends) != 0) return {false, "no pipe"};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2);
    run_kernel<fault>();
    std::exit(0);
  }
  close(ends[1]);
  Ending result;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) result.words.append(buffer, size_t(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  result.well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return result;
}

/* A fault is caught, and by the right words where the build has a tool that names it. */
template <Fault fault>
void must_be_caught(const char* words) {
  const Ending end = ending<fault>();
  CHECK(!end.well);
  CHECK(end.words.find(words) != std::string::npos);
  if (end.words.find(words) == std::string::npos)
    std::fprintf(stderr, "fault %d: expected \"%s\", got: %s\n", int(fault), words, end.words.c_str());
}

TEST(aRightKernelPasses) {
  const Ending end = ending<Fault::none>();
  CHECK(end.well);
  if (!end.well) std::fprintf(stderr, "%s\n", end.words.c_str());
}

TEST(aRemovedBarrierIsCaught) {
  must_be_caught<Fault::barrier_removed_before_reading>(THREAD_SANITIZER ? "data race" : "wrong result");
  must_be_caught<Fault::barrier_removed_before_overwriting>(THREAD_SANITIZER ? "data race" : "wrong result");
}

TEST(aMissingBoundsCheckIsCaught) {
  must_be_caught<Fault::bounds_check_missing>(ADDRESS_SANITIZER || THREAD_SANITIZER ? "SEGV" : "");
}

TEST(aWrongCopyOfFourIsCaught) {
  must_be_caught<Fault::four_not_bounded>(ADDRESS_SANITIZER || THREAD_SANITIZER ? "SEGV" : "");
  must_be_caught<Fault::four_not_zeroed>("wrong result");
  must_be_caught<Fault::four_misaligned>("an asynchronous copy of 16 bytes is misaligned");
  must_be_caught<Fault::four_waited_for_too_late>("wrong result");
}

TEST(aTooLaxWaitIsCaught) {
  must_be_caught<Fault::wait_too_lax>("wrong result");
  must_be_caught<Fault::copy_never_waited_for>("an asynchronous copy that it never waited for");
}

TEST(aWrongShuffleMaskIsCaught) {
  must_be_caught<Fault::lane_not_in_its_shuffle_mask>("is not in its own mask 7fffffff");
  must_be_caught<Fault::lanes_left_out_of_a_shuffle>("lane");
}

TEST(anIndexOutsideSharedMemoryIsCaught) {
  must_be_caught<Fault::shared_read_past_the_end>(ADDRESS_SANITIZER ? "use-after-poison" : "wrong result");
  must_be_caught<Fault::shared_written_past_the_end>(ADDRESS_SANITIZER ? "use-after-poison"
                                                                       : "past the end of a shared array");
  must_be_caught<Fault::too_much_shared_memory>("bytes of shared memory; the limit is 49152");
}

TEST(uninitialisedSharedMemoryIsCaught) { must_be_caught<Fault::shared_read_before_it_is_written>("wrong result"); }

TEST(aBarrierThatNotAllReachIsCaught) {
  must_be_caught<Fault::thread_ends_before_a_barrier>("ended");
  must_be_caught<Fault::threads_at_different_barriers>("meet at different barriers");
}

TEST(aRaceWithoutAnEffectIsCaughtByThreadSanitizer) {
  if (THREAD_SANITIZER) must_be_caught<Fault::same_value_written_by_all>("data race");
}

}  // namespace
