// The C ABI: check, choose, call, report. No exception passes this file.
#include <cstdio>
#include <exception>

#include "abi/check.hpp"
#include "abi/check_cuda.hpp"
#include "abi/cuda.hpp"
#include "abi/dispatch.hpp"

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

/* An operation on the CPU and on a GPU. */
template <class Args>
struct Operation {
  mvq::Kernel<Args> mvq::Tier::*cpu;
  mvq::cuda::Kernel<Args> mvq::cuda::Kernels::*cuda;
};

/* The bytes of workspace the call needs, once its arguments are found good. */
template <class Args>
int64_t needed(const Args* args, const mvq_where* where, Operation<Args> operation) {
  if (!args) mvq::bad_argument("args is NULL");
  mvq::check_where(where);
  mvq::check(*args);
  const mvq::Tier& cpu = tier();  // an unknown MVQ_MAX_ISA fails every call
  if (mvq::on_cuda(where)) return (mvq::cuda::kernels()->*operation.cuda).workspace_bytes(*args);
  return (cpu.*operation.cpu).workspace_bytes(*args, mvq::cpu_threads(where));
}

template <class Args>
int64_t workspace_bytes(const Args* args, const mvq_where* where, Operation<Args> operation) {
  int64_t bytes = -1;
  guarded([&] { bytes = needed(args, where, operation); });
  return bytes;
}

void check_workspace(const void* workspace, int64_t bytes, int64_t needed) {
  if (bytes < needed)
    mvq::bad_argument("workspace_bytes must be at least %lld, got %lld", (long long)needed, (long long)bytes);
  if (needed > 0 && !workspace) mvq::bad_argument("workspace is NULL");
  if (reinterpret_cast<uintptr_t>(workspace) % 64 != 0) mvq::bad_argument("workspace must be 64-byte aligned");
}

template <class Args>
int32_t run(const Args* args, const mvq_where* where, void* workspace, int64_t bytes, Operation<Args> operation) {
  return guarded([&] {
    const int64_t least = needed(args, where, operation);
    check_workspace(workspace, bytes, least);
    if (mvq::on_cuda(where)) {
      const mvq::cuda::Device device{where->ordinal, where->stream};
      mvq::check_on_device(*args, device.ordinal, least > 0 ? workspace : nullptr);
      (mvq::cuda::kernels()->*operation.cuda).run(*args, device, workspace);
    } else {
      mvq::check_data(*args);
      (tier().*operation.cpu).run(*args, mvq::cpu_threads(where), workspace);
    }
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

int32_t mvq_device_count(int32_t device) {
  return device == MVQ_CPU ? 1 : device == MVQ_CUDA ? mvq::cuda::devices().count : 0;
}

#define MVQ_ON_BOTH(name) \
  Operation<mvq_##name##_args> { &mvq::Tier::name, &mvq::cuda::Kernels::name }
#define MVQ_OPERATION(name)                                                                                   \
  int64_t mvq_##name##_workspace_bytes(const mvq_##name##_args* args, const mvq_where* where) {               \
    return workspace_bytes(args, where, MVQ_ON_BOTH(name));                                                   \
  }                                                                                                           \
  int32_t mvq_##name(const mvq_##name##_args* args, const mvq_where* where, void* workspace, int64_t bytes) { \
    return run(args, where, workspace, bytes, MVQ_ON_BOTH(name));                                             \
  }
MVQ_EVERY_OPERATION_WITH_WORKSPACE(MVQ_OPERATION)

int32_t mvq_dropout_masks(const mvq_dropout_masks_args* args, const mvq_where* where) {
  return run(args, where, nullptr, 0, MVQ_ON_BOTH(dropout_masks));
}

}  // extern "C"
