#!/usr/bin/env bash
# Checks the jars that -Pcuda packaged, on a machine with or without a GPU: what they hold, that the library loads, what it
# says of devices, and what --device cuda says where there is none. Usage: gpu-artifact.sh TARGET/NAME-VERSION CLASSIFIER
set -euo pipefail
classes=$(realpath "$1.jar") natives=$(realpath "$1-$2.jar")
stop() { echo "gpu-artifact.sh: $*" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

place=io/mvq/kernel/binding/$2
held=$(jar tf "$natives" | grep '\.so$' | sort | tr '\n' ' ')
[ "$held" = "$place/libjniMvqNative.so $place/libmvq.so " ] || stop "$natives holds $held"
(cd "$scratch" && jar xf "$natives" "$place/libmvq.so")
library=$scratch/$place/libmvq.so
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
case $needed in *cuda*) stop "libmvq.so needs $needed: it would not load where no driver is" ;; esac
readelf -S -W "$library" | grep -q '\.nv_fatbin' || stop "libmvq.so holds no CUDA code"

mvq() { # a user's class path: no build folders but the jars, and a cache of its own
  java -Dorg.bytedeco.javacpp.cachedir="$scratch/cache" -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$classes:$natives:$(cat "$(dirname "$classes")/mvq-gpu.classpath")" io.mvq.cli.Main "$@" 2>&1
}
info=$(mvq info) || stop "mvq info failed: $info"
case $info in *"/$2/libjniMvqNative.so"*) ;; *) stop "the library of $2 was not loaded: $info" ;; esac
if [[ $info == *"CUDA      devices: 0"* ]]; then
  reason=$(sed -n 's/^  not used  cuda: //p' <<<"$info")
  case $reason in "no driver ("* | "no device"*) ;; *) stop "no reason for 0 devices: $info" ;; esac
  error=$(mvq train --device cuda --out "$scratch/run") && stop "--device cuda did not fail"
  [ "$error" = "mvq: device cuda cannot be used: the kernels say $reason" ] || stop "--device cuda says: $error"
  echo "$natives: loads, 0 devices, --device cuda says: $error"
else
  echo "$natives: loads, $(sed -n 's/^  CUDA *//p' <<<"$info")"
fi
