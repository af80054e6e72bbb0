#!/usr/bin/env bash
# Builds libmvq.so in a folder of another name and compares it with this checkout's, byte by byte. Build this one first.
# JavaCPP's glue beside it is left out: it has its functions in the order in which the JVM lists methods, another each run.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
copy="$scratch/a copy"
mkdir "$copy"
(cd "$here" && git ls-files -co --exclude-standard -z build-native.sh src/main/cpp src/main/cuda | xargs -0 cp --parents -t "$copy")
(cd "$copy" && ./build-native.sh)
cmp "$here/target/native/lib/libmvq.so" "$copy/target/native/lib/libmvq.so"
echo "same bytes from two folders: libmvq.so"
