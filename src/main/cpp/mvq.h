/* mvq.h - the C ABI of libmvq: masked nearest-code search, MH-Dropout, codebook sums.
 *
 * Sources: "Masked Vector Quantization" (arXiv 2301.06626), "Multiple Hypothesis Dropout" (arXiv 2312.11735).
 *
 * Rules that hold for every function:
 *  - Stateless: nothing to create, free or lock. Any number of threads may call at once.
 *  - Floats are float32, indices int64, row major. A stride is counted in elements, from row to row.
 *  - Mask words. A mask of b bits is ceil(b / 64) uint64 words; bit i is bit i % 64 of word i / 64; 1 = kept.
 *    Bits past the end are ignored on input and 0 on output. (java.util.BitSet uses the same layout.)
 *  - Ties go to the lowest index: code first, then mask, then hypothesis. A NaN distance or loss never wins.
 *    Where nothing can win: index -1, distance or loss +inf, mask 0.
 *  - Distances are squared Euclidean, summed directly over (z - e)^2 in ascending d with fused multiply-add:
 *    the same bits on every instruction set and for every thread count.
 *  - n = 0 is allowed: nothing a row is read or written (codebook sums are 0). Buffers are the caller's and must not
 *    overlap the outputs. Sizes have limits that memory meets first: k and k * m below 2^31, d and c at most 2^28.
 *  - Workspace: ask `..._workspace_bytes` (-1 on a bad argument), pass at least that much, 64-byte aligned.
 *    Its contents before and after a call mean nothing; one call at a time may use it. NULL is fine for 0 bytes.
 *  - On MVQ_CUDA every pointer is to memory of that device, workspace included, and a call returns once its work is in
 *    the stream: it neither waits nor allocates. n is at most 2^31 - 1. The results have the CPU's bits.
 *  - The status tells of the call, mvq_last_error() says what was wrong; a sentinel (-1, +inf) tells of the data.
 */
#ifndef MVQ_H
#define MVQ_H

#include <stdint.h>

#if defined(_WIN32)
#define MVQ_API __declspec(dllexport)
#else
#define MVQ_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MVQ_ABI_VERSION 1
#define MVQ_MAX_LAYERS 4

/* Status of a call. */
#define MVQ_OK 0
#define MVQ_BAD_ARGUMENT 1
#define MVQ_NO_DEVICE 2
#define MVQ_DEVICE_FAILED 3

/* Devices. */
#define MVQ_CPU 0
#define MVQ_CUDA 1

/* Activations between the layers of a hypothesis head. */
#define MVQ_RELU 0
#define MVQ_LEAKY_RELU 1
#define MVQ_GELU 2 /* the exact form, x * Phi(x) */

/* Where a call runs. NULL means the CPU with all its threads. */
typedef struct mvq_where {
  int32_t device;  /* MVQ_CPU or MVQ_CUDA */
  int32_t ordinal; /* which one; 0 on the CPU */
  int32_t threads; /* CPU threads, at most 1024; 0 = as many as the process may use; 0 on CUDA */
  void* stream;    /* the caller's cudaStream_t; NULL = the default stream, and on the CPU */
} mvq_where;

/* MVQ_ABI_VERSION of the library, to be compared with the header's. */
MVQ_API int32_t mvq_abi_version(void);

/* Why the calling thread's last failed call failed, e.g. "k must be at least 1, got 0". Never NULL. */
MVQ_API const char* mvq_last_error(void);

/* The CPU instruction set in use: "amx", "avx512vnni", "avx512", "avx2", "neondot", "neon" or "scalar". The environment
 * variable MVQ_MAX_ISA caps it; when that holds an unknown value this is NULL and every operation fails with
 * MVQ_BAD_ARGUMENT. */
MVQ_API const char* mvq_isa(void);

/* Backends and instruction sets that were not chosen, one "name: reason" a line; "" if none. Never NULL. */
MVQ_API const char* mvq_refused(void);

/* How many devices of a kind can be used: 1 for MVQ_CPU; 0 where there is none or the build lacks its code. */
MVQ_API int32_t mvq_device_count(int32_t device);

