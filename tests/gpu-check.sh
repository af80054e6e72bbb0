#!/usr/bin/env bash
# What a GPU can say in nine minutes, in one JSON file: the agreement tests, times on the device and against LibTorch with and
# without TF32, sweeps of tiles and of the screening's threshold, a profile of what is furthest from its limit,
# compute-sanitizer, the Java tests, then as many trials of the paper's comparison as time is left for.
# docs/cuda.md's tables: jq -rf tests/gpu-tables.jq gpu-check.json
#
# On a machine that builds (nvcc, Maven):      tests/gpu-check.sh --pack FILE [--native]
# On one with a GPU and nothing to fetch:      tar xf FILE && mvq-gpu-check/tests/gpu-check.sh
#   The bundle holds the programs, and without --native (40 MB) the classes, LibTorch, CUDA's libraries and a Java runtime
#   (some 3 GB). What it needs there: the driver, and a glibc not older than the builder's. In a checkout it builds what is missing.
# Options: --minutes N (9), --out FILE (gpu-check.json; its logs beside it), --data SET,... (of the comparison)
#          --dry-run: the same steps with the SIMT layer in the GPU's place and small sizes; --programs FOLDER: of a build
set -uo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
stop() { echo "gpu-check.sh: $*" >&2; exit 2; }
dry=no minutes=9 out=gpu-check.json sets= programs= pack= native=no
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=yes ;;
    --native) native=yes ;;
    --minutes | --out | --data | --programs | --pack)
      [ -n "${2:-}" ] || stop "$1 needs a value"
      case $1 in --minutes) minutes=$2 ;; --out) out=$2 ;; --data) sets=$2 ;; --programs) programs=$2 ;; --pack) pack=$2 ;; esac
      shift ;;
    *) stop "unknown option $1; there are --minutes, --out, --data, --dry-run, --programs, --pack and --native" ;;
  esac
  shift
done
case $minutes in *[!0-9]* | "" | 0) stop "--minutes must be a whole number from 1 on, got \"$minutes\"" ;; esac

operations="nearest_code nearest_in_bank nearest_free_mask dropout_masks select_hypothesis codebook_sums"
kind=gpu extension=-gpu device=cuda
if [ $dry = yes ]; then kind=simt extension= device=cpu; fi
test_of() { if [ $dry = yes ]; then echo "cuda_$1_test"; else echo "gpu_$1_test"; fi; }
# What the SIMT layer runs of an operation's tests.
short_filter() {
  case $1 in
    nearest_code) echo lowestIndexWinsATie ;; nearest_in_bank) echo codeThenMaskWinsATie ;;
    nearest_free_mask) echo aTieDropsTheDimension ;; dropout_masks) echo aGridSmaller ;;
    select_hypothesis) echo OneToFour ;; codebook_sums) echo cudaSumsSkip ;;
  esac
}

build_programs() {
  programs=$home/target/native/gpu-check
  mkdir -p "$programs"
  local targets=(gpu_bench) one
  for one in $operations; do targets+=("gpu_${one}_test"); done
  cmake -S "$home/src/main/cpp" -B "$programs" -DCMAKE_BUILD_TYPE=Release -DMVQ_TESTS=ON -DMVQ_CUDA=ON \
    -DCMAKE_EXE_LINKER_FLAGS="-static-libstdc++ -static-libgcc" &&
    cmake --build "$programs" --parallel "$(getconf _NPROCESSORS_ONLN)" --target "${targets[@]}"
}

if [ -n "$pack" ]; then
  place=$(mktemp -d) && bundle=$place/mvq-gpu-check
  trap 'rm -rf "$place"' EXIT
  [ -n "$programs" ] || build_programs >&2 || stop "the programs do not build, see above"
  [ -d "$programs/tests" ] && programs=$programs/tests
  mkdir -p "$bundle/tests" "$bundle/programs"
  cp "$home"/tests/gpu-check.sh "$home"/tests/gpu-tables.jq "$bundle/tests"
  cp "$programs/${kind}_bench" "$bundle/programs" || stop "$programs has no ${kind}_bench"
  for one in $operations; do cp "$programs/$(test_of "$one")" "$bundle/programs" || stop "$programs has not all tests"; done
  git -C "$home" describe --always --dirty >"$bundle/commit" 2>/dev/null || echo unknown >"$bundle/commit"
  if [ $native = no ]; then
    [ $dry = yes ] || "$home/mvnw" -f "$home/pom.xml" -B -q -Pcuda,cuda-runtime -DskipTests process-classes || stop "the classes do not build, see above"
    cp -r "$home/target/classes" "$home/target/native-classes$extension" "$bundle" || stop "no classes in $home/target"
    mkdir "$bundle/lib"
    tr ':' '\n' <"$home/target/mvq$extension.classpath" | xargs -I{} cp {} "$bundle/lib"
    jlink --add-modules ALL-MODULE-PATH --strip-debug --output "$bundle/java" || stop "jlink, of a JDK, makes the runtime"
  fi
  tar -C "$place" -c mvq-gpu-check | gzip -1 >"$pack" || exit 1
  echo "$pack: $(($(stat -c %s "$pack") >> 20)) MB; there: tar xf $(basename "$pack") && mvq-gpu-check/tests/gpu-check.sh"
  exit
