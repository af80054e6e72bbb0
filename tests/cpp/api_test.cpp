#include <cstdlib>
#include <thread>

#include "data.hpp"

namespace {

float some_floats[4096];
uint64_t some_words[4096];
int64_t some_indices[4096];

mvq_nearest_code_args good_nearest_code() {
  return {4, 3, 5, some_floats, 5, some_floats, 5, nullptr, 0, nullptr, 0, some_indices, nullptr};
}
mvq_nearest_in_bank_args good_bank() {
  return {4, 3, 5, 2, some_floats, 5, some_floats, 5, some_words, some_indices, some_indices + 64, nullptr};
}
mvq_nearest_free_mask_args good_free() {
  return {4, 3, 5, -1, some_floats, 5, some_floats, 5, some_indices, some_words, nullptr};
}
mvq_dropout_masks_args good_dropout() { return {4, 3, 5, {1, 0, 0.5}, some_words}; }
mvq_codebook_sums_args good_sums() {
  return {4, 3, 5, some_floats, 5, some_indices, some_indices + 64, some_floats + 99};
}
mvq_select_hypothesis_args good_selection() {
  mvq_select_hypothesis_args args{};
  args.n = 4, args.p = 1, args.c = 5, args.h = 3, args.d = 2, args.top = 1;
  args.latents = args.base = args.target = some_floats;
  args.head = {2, MVQ_RELU, 0, {5, 7, 2}, {some_floats, some_floats}, {}};
  args.dropout.keep = 0.5;
  args.index = some_indices;
  return args;
}

/* Calls an operation through the C ABI with a workspace that is always large enough. */
alignas(64) char room[1 << 20];
#define CALL(operation)                                                      \
  int32_t call(const mvq_##operation##_args& args, const mvq_where* where) { \
    return mvq_##operation(&args, where, room, sizeof room);                 \
  }
MVQ_EVERY_OPERATION_WITH_WORKSPACE(CALL)
int32_t call(const mvq_dropout_masks_args& args, const mvq_where* where) { return mvq_dropout_masks(&args, where); }

/* Changes good arguments by `spoil` and expects this text. */
template <class Args, class Spoil>
void refuses(Args args, Spoil spoil, const char* text, const mvq_where* where = nullptr,
             int32_t status = MVQ_BAD_ARGUMENT) {
  CHECK_EQUAL(call(args, where), MVQ_OK);
  spoil(args);
  CHECK_EQUAL(call(args, where), status);
  CHECK_EQUAL(std::string(mvq_last_error()), text);
}
#define REFUSES(args, change, text) \
  refuses(                          \
      args, [](auto& a) { a.change; }, text)

TEST(nearestCodeSaysWhatIsWrong) {
  REFUSES(good_nearest_code(), n = -1, "n must be at least 0, got -1");
  REFUSES(good_nearest_code(), k = 0, "k must be at least 1, got 0");
  REFUSES(good_nearest_code(), k = int64_t{1} << 31, "k must be at most 2147483647, got 2147483648");
  REFUSES(good_nearest_code(), d = 0, "d must be at least 1, got 0");
  REFUSES(good_nearest_code(), rows_stride = 4, "rows_stride must be at least d (5), got 4");
  REFUSES(good_nearest_code(), codes_stride = -5, "codes_stride must be at least d (5), got -5");
  REFUSES(good_nearest_code(), rows = nullptr, "rows is NULL");
  REFUSES(good_nearest_code(), codes = nullptr, "codes is NULL");
  REFUSES(good_nearest_code(), index = nullptr, "index is NULL");
  REFUSES(good_nearest_code(), allowed_stride = -1, "allowed_stride must be at least ceil(k / 64) (1), got -1");
  REFUSES(good_nearest_code(), row_mask_stride = -2, "row_mask_stride must be at least ceil(d / 64) (1), got -2");
}

TEST(theOtherSearchesSayWhatIsWrong) {
  REFUSES(good_bank(), m = 0, "m must be at least 1, got 0");
  REFUSES(good_bank(), m = 800000000, "k * m, with m rounded up to 8, must be at most 2147483647, got 2400000000");
  REFUSES(good_bank(), bank = nullptr, "bank is NULL");
  REFUSES(good_bank(), mask_index = nullptr, "mask_index is NULL");
  REFUSES(good_free(), kept = 6, "kept must be -1 or in 0..d (5), got 6");
  REFUSES(good_free(), kept = -2, "kept must be -1 or in 0..d (5), got -2");
  REFUSES(good_free(), mask = nullptr, "mask is NULL");
}

TEST(hypothesisOperationsSayWhatIsWrong) {
  REFUSES(good_dropout(), h = 0, "h must be at least 1, got 0");
  REFUSES(good_dropout(), c = 0, "c must be at least 1, got 0");
  REFUSES(good_dropout(), masks = nullptr, "masks is NULL");
  REFUSES(good_dropout(), dropout.keep = 1.5, "dropout.keep must be in 0..1, got 1.5");
  REFUSES(good_dropout(), dropout.keep = NOT_A_NUMBER, "dropout.keep must be in 0..1, got nan");
  REFUSES(good_dropout(), dropout.first_row = -1, "dropout.first_row must be at least 0, got -1");
  REFUSES(good_selection(), head.layers = 5, "head.layers must be at most 4, got 5");
  REFUSES(good_selection(), head.activation = 3, "head.activation must be at most 2, got 3");
  REFUSES(good_selection(), head.width[1] = 0, "head.width[1] must be at least 1, got 0");
  REFUSES(good_selection(), head.weight[1] = nullptr, "head.weight[1] is NULL");
  REFUSES(good_selection(), c = 2, "c must divide head.width[0] (5), got 2");
  REFUSES(good_selection(), d = 3, "d must divide the head's outputs (2), got 3");
  REFUSES(good_selection(), winner_per_token = 2, "winner_per_token must be at most 1, got 2");
  REFUSES(good_selection(), top = 4, "top must be at most 3, got 4");
  REFUSES(good_selection(), target = nullptr, "target is NULL");
}

TEST(codebookSumsSayWhatIsWrong) {
  for (int64_t& i : some_indices) i = 0;
  some_indices[2] = 2;
  REFUSES(good_sums(), k = 2, "index[2] must be -1 or in 0..k-1 (1), got 2");
  mvq_codebook_sums_args not_filled_yet = good_sums();
  not_filled_yet.k = 2;
  CHECK(mvq_codebook_sums_workspace_bytes(&not_filled_yet, nullptr) > 0);
  some_indices[2] = 0;
  REFUSES(good_sums(), counts = nullptr, "counts is NULL");
  REFUSES(good_sums(), rows_stride = 4, "rows_stride must be at least d (5), got 4");
}

TEST(whereIsChecked) {
  const mvq_nearest_code_args args = good_nearest_code();
  const struct {
    mvq_where where;
    int32_t status;
    const char* text;
  } wrong[] = {{{7, 0, 0, nullptr}, MVQ_BAD_ARGUMENT, "device must be MVQ_CPU (0) or MVQ_CUDA (1), got 7"},
               {{MVQ_CPU, 1, 0, nullptr}, MVQ_BAD_ARGUMENT, "ordinal must be 0 on the CPU, got 1"},
               {{MVQ_CPU, 0, -1, nullptr}, MVQ_BAD_ARGUMENT, "threads must be at least 0, got -1"},
               {{MVQ_CPU, 0, 5000, nullptr}, MVQ_BAD_ARGUMENT, "threads must be at most 1024, got 5000"}};
  for (const auto& w : wrong) {
    CHECK_EQUAL(call(args, &w.where), w.status);
    CHECK_EQUAL(std::string(mvq_last_error()), w.text);
    CHECK_EQUAL(mvq_nearest_code_workspace_bytes(&args, &w.where), -1);
  }
}

TEST(workspaceIsChecked) {
  mvq_nearest_code_args args = good_nearest_code();
  args.n = 100;  // few rows of few codes need none
  const mvq_where one{MVQ_CPU, 0, 1, nullptr};
  const int64_t needed = mvq_nearest_code_workspace_bytes(&args, &one);
  CHECK_EQUAL(mvq_nearest_code(&args, &one, room, needed), MVQ_OK);
  CHECK_EQUAL(mvq_nearest_code(&args, &one, room, needed - 1), MVQ_BAD_ARGUMENT);
  CHECK_EQUAL(std::string(mvq_last_error()),
              "workspace_bytes must be at least " + std::to_string(needed) + ", got " + std::to_string(needed - 1));
  CHECK_EQUAL(mvq_nearest_code(&args, &one, nullptr, needed), MVQ_BAD_ARGUMENT);
  CHECK_EQUAL(std::string(mvq_last_error()), "workspace is NULL");
  CHECK_EQUAL(mvq_nearest_code(&args, &one, room + 4, needed), MVQ_BAD_ARGUMENT);
  CHECK_EQUAL(std::string(mvq_last_error()), "workspace must be 64-byte aligned");
  CHECK_EQUAL(mvq_nearest_code(nullptr, &one, room, needed), MVQ_BAD_ARGUMENT);
  CHECK_EQUAL(std::string(mvq_last_error()), "args is NULL");
  mvq_select_hypothesis_args huge = good_selection();
  huge.p = huge.head.width[2] = 1 << 28, huge.d = 1, huge.winner_per_token = 1, huge.h = huge.top = INT32_MAX;
  CHECK_EQUAL(mvq_select_hypothesis_workspace_bytes(&huge, &one), -1);
  CHECK_EQUAL(std::string(mvq_last_error()), "the workspace would not fit in 63 bits: the sizes are too large");
}

TEST(noRowsNeedNoPointers) {
  mvq_nearest_code_args args = good_nearest_code();
  args.n = 0, args.rows = nullptr, args.index = nullptr;
  CHECK_EQUAL(call(args, nullptr), MVQ_OK);
}

TEST(lastErrorBelongsToItsThread) {
  mvq_nearest_code_args args = good_nearest_code();
  args.k = 0;
  call(args, nullptr);
  std::thread([] { CHECK_EQUAL(std::string(mvq_last_error()), ""); }).join();
  CHECK_EQUAL(std::string(mvq_last_error()), "k must be at least 1, got 0");
}

TEST(maxIsaCapsTheTierAndAnUnknownOneIsAnError) {
  const std::string widest = mvq::available_tiers()[0]->name;
  CHECK_EQUAL(std::string(mvq::choose_tier(nullptr).tier->name), widest);
  CHECK_EQUAL(std::string(mvq::choose_tier("scalar").tier->name), "scalar");
  CHECK(mvq::choose_tier("scalar").refused.find(widest + ": MVQ_MAX_ISA is scalar\n") != std::string::npos);
  CHECK(mvq::choose_tier("sse9").tier == nullptr);
  CHECK_EQUAL(mvq::choose_tier("sse9").error,
              "MVQ_MAX_ISA must be amx, avx512vnni, avx512, avx2, neondot, neon or scalar, got \"sse9\"");
}

TEST(theChosenTierIsReported) {
  const mvq::Choice expected = mvq::choose_tier(std::getenv("MVQ_MAX_ISA"));
  if (expected.tier) {
    CHECK_EQUAL(std::string(mvq_isa()), std::string(expected.tier->name));
  } else {
    CHECK(mvq_isa() == nullptr);
    CHECK_EQUAL(call(good_nearest_code(), nullptr), MVQ_BAD_ARGUMENT);
    CHECK_EQUAL(std::string(mvq_last_error()), expected.error);
  }
  CHECK(std::strstr(mvq_refused(), "cuda: ") != nullptr);
  CHECK_EQUAL(mvq_device_count(MVQ_CPU), 1);
  CHECK_EQUAL(mvq_device_count(MVQ_CUDA), 0);
  CHECK_EQUAL(mvq_abi_version(), MVQ_ABI_VERSION);
}

}  // namespace
