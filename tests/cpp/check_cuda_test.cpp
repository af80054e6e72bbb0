// What a call on a GPU is refused for before anything is launched; needs no GPU.
#include "abi/check_cuda.hpp"
#include "data.hpp"

namespace {

/* What `body` is refused for; "" if it is not. */
template <class Body>
std::string refusal(Body body) {
  try {
    body();
    return "";
  } catch (const mvq::Failure& failure) {
    return failure.text;
  }
}

const mvq::cuda::Devices TWO{2, ""}, NONE{0, "no driver (too old)"};

std::string where(int32_t ordinal, int32_t threads, const mvq::cuda::Devices& devices) {
  return refusal([&] { mvq::check_cuda_where({MVQ_CUDA, ordinal, threads, nullptr}, devices); });
}

alignas(8) char bytes[64];
template <class T>
T* odd(int offset) {
  return reinterpret_cast<T*>(bytes + offset);
}

mvq_nearest_code_args aligned_call() {
  return {
      1, 1, 1, odd<float>(4), 1, odd<float>(8), 1, odd<uint64_t>(16), 0, nullptr, 0, odd<int64_t>(24), odd<float>(12)};
}

TEST(aDeviceThatIsNotThereIsRefused) {
  CHECK_EQUAL(where(1, 0, TWO), "");
  CHECK_EQUAL(where(2, 0, TWO), "ordinal must be in 0..1, got 2");
  CHECK_EQUAL(where(-1, 0, TWO), "ordinal must be in 0..1, got -1");
  CHECK_EQUAL(where(0, 3, TWO), "threads must be 0 on CUDA, got 3");
  CHECK_EQUAL(where(0, 0, NONE), "no device: no driver (too old)");
}

TEST(aMisalignedPointerIsRefusedByName) {
  CHECK_EQUAL(refusal([] { mvq::check_before_launch(aligned_call()); }), "");
  mvq_nearest_code_args args = aligned_call();
  args.rows = odd<float>(2);
  CHECK(refusal([&] {
          mvq::check_before_launch(args);
        }).starts_with("rows must be aligned to its 4-byte elements, got 0x"));
  args = aligned_call(), args.allowed = odd<uint64_t>(4);
  CHECK(refusal([&] { mvq::check_before_launch(args); }).starts_with("allowed must be aligned to its 8-byte elements"));
  mvq_select_hypothesis_args selection{};
  selection.head.layers = 2, selection.head.bias[1] = odd<float>(1);
  CHECK(
      refusal([&] { mvq::check_before_launch(selection); }).starts_with("head.bias[1] must be aligned to its 4-byte"));
}

TEST(moreRowsThanAGridCountsAreRefused) {
  mvq_nearest_code_args args = aligned_call();
  args.n = mvq::MAX_CUDA_ROWS;
  CHECK_EQUAL(refusal([&] { mvq::check_before_launch(args); }), "");
  ++args.n;
  CHECK_EQUAL(refusal([&] { mvq::check_before_launch(args); }),
              "n must be at most 2147483647 on CUDA, got 2147483648; call in parts");
}

TEST(withoutADeviceEveryOperationSaysWhy) {
  const mvq::cuda::Devices& devices = mvq::cuda::devices();
  if (devices.count > 0) return;
  CHECK(!devices.refusal.empty());
  const std::string why = "no device: " + devices.refusal, refused = mvq_refused();
  CHECK(("\n" + refused).find("\ncuda: " + devices.refusal + "\n") != std::string::npos);
  const mvq_where gpu{MVQ_CUDA, 0, 0, nullptr};
  const mvq_nearest_code_args args = aligned_call();
  CHECK_EQUAL(mvq_nearest_code(&args, &gpu, nullptr, 0), MVQ_NO_DEVICE);
  CHECK_EQUAL(std::string(mvq_last_error()), why);
  CHECK_EQUAL(mvq_nearest_code_workspace_bytes(&args, &gpu), -1);
  CHECK_EQUAL(std::string(mvq_last_error()), why);
  const mvq_dropout_masks_args masks{1, 1, 1, {}, odd<uint64_t>(0)};
  CHECK_EQUAL(mvq_dropout_masks(&masks, &gpu), MVQ_NO_DEVICE);
}

}  // namespace
