#!/usr/bin/env bash
# Builds libmvq into target/native/lib; with --test builds and runs the native tests too.
set -euo pipefail
cd "$(dirname "$0")"
out=target/native
tests=OFF
for argument in "$@"; do
  case $argument in
    --test) tests=ON ;;
    *) echo "build-native.sh: unknown option $argument; the only one is --test" >&2; exit 2 ;;
  esac
done
mkdir -p "$out"
cmake -S src/main/cpp -B "$out/build" -DCMAKE_BUILD_TYPE=Release -DMVQ_TESTS=$tests -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$PWD/$out/lib" >"$out/cmake.log" || { cat "$out/cmake.log" >&2; exit 1; }
cmake --build "$out/build" --parallel >"$out/build.log" || { cat "$out/build.log" >&2; exit 1; }
if [ $tests = ON ]; then ctest --test-dir "$out/build" --output-on-failure; fi
