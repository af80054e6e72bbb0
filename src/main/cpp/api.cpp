// The C ABI: check, choose, call, report. No exception passes this file.
#include <cstdio>
#include <exception>

#include "check.hpp"
#include "dispatch.hpp"

namespace {

thread_local char last_error[256] = "";

/* Runs `body` and turns what it throws into a status and the thread's last error. */
template <class Body>
int32_t guarded(Body body) {
  try {
    body();
    return MVQ_OK;
  } catch (const mvq::Failure& failure) {
    std::snprintf(last_error, sizeof last_error, "%s", failure.text.c_str());
    return failure.status;
  } catch (const std::exception& unforeseen) {
    std::snprintf(last_error, sizeof last_error, "%s", unforeseen.what());
    return MVQ_DEVICE_FAILED;
  }
}

const mvq::Tier& tier() {
  const mvq::Choice& choice = mvq::chosen();
  if (!choice.tier) throw mvq::Failure{MVQ_BAD_ARGUMENT, choice.error};
  return *choice.tier;
}

template <class Args>
using KernelOf = mvq::Kernel<Args> mvq::Tier::*;

/* The threads to use, once the arguments are found good. */
template <class Args>
int checked_threads(const Args* args, const mvq_where* where) {
  if (!args) mvq::bad_argument("args is NULL");
  const int threads = mvq::check_where(where);
  mvq::check(*args);
  return threads;
}

template <class Args>
int64_t workspace_bytes(const Args* args, const mvq_where* where, KernelOf<Args> kernel) {
  int64_t bytes = -1;
  guarded([&] {
    const int threads = checked_threads(args, where);
    bytes = (tier().*kernel).workspace_bytes(*args, threads);
  });
  return bytes;
}

template <class Args>
int32_t run(const Args* args, const mvq_where* where, void* workspace, int64_t bytes, KernelOf<Args> kernel) {
  return guarded([&] {
    const int threads = checked_threads(args, where);
    mvq::check_data(*args);
    const int64_t needed = (tier().*kernel).workspace_bytes(*args, threads);
    if (bytes < needed)
      mvq::bad_argument("workspace_bytes must be at least %lld, got %lld", (long long)needed, (long long)bytes);
    if (needed > 0 && !workspace) mvq::bad_argument("workspace is NULL");
    if (reinterpret_cast<uintptr_t>(workspace) % 64 != 0) mvq::bad_argument("workspace must be 64-byte aligned");
    (tier().*kernel).run(*args, threads, workspace);
  });
}

}  // namespace

extern "C" {

int32_t mvq_abi_version(void) { return MVQ_ABI_VERSION; }

const char* mvq_last_error(void) { return last_error; }

const char* mvq_isa(void) {
  const char* name = nullptr;
  guarded([&] { name = tier().name; });
  return name;
}

const char* mvq_refused(void) { return mvq::chosen().refused.c_str(); }

int32_t mvq_device_count(int32_t device) { return device == MVQ_CPU ? 1 : 0; }

#define MVQ_OPERATION(name)                                                                                    \
  int64_t mvq_##name##_workspace_bytes(const mvq_##name##_args* args, const mvq_where* where) {                \
    return workspace_bytes(args, where, &mvq::Tier::name);                                                     \
  }                                                                                                            \
  int32_t mvq_##name(const mvq_##name##_args* args, const mvq_where* where, void* workspace, int64_t bytes) {  \
    return run(args, where, workspace, bytes, &mvq::Tier::name);                                               \
  }
MVQ_OPERATION(nearest_code)
MVQ_OPERATION(nearest_in_bank)
MVQ_OPERATION(nearest_free_mask)
MVQ_OPERATION(select_hypothesis)
MVQ_OPERATION(codebook_sums)

int32_t mvq_dropout_masks(const mvq_dropout_masks_args* args, const mvq_where* where) {
  return run(args, where, nullptr, 0, &mvq::Tier::dropout_masks);
}

}  // extern "C"