/* ---- Nearest code: argmin over k of sum_d r_d (z_d - e_kd)^2 among the allowed codes ----------------------------- */
typedef struct mvq_nearest_code_args {
  int64_t n, k, d;          /* rows >= 0, codes >= 1, floats a vector >= 1 */
  const float* rows;        /* (n, d) */
  int64_t rows_stride;      /* >= d */
  const float* codes;       /* (k, d) */
  int64_t codes_stride;     /* >= d */
  const uint64_t* allowed;  /* allowed codes: mask words of k bits a row; NULL = all */
  int64_t allowed_stride;   /* in words, >= ceil(k / 64); 0 = one mask for all rows */
  const uint64_t* row_mask; /* row mask: mask words of d bits a row, kept dimensions; NULL = all */
  int64_t row_mask_stride;  /* in words, >= ceil(d / 64); 0 = one mask for all rows */
  int64_t* index;           /* out (n); -1 where no code is allowed or all distances are NaN */
  float* distance;          /* out (n), may be NULL; +inf where index is -1 */
} mvq_nearest_code_args;
MVQ_API int64_t mvq_nearest_code_workspace_bytes(const mvq_nearest_code_args* args, const mvq_where* where);
MVQ_API int32_t mvq_nearest_code(const mvq_nearest_code_args* args, const mvq_where* where, void* workspace,
                                 int64_t workspace_bytes);

/* ---- Mask bank: argmin over k and m jointly of ||z - b_m * e_k||^2, a codebook of k * m virtual codes ------------ */
typedef struct mvq_nearest_in_bank_args {
  int64_t n, k, d, m;   /* rows >= 0, codes >= 1, floats a vector >= 1, masks >= 1 */
  const float* rows;    /* (n, d) */
  int64_t rows_stride;  /* >= d */
  const float* codes;   /* (k, d) */
  int64_t codes_stride; /* >= d */
  const uint64_t* bank; /* (m, ceil(d / 64)) mask words, contiguous */
  int64_t* index;       /* out (n): code; -1 where all distances are NaN */
  int64_t* mask_index;  /* out (n): mask in the bank; -1 likewise */
  float* distance;      /* out (n), may be NULL */
} mvq_nearest_in_bank_args;
MVQ_API int64_t mvq_nearest_in_bank_workspace_bytes(const mvq_nearest_in_bank_args* args, const mvq_where* where);
MVQ_API int32_t mvq_nearest_in_bank(const mvq_nearest_in_bank_args* args, const mvq_where* where, void* workspace,
                                    int64_t workspace_bytes);

/* ---- Free mask: argmin over k and all masks (or all with exactly `kept` ones) of ||z - m * e_k||^2 --------------- */
/* Any mask: a dimension is kept where |z - e| < |z|, strictly (a tie drops it). Exactly `kept` ones: those with the
 * smallest (z - e)^2 - z^2, two rounded squares and a rounded difference, ties to the lowest dimension. The distance is
 * then summed under that mask as everywhere: ascending d, fma(t, t, sum), t = z - e or z. It is NaN where a z - e is
 * NaN (any mask) or where one of the differences of squares is (exactly `kept`),
 * so also for a NaN that would be dropped. */
typedef struct mvq_nearest_free_mask_args {
  int64_t n, k, d;      /* rows >= 0, codes >= 1, floats a vector >= 1 */
  int64_t kept;         /* -1 = any number of kept dimensions; 0..d = exactly so many */
  const float* rows;    /* (n, d) */
  int64_t rows_stride;  /* >= d */
  const float* codes;   /* (k, d) */
  int64_t codes_stride; /* >= d */
  int64_t* index;       /* out (n); -1 where all distances are NaN */
  uint64_t* mask;       /* out (n, ceil(d / 64)) mask words; the winner's mask, 0 where index is -1 */
  float* distance;      /* out (n), may be NULL */
} mvq_nearest_free_mask_args;
MVQ_API int64_t mvq_nearest_free_mask_workspace_bytes(const mvq_nearest_free_mask_args* args, const mvq_where* where);
MVQ_API int32_t mvq_nearest_free_mask(const mvq_nearest_free_mask_args* args, const mvq_where* where, void* workspace,
                                      int64_t workspace_bytes);

/* ---- Dropout masks of MH-Dropout (arXiv 2301.06626, section 3): h Bernoulli masks an instance -------------------- */
/* Philox4x32-10, key = seed (low word first). Mask words 2b and 2b + 1 of (row, hypothesis) come from the counter
 * blocks {16 b + plane, hypothesis, row low, row high}, plane 0..15; block words 0,1 make mask word 2b and 2,3 make 2b
 * + 1, low half first. The keep probability, rounded to q / 65536, is compared bit-serially: with r = 0, for plane 15
 * down to 0, r = q's bit (15 - plane) ? (x | r) : (x & r), x the plane's bits. At keep = 0.5 a mask is plane 0's raw
 * bits. keep rounded to 65536/65536 keeps everything. Any one mask can be made alone, on any device: the same bits. */
