#!/usr/bin/env bash
# How many instructions of an arm64 CPU a search takes without and with dot products of bytes, under qemu-user: no arm64
# machine is needed, and a busy one counts the same. Instructions are not seconds. Rows, codes and floats are random normal.
# After ./build-native.sh --platform=linux-arm64 --test. Usage: count-on-arm.sh [OPERATION N K D]...
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$PWD/target/native/lib-linux-arm64/instructions plugin=$PWD/target/count_instructions.so
[ -x "$program" ] || { echo "count-on-arm.sh: first ./build-native.sh --platform=linux-arm64 --test" >&2; exit 1; }
"${CC:-gcc}" -O2 -shared -fPIC -o "$plugin" tests/platforms/count_instructions.c

# count TIER OPERATION SIZE CALLS: instructions of the whole program.
count() {
  MVQ_MAX_ISA=$1 OPERATION=$2 SIZE=$3 CALLS=$4 qemu-aarch64 -L /usr/aarch64-linux-gnu -plugin "$plugin" "$program" 2>&1 |
    awk '/Collected/ {print $NF}'
}
a_call() { echo $(($(count "$1" "$2" "$3" 2) - $(count "$1" "$2" "$3" 1))); }

if [ $# -eq 0 ]; then
  for size in "512 128 32" "512 512 64" "512 1024 64" "512 8192 64" "512 128 256" "512 1024 256"; do
    set -- "$@" screened_search $size
  done
  for operation in row_mask_search free_mask_search; do set -- "$@" $operation 512 1024 64 $operation 512 1024 256; done
  set -- "$@" bank_search 256 256 64
fi
printf '%s\n' '| search | n, k, d | neon | neondot | fewer |' '| --- | --- | --- | --- | --- |'
while [ $# -ge 4 ]; do
  before=$(a_call neon "$1" "$2 $3 $4") after=$(a_call neondot "$1" "$2 $3 $4")
  awk -v name="$1" -v size="$2, $3, $4" -v pairs="$(($2 * $3))" -v before="$before" -v after="$after" \
    'BEGIN { printf "| %s | %s | %.1f | %.1f | %.2f |\n", name, size, before / pairs, after / pairs, before / after }'
  shift 4
done