fi

if [ $dry = no ] && ! command -v nvidia-smi >/dev/null && [ ! -e /dev/nvidiactl ]; then
  stop "neither nvidia-smi nor /dev/nvidiactl here, so no GPU to check; --dry-run runs the same steps on the CPU"
fi
logs=${out%.json}-logs
mkdir -p "$logs" && rm -f "$logs"/*.txt "$logs"/*.json || stop "cannot write to $logs"
end=$((SECONDS + 60 * minutes)) failed=0 written=()

# Text as the inside of a JSON string.
escaped() { tr -d '\000-\010\013-\037' | tr '\t' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g'; }
joined() { awk '{ printf "%s%s", separator, $0; separator = ",\n    " }'; }

# Everything known so far; whole at any time, so that nothing is lost where the machine goes away.
write_json() {
  {
    printf '{"date": "%s", "commit": "%s", "dry_run": %s, "minutes": %s, "seconds": %s,\n "steps": [\n' "$(date -u +%F)" \
      "$(cat "$home/commit" 2>/dev/null || git -C "$home" describe --always --dirty 2>/dev/null || echo unknown)" \
      "$([ $dry = yes ] && echo true || echo false)" "$minutes" $SECONDS
    [ ${#written[@]} = 0 ] || cat "${written[@]}" | awk 'NR > 1 && /^  \{"step"/ { print "  ," } { print }'
    printf ' ]}\n'
  } >"$out.part" && mv "$out.part" "$out"
}

# record NAME STATUS SECONDS REASON: a step's entry. Its figures are the JSON lines of its log or a bench.json; of tests, how
# many passed and failed; what it said otherwise is kept where it failed or where `keep_text` says so.
keep_text=no
record() {
  local log=$logs/$1.txt entry=$logs/$1.json figures= said=
  if [ -f "$logs/$1/bench.json" ]; then figures=$(cat "$logs/$1/bench.json")
  elif [ -f "$log" ]; then
    figures=$(grep '^{.*}$' "$log" | joined)
    if [ -z "$figures" ] && grep -qE '^(ok    |FAILED) ' "$log"; then
      figures="{\"passed\": $(grep -c '^ok    ' "$log"), \"failed\": $(grep -c '^FAILED ' "$log")}"
    fi
  fi
  case $2 in failed | stopped) said=$(tail -n 20 "$log" 2>/dev/null) ;; esac
  if [ $keep_text = yes ] && [ -f "$log" ]; then said=$(head -n 500 "$log"); fi
  {
    printf '  {"step": "%s", "status": "%s", "seconds": %s' "$1" "$2" "$3"
    [ -z "$4" ] || printf ', "reason": "%s"' "$(printf %s "$4" | escaped)"
    [ -z "$said" ] || printf ', "text": [%s]' "$(printf '%s\n' "$said" | escaped | sed 's/.*/"&"/' | joined)"
    printf ', "figures": [%s]}\n' "$figures"
  } >"$entry"
  written+=("$entry")
  write_json
  echo "$1: $2 after $3 s${4:+ ($4)}"
}

# step NAME SHARE COMMAND...: at most SHARE per cent of the time that is left.
step() {
  local name=$1 limit=$(((end - SECONDS) * $2 / 100)) began=$SECONDS status; shift 2
  if [ $limit -lt 5 ]; then record "$name" skipped 0 "no time left"; return; fi
  # INT first: a comparison then keeps its checkpoint.
  timeout --signal=INT --kill-after=10 "$limit" "$@" >"$logs/$name.txt" 2>&1
  status=$?
  if [ $status = 0 ] && [ "${name%%_*}" = agreement ] && ! grep -q '^ok ' "$logs/$name.txt"; then status="0, but no test ran"; fi
  case $status in
    0) record "$name" done $((SECONDS - began)) "" ;;
    77) record "$name" skipped $((SECONDS - began)) "$(tail -n 1 "$logs/$name.txt")" ;;
    124 | 130 | 137) record "$name" stopped $((SECONDS - began)) "its $limit s were over" ;;
    *) record "$name" failed $((SECONDS - began)) "exit status $status"; failed=1 ;;
  esac
}
skip() { record "$1" skipped 0 "$2"; }
has() { command -v "$1" >/dev/null; }

export MVQ_GPU=1 OMP_WAIT_POLICY=passive
bundle=no; [ -d "$home/programs" ] && bundle=yes programs=$home/programs
if [ $dry$bundle$programs = nono ]; then  # a checkout: what is missing is built
  export -f build_programs && export home operations
  ! has nvcc || step build_programs 60 bash -c build_programs
  programs=$home/target/native/gpu-check
  [ -f "$home/target/mvq-gpu.classpath" ] || ! has javac || step build_classes 60 "$home/mvnw" -f "$home/pom.xml" -B -q -Pcuda,cuda-runtime -DskipTests process-test-classes