typedef struct mvq_dropout {
  uint64_t seed;
  int64_t first_row; /* the row number of row 0, >= 0: lets a batch be a window of a longer stream */
  double keep;       /* probability that a bit is 1, in 0..1; the paper's 1 - p */
} mvq_dropout;
typedef struct mvq_dropout_masks_args {
  int64_t n, h, c; /* rows >= 0, hypotheses 1..2^32-1, channels 1..2^28 */
  mvq_dropout dropout;
  uint64_t* masks; /* out (n, h, ceil(c / 64)) mask words */
} mvq_dropout_masks_args;
MVQ_API int32_t mvq_dropout_masks(const mvq_dropout_masks_args* args, const mvq_where* where);

/* ---- Hypothesis selection: winner-takes-all over h masked latents, none of the hypotheses stored ----------------- */
/* A hypothesis head of 1..4 dense layers, y = W x + b, with an activation between layers and none after the last. */
typedef struct mvq_head {
  int32_t layers;                      /* 1..MVQ_MAX_LAYERS */
  int32_t activation;                  /* MVQ_RELU, MVQ_LEAKY_RELU or MVQ_GELU */
  float slope;                         /* LeakyReLU's negative slope */
  int64_t width[MVQ_MAX_LAYERS + 1];   /* width[0] = inputs a position, width[layers] = outputs a position; each >= 1 */
  const float* weight[MVQ_MAX_LAYERS]; /* weight[l]: (width[l + 1], width[l]) contiguous, as LibTorch's Linear */
  const float* bias[MVQ_MAX_LAYERS];   /* bias[l]: (width[l + 1]); NULL = none */
} mvq_head;
/* For row i and hypothesis j: y = base + head(m_ij * latents), one head for each of p positions; the mask of c bits is
 * shared by all positions of the row and repeats over the inputs: input x is kept by bit x % c. The loss is the mean of
 * (y - target)^2, over all positions and outputs (one winner a row) or over each run of d outputs (one a token).
 * Fixed order: a dropped input is 0.0f; an output starts at its bias (or 0) and takes fma(weight, input) over ascending
 * inputs; t = (base + output) - target; sum = fma(t, t, sum) over ascending positions and outputs; loss = sum /
 * count. */
typedef struct mvq_select_hypothesis_args {
  int64_t n, p, c, h;       /* rows >= 0, positions >= 1, channels >= 1 dividing width[0], hypotheses 1..2^32-1 */
  int64_t d;                /* floats a token, >= 1, dividing width[layers] */
  int32_t winner_per_token; /* 0 = one winner a row; 1 = one winner for each run of d outputs */
  int32_t top;              /* how many best hypotheses to return, 1..h; 1 = the winner */
  const float* latents;     /* (n, p, width[0]) */
  mvq_head head;
  const float* base;     /* (n, p, width[layers]) */
  const float* target;   /* (n, p, width[layers]) */
  const uint64_t* masks; /* (n, h, ceil(c / 64)) mask words; NULL = drawn from `dropout` as mvq_dropout_masks does */
  mvq_dropout dropout;   /* ignored when masks are given */
  int64_t* index; /* out (n, w, top), w = 1 or p * width[layers] / d winners; best first; -1 if fewer have a loss */
  float* loss;    /* out (n, w, top), may be NULL */
  uint64_t* winner_masks; /* out (n, w, top, ceil(c / 64)) mask words, may be NULL */
} mvq_select_hypothesis_args;
MVQ_API int64_t mvq_select_hypothesis_workspace_bytes(const mvq_select_hypothesis_args* args, const mvq_where* where);
MVQ_API int32_t mvq_select_hypothesis(const mvq_select_hypothesis_args* args, const mvq_where* where, void* workspace,
                                      int64_t workspace_bytes);

/* ---- Codebook sums, for EMA updates: rows counted and summed by their code --------------------------------------- */
/* Sums are accumulated in float64 in ascending row order and rounded once: the same bits for any thread count. */
typedef struct mvq_codebook_sums_args {
  int64_t n, k, d;      /* rows >= 0, codes >= 1, floats a vector >= 1 */
  const float* rows;    /* (n, d) */
  int64_t rows_stride;  /* >= d */
  const int64_t* index; /* (n); -1 = skip the row; outside 0..k-1: MVQ_BAD_ARGUMENT on the CPU, skipped on CUDA */
  int64_t* counts;      /* out (k) */
  float* sums;          /* out (k, d) contiguous */
} mvq_codebook_sums_args;
MVQ_API int64_t mvq_codebook_sums_workspace_bytes(const mvq_codebook_sums_args* args, const mvq_where* where);
MVQ_API int32_t mvq_codebook_sums(const mvq_codebook_sums_args* args, const mvq_where* where, void* workspace,
                                  int64_t workspace_bytes);

#ifdef __cplusplus
}
#endif

#endif /* MVQ_H */
