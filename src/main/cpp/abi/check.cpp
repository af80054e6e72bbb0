#include "abi/check.hpp"

#include <cstdarg>
#include <cstdio>

#include "abi/check_cuda.hpp"
#include "abi/threads.hpp"
#include "rules.hpp"

namespace mvq {

void bad_argument(const char* format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  throw Failure{MVQ_BAD_ARGUMENT, text};
}

namespace {

constexpr int64_t MAX_COUNT = INT32_MAX;         // of codes and virtual codes: the tiles hold int32 indices
constexpr int64_t MAX_WIDTH = int64_t{1} << 28;  // floats a vector, channels
constexpr int64_t MAX_ROWS = int64_t{1} << 48;

void between(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value < least) bad_argument("%s must be at least %lld, got %lld", name, (long long)least, (long long)value);
  if (value > most) bad_argument("%s must be at most %lld, got %lld", name, (long long)most, (long long)value);
}

void present(const char* name, const void* pointer) {
  if (!pointer) bad_argument("%s is NULL", name);
}

void stride_at_least(const char* name, int64_t stride, const char* least_name, int64_t least) {
  if (stride < least)
    bad_argument("%s must be at least %s (%lld), got %lld", name, least_name, (long long)least, (long long)stride);
}

/* Mask words a row: stride 0 is one mask for all rows. */
void mask_stride(const char* name, int64_t stride, const char* words_name, int64_t words) {
  if (stride != 0) stride_at_least(name, stride, words_name, words);
}

void divides(const char* name, int64_t value, const char* whole_name, int64_t whole) {
  if (whole % value != 0)
    bad_argument("%s must divide %s (%lld), got %lld", name, whole_name, (long long)whole, (long long)value);
}

void check_search(int64_t n, int64_t k, int64_t d, const float* rows, int64_t rows_stride, const float* codes,
                  int64_t codes_stride) {
  between("n", n, 0, MAX_ROWS);
  between("k", k, 1, MAX_COUNT);
  between("d", d, 1, MAX_WIDTH);
  stride_at_least("rows_stride", rows_stride, "d", d);
  stride_at_least("codes_stride", codes_stride, "d", d);
  if (n > 0) present("rows", rows);
  present("codes", codes);
}

void check_dropout(const mvq_dropout& dropout) {
  between("dropout.first_row", dropout.first_row, 0, INT64_MAX);
  if (!(dropout.keep >= 0 && dropout.keep <= 1)) bad_argument("dropout.keep must be in 0..1, got %g", dropout.keep);
}

void check_head(const mvq_head& head) {
  between("head.layers", head.layers, 1, MVQ_MAX_LAYERS);
  if (head.layers > 1) between("head.activation", head.activation, MVQ_RELU, MVQ_GELU);
  char name[32];
  for (int l = 0; l <= head.layers; ++l) {
    std::snprintf(name, sizeof name, "head.width[%d]", l);
    between(name, head.width[l], 1, MAX_WIDTH);
  }
  for (int l = 0; l < head.layers; ++l) {
    std::snprintf(name, sizeof name, "head.weight[%d]", l);
    present(name, head.weight[l]);
  }
}

}  // namespace

void check(const mvq_nearest_code_args& args) {
  check_search(args.n, args.k, args.d, args.rows, args.rows_stride, args.codes, args.codes_stride);
  mask_stride("allowed_stride", args.allowed_stride, "ceil(k / 64)", mask_words(args.k));
  mask_stride("row_mask_stride", args.row_mask_stride, "ceil(d / 64)", mask_words(args.d));
  if (args.n > 0) present("index", args.index);
}

void check(const mvq_nearest_in_bank_args& args) {
  check_search(args.n, args.k, args.d, args.rows, args.rows_stride, args.codes, args.codes_stride);
  between("m", args.m, 1, MAX_COUNT);
  between("k * m, with m rounded up to 8,", args.k * ((args.m + 7) / 8 * 8), 1, MAX_COUNT);
  present("bank", args.bank);
  if (args.n > 0) present("index", args.index), present("mask_index", args.mask_index);
}

void check(const mvq_nearest_free_mask_args& args) {
  check_search(args.n, args.k, args.d, args.rows, args.rows_stride, args.codes, args.codes_stride);
  if (args.kept < -1 || args.kept > args.d)
    bad_argument("kept must be -1 or in 0..d (%lld), got %lld", (long long)args.d, (long long)args.kept);
  if (args.n > 0) present("index", args.index), present("mask", args.mask);
}

void check(const mvq_dropout_masks_args& args) {
  between("n", args.n, 0, MAX_ROWS);
  between("h", args.h, 1, UINT32_MAX);
  between("c", args.c, 1, MAX_WIDTH);
  check_dropout(args.dropout);
  if (args.n > 0) present("masks", args.masks);
}

void check(const mvq_select_hypothesis_args& args) {
  between("n", args.n, 0, MAX_ROWS);
  between("p", args.p, 1, MAX_WIDTH);
  between("c", args.c, 1, MAX_WIDTH);
  between("h", args.h, 1, UINT32_MAX);
  between("d", args.d, 1, MAX_WIDTH);
  check_head(args.head);
  divides("c", args.c, "head.width[0]", args.head.width[0]);
  divides("d", args.d, "the head's outputs", args.head.width[args.head.layers]);
  between("winner_per_token", args.winner_per_token, 0, 1);
  between("top", args.top, 1, args.h);
  if (!args.masks) check_dropout(args.dropout);
  if (args.n == 0) return;
  present("latents", args.latents);
  present("base", args.base);
  present("target", args.target);
  present("index", args.index);
}

void check(const mvq_codebook_sums_args& args) {
  between("n", args.n, 0, MAX_ROWS);
  between("k", args.k, 1, MAX_COUNT);
  between("d", args.d, 1, MAX_WIDTH);
  stride_at_least("rows_stride", args.rows_stride, "d", args.d);
  if (args.n > 0) present("rows", args.rows), present("index", args.index);
  present("counts", args.counts);
  present("sums", args.sums);
}

void check_data(const mvq_codebook_sums_args& args) {
  for (int64_t i = 0; i < args.n; ++i)
    if (args.index[i] < -1 || args.index[i] >= args.k)
      bad_argument("index[%lld] must be -1 or in 0..k-1 (%lld), got %lld", (long long)i, (long long)args.k - 1,
                   (long long)args.index[i]);
}

bool on_cuda(const mvq_where* where) { return where && where->device == MVQ_CUDA; }

int cpu_threads(const mvq_where* where) { return where && where->threads ? where->threads : allowed_cpus(); }

void check_where(const mvq_where* where) {
  if (!where) return;
  if (on_cuda(where)) return check_cuda_where(*where);
  if (where->device != MVQ_CPU) bad_argument("device must be MVQ_CPU (0) or MVQ_CUDA (1), got %d", where->device);
  if (where->ordinal != 0) bad_argument("ordinal must be 0 on the CPU, got %d", where->ordinal);
  between("threads", where->threads, 0, MAX_THREADS);
}

}  // namespace mvq