fi
[ -n "$programs" ] || programs=$home/target/native/build
[ -d "$programs/tests" ] && programs=$programs/tests
bench=$programs/${kind}_bench
small=(); [ $dry = no ] || small=(--small)
[ -x "$bench" ] || stop "$bench is not there; --programs FOLDER says where a build is"

# The command, of a bundle or of a checkout; no classes without Java or LibTorch.
java=java classes=
if [ -x "$home/java/bin/java" ]; then java=$home/java/bin/java; fi
if [ -d "$home/lib" ]; then classes=$home/classes:$home/native-classes$extension:$home/lib/*
elif [ -f "$home/target/mvq$extension.classpath" ] && [ -d "$home/target/classes/io" ]; then
  classes=$home/target/classes:$home/target/native-classes$extension:$(cat "$home/target/mvq$extension.classpath")
fi
has "$java" || classes=
mvq=("$java" -Xmx2g -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true "-Dmvq.home=$home" -cp "$classes" io.mvq.cli.Main)

keep_text=yes
if [ $dry = no ] && ! has nvidia-smi; then skip driver "nvidia-smi is not here"
elif [ $dry = no ]; then step driver 10 nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm,clocks.max.mem,power.limit --format=csv; fi
keep_text=no
step device 10 "$bench" device
for one in $operations; do
  filter=(); [ $dry = no ] || filter=("$(short_filter "$one")")
  step "agreement_$one" 25 "$programs/$(test_of "$one")" "${filter[@]}"
done
step times 20 "$bench" times "${small[@]}" --seconds 60
libtorch() {
  if [ -z "$classes" ]; then skip "$1" "no classes or no Java here: LibTorch is not measured"; return; fi
  step "$1" 30 "${mvq[@]}" bench --device $device --quick --parts LIBTORCH --only "$2" --out "$logs/$1" "${@:3}"
}
if [ $dry = yes ]; then
  libtorch libtorch_searches "nearest_code from Java n 16 " --rounds 1 --threads 1
  libtorch libtorch_selection "c 16 h 64 hidden 64 n 32 " --rounds 1 --threads 1
else
  libtorch libtorch_searches nearest_code
  libtorch libtorch_selection select_hypothesis
fi
step screening 25 "$bench" screening "${small[@]}" --seconds 60
step tiles 25 "$bench" tiles "${small[@]}" --seconds 60
step kernels 25 "$bench" profile "${small[@]}" --seconds 40

# What is furthest from its limit, by `times`, in the profiler that is here.
furthest=$(sed -n 's/^{"part":"times","operation":"\([^"]*\)","detail":"\([^"]*\)".*"ms":\([^,]*\),"limit_ms":\([^}]*\)}/\3 \4 \1 \2/p' \
  "$logs/times.txt" | awk '$1 / $2 > most { most = $1 / $2; $1 = $2 = ""; name = substr($0, 3) } END { print name }')
keep_text=yes
if [ -z "$furthest" ]; then skip profile "no times, so nothing is known to be slow"
elif has ncu; then step profile 40 ncu --launch-skip 4 --launch-count 4 --set detailed "$bench" times "${small[@]}" --only "$furthest"
elif has nsys; then step profile 40 nsys profile --stats=true --force-overwrite=true -o "$logs/profile" "$bench" times "${small[@]}" --only "$furthest"
else skip profile "neither ncu nor nsys is here; the step kernels has each kernel's time by events"; fi
keep_text=no

export MVQ_SHORT_TESTS=1  # each case once
for tool in memcheck racecheck; do
  for one in $operations; do
    filter=(); [ $dry = no ] || filter=(noRows)
    if has compute-sanitizer; then step "${tool}_$one" 25 compute-sanitizer --tool $tool --error-exitcode 9 "$programs/$(test_of "$one")" "${filter[@]}"
    else skip "${tool}_$one" "compute-sanitizer is not here"; fi
  done
done
unset MVQ_SHORT_TESTS

if [ $dry = yes ] || [ $bundle = yes ] || ! has javac; then skip java_tests "they need a GPU, a checkout and Maven"
else step java_tests 60 "$home/mvnw" -f "$home/pom.xml" -B -Pcuda,cuda-runtime "-Dtest=*OnGpuTest" -Dsurefire.failIfNoSpecifiedTests=false test-compile surefire:test; fi

compare() {
  if [ -z "$classes" ]; then skip "$1" "no classes or no Java here"; return; fi
  step "$1" "$2" "${mvq[@]}" reproduce --scale "$3" --only "$4" ${sets:+--data "$sets"} --no-timing --device $device --progress LINES --out "$logs/$3"
}
if [ $dry = yes ]; then skip trials "a trial takes hours on a CPU"
else
  compare trials_smallest 60 small "smallest codebook, 2"
  compare trials_against 95 small "VQ against"
  compare trials_full 100 full "smallest codebook, 2"
fi
echo "written: $out"
exit $failed
