#!/usr/bin/env bash
# What a GPU can say in a few minutes, the most telling first: its tests, its timings (docs/cuda.md), then as many trials of
# the paper's comparison as fit: of scale small, which takes minutes a trial there, then of full, which takes hours and is gone on
# with by the next check in the same FOLDER. What has finished when time ends is in FOLDER.
# Usage: tests/gpu-check.sh [MINUTES [FOLDER [SET,SET...]]], by default 14 minutes, target/gpu-check and the scale's data sets; without
# a network, clothes. --dry-run says what it would do.
set -uo pipefail
cd "$(dirname "$0")/.."
dry=no
if [ "${1:-}" = --dry-run ]; then dry=yes; shift; fi
minutes=${1:-14} folder=${2:-target/gpu-check} sets=${3:-}
case $minutes in *[!0-9]* | "" | 0) echo "gpu-check.sh: MINUTES must be a whole number from 1 on, got \"$minutes\"" >&2; exit 2 ;; esac
if [ $dry = no ] && ! command -v nvidia-smi >/dev/null; then
  echo "gpu-check.sh: no nvidia-smi here, so no GPU to check; --dry-run says what it would do" >&2
  exit 2
fi
mkdir -p "$folder"
end=$((SECONDS + 60 * minutes)) failed=0

# step NAME SHARE COMMAND...: at most SHARE per cent of the time that is left; its output in NAME.txt, its end on the screen.
step() {
  local name=$1 limit=$(((end - SECONDS) * $2 / 100)) status; shift 2
  if [ $dry = yes ]; then echo "$name, up to $limit s: $*"; return; fi
  if [ $limit -lt 10 ]; then echo "$name: no time left"; return; fi
  local began=$SECONDS
  # INT first: a comparison then keeps its checkpoint.
  timeout --signal=INT --kill-after=20 "$limit" "$@" >"$folder/$name.txt" 2>&1
  status=$?
  case $status in
    0) echo "$name: done in $((SECONDS - began)) s" ;;
    124 | 130 | 137) echo "$name: stopped after $((SECONDS - began)) s; what it has is in $folder" ;;
    *) echo "$name: FAILED ($status), see $folder/$name.txt"; tail -n 5 "$folder/$name.txt"; failed=1 ;;
  esac
}

export MVQ_GPU=1
step device 5 nvidia-smi
step build 60 ./mvnw -B -q -Pcuda,cuda-runtime -DskipTests process-test-classes
step info 10 ./mvq info
step agreement 30 ./build-native.sh --cuda --test
step java 40 ./mvnw -B -Pcuda,cuda-runtime "-Dtest=*OnGpuTest" -Dsurefire.failIfNoSpecifiedTests=false test-compile surefire:test
step timings 40 ./mvq bench --device cuda --quick
compare() { step "$1" "$2" ./mvq reproduce --scale "$3" --only "$4" ${sets:+--data "$sets"} --no-timing --device cuda --progress LINES --out "$folder/$3"; }
compare smallest 60 small "smallest codebook, 2"
compare against 95 small "VQ against"
compare full 100 full "smallest codebook, 2"
exit $failed
