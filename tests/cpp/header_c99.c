/* mvq.h must be plain C99: compiled with -std=c99 -pedantic -Werror, linked with the shared library. */
#include <stdio.h>
#include <string.h>

#include "mvq.h"

int main(void) {
  const float rows[2] = {0.9f, 2.2f}, codes[3] = {0.0f, 1.0f, 2.0f};
  int64_t index[2];
  float workspace[4096];
  mvq_nearest_code_args args;
  char* aligned = (char*)workspace + (64 - (uintptr_t)workspace % 64) % 64;
  int64_t needed;
  mvq_where where = {MVQ_CPU, 0, 1, NULL};
  memset(&args, 0, sizeof args);
  args.n = 2, args.k = 3, args.d = 1;
  args.rows = rows, args.rows_stride = 1;
  args.codes = codes, args.codes_stride = 1;
  args.index = index;
  needed = mvq_nearest_code_workspace_bytes(&args, &where);
  if (mvq_abi_version() != MVQ_ABI_VERSION || needed < 0 || needed > (int64_t)sizeof workspace - 64) return 1;
  if (mvq_nearest_code(&args, &where, aligned, needed) != MVQ_OK) return printf("%s\n", mvq_last_error()), 1;
  return index[0] == 1 && index[1] == 2 ? 0 : 1;
}
