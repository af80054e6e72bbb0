#!/usr/bin/env bash
# Compiles one source in a folder of another name and compares it with this build's bytes; tests/same-bytes.sh compares all. Usage: same_bytes_test.sh SOURCES BUILD
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$1" "$scratch/another folder"
cmake -S "$scratch/another folder" -B "$scratch/build" -DCMAKE_BUILD_TYPE=Release >"$scratch/log"
cmake --build "$scratch/build" --target abi/threads.o >>"$scratch/log" || { cat "$scratch/log"; exit 1; }
object=CMakeFiles/mvq_objects.dir/abi/threads.cpp.o
cmp "$scratch/build/$object" "$2/$object"
