#!/usr/bin/env bash
# Fails when a call of a hot kernel takes many more instructions than it did. Usage: instructions_test.sh PROGRAM
# Counted on the avx2 tier, which valgrind knows. A limit is 1.5 times what was counted with gcc 12; after a change that is
# meant, print the counts with this script and set it anew.
set -euo pipefail
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
grep -qw avx2 /proc/cpuinfo || { echo "skipped: this CPU has no AVX2"; exit 77; }

# Instructions of the whole program with so many calls.
count() { MVQ_MAX_ISA=avx2 OPERATION=$1 CALLS=$2 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" 2>&1 | awk '/Collected/ {print $NF}'; }

program=$1 failed=0
while read -r operation limit; do
  calls=$(( ($(count "$operation" 5) - $(count "$operation" 1)) / 4 ))
  echo "$operation: $calls instructions a call, at most $limit"
  [ "$calls" -le "$limit" ] || failed=1
done <<'LIMITS'
nearest_code 290000
few_rows 13800
screened_search 1710000
row_mask_search 2590000
free_mask_search 2430000
bank_search 2510000
codebook_sums 31000
select_hypothesis 206000
screened_selection 3780000
LIMITS
exit $failed
