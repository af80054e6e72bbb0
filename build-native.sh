#!/usr/bin/env bash
# Builds libmvq into target/native/lib, or with --cuda, the CUDA kernels in it too, into target/native/lib-gpu.
# --test runs the native tests too; --sanitize runs them under sanitizers, elsewhere.
# --bench builds target/native/bench/native_bench too, --with-peers the same with those of FAISS and OpenBLAS there are.
set -euo pipefail
cd "$(dirname "$0")"

stop() { echo "build-native.sh: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || stop "$1 is missing. Debian or Ubuntu: sudo apt-get install $2. Fedora: sudo dnf install $3. macOS: $4."; }

# build_in FOLDER, then options of cmake: configures and builds, and shows the log only of what fails.
build_in() {
  local folder=$1; shift
  mkdir -p "$folder"
  cmake -S src/main/cpp -B "$folder" "$@" >"$folder/cmake.log" 2>&1 || { cat "$folder/cmake.log" >&2; stop "cmake failed"; }
  cmake --build "$folder" --parallel "$(getconf _NPROCESSORS_ONLN)" >"$folder/build.log" 2>&1 || { cat "$folder/build.log" >&2; stop "the build failed"; }
}

# The library must export the functions that mvq.h declares, no more and no fewer.
compare_exports() {
  local declared exported
  declared=$(grep -o 'mvq_[a-z_0-9]*(' <(grep '^MVQ_API' src/main/cpp/mvq.h) | tr -d '(' | sort)
  exported=$(nm -D --defined-only "$1" | awk '{print $3}' | sort)
  [ "$declared" = "$exported" ] || stop "exports of $1 differ from mvq.h (< declared, > exported):
$(diff <(echo "$declared") <(echo "$exported"))"
}

tests=OFF sanitize=no bench=OFF peers=OFF cuda=OFF lib=target/native/lib
for argument in "$@"; do
  case $argument in
    --test) tests=ON ;;
    --sanitize) sanitize=yes ;;
    --cuda) cuda=ON lib=target/native/lib-gpu ;;
    --bench) bench=ON ;;
    --with-peers) bench=ON peers=ON ;;
    *) stop "unknown option $argument; there are --test, --sanitize, --cuda, --bench and --with-peers" ;;
  esac
done
need cmake cmake cmake "brew install cmake"
need "${CXX:-g++}" g++ gcc-c++ "xcode-select --install"
if [ $cuda = ON ]; then need "${CUDACXX:-nvcc}" "nvidia-cuda-toolkit (12.8 or newer)" cuda-toolkit "not available"; fi

build_in target/native/build -DCMAKE_BUILD_TYPE=Release -DMVQ_TESTS=$tests -DMVQ_CUDA=$cuda -DMVQ_BENCH=$bench -DMVQ_PEERS=$peers -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$PWD/$lib"
if [ $peers = ON ]; then grep -A1 "Warning" target/native/build/cmake.log >&2 || true; fi
if [ "$(uname)" = Linux ]; then compare_exports $lib/libmvq.so; fi
if [ $tests = ON ]; then ctest --test-dir target/native/build --output-on-failure; fi
if [ $sanitize = yes ]; then
  for kind in address,undefined thread; do
    build_in "target/native/$kind" -DCMAKE_BUILD_TYPE=Sanitize -DCMAKE_CXX_FLAGS_SANITIZE=-O1 -DMVQ_TESTS=ON -DMVQ_SANITIZE=$kind
    ctest --test-dir "target/native/$kind" --output-on-failure
  done
fi
