#!/usr/bin/env bash
# Builds the kernels for other machines than this one, each with its jar, and runs what an emulator can: the native tests,
# and every kernel from Java, whose results must be this machine's to the last bit. What cannot be built or run is said.
# By hand, after ./mvnw package; docs/platforms.md says how long it takes. Usage: platforms.sh [PLATFORM...]
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/target/platforms
platforms=("$@")
[ $# -gt 0 ] || platforms=(linux-arm64 windows-x86_64 macosx-arm64)
mkdir -p "$work"
stop() { echo "platforms.sh: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }
declare -A compiler=([linux-arm64]=aarch64-linux-gnu-g++ [windows-x86_64]=zig [macosx-arm64]=zig)
declare -A emulator=([linux-arm64]=qemu-aarch64 [windows-x86_64]=wine [macosx-arm64]=none)
declare -A holds=([linux-arm64]="libjniMvqNative.so libmvq.so" [windows-x86_64]="jniMvqNative.dll mvq.dll"
  [macosx-arm64]="libjniMvqNative.dylib libmvq.dylib")
export WINEPREFIX=${WINEPREFIX:-$work/wine} WINEDEBUG=${WINEDEBUG:--all}

javacpp=$(tr : '\n' <target/mvq.classpath | grep '/javacpp-[0-9.]*\.jar$')
javac -cp "target/classes:$javacpp" -d "$work" tests/platforms/Bits.java
bits() { "$1" "${@:3}" -Dorg.bytedeco.javacpp.cachedir="$work/cache" -cp "$work:target/classes:target/native-classes$2:$javacpp:$natives" Bits 2>"$work/bits.log"; }
natives=${javacpp%.jar}-linux-x86_64.jar
bits java '' >"$work/here" || { cat "$work/bits.log" >&2; stop "no kernel ran on this machine"; }

# An arm64 JVM out of Debian's packages, unpacked and not installed, run by qemu with each tier.
check_arm64_java() {
  local root=$work/arm64
  if [ ! -d "$root/usr/lib/jvm" ]; then
    dpkg --print-foreign-architectures | grep -qx arm64 || { echo "skipped: an arm64 JVM (dpkg --add-architecture arm64, apt-get update)"; return; }
    mkdir -p "$root/debs"
    (cd "$root/debs" && apt-get -qq download openjdk-17-jre-headless:arm64 libc6:arm64 libgcc-s1:arm64 libstdc++6:arm64 zlib1g:arm64)
    for package in "$root"/debs/*.deb; do dpkg -x "$package" "$root"; done
  fi
  natives=${javacpp%.jar}-linux-arm64.jar
  for tier in neondot neon scalar; do
    MVQ_MAX_ISA=$tier bits qemu-aarch64 -linux-arm64 -L "$root" "$root/usr/lib/jvm/java-17-openjdk-arm64/bin/java" -Xint >"$work/there" \
      || { cat "$work/bits.log" >&2; stop "no kernel ran in the arm64 JVM"; }
    grep -qx "cpu $tier" "$work/there" || stop "the arm64 JVM did not use $tier"
    diff <(sed '$d' "$work/here") <(sed '$d' "$work/there") || stop "$tier gives other bits (< here, > there)"
  done
  echo "an arm64 JVM under qemu: every kernel, NEON with and without dot products and scalar, gives this machine's bits"
}

# The libraries out of the jar, loaded and called as a JVM on Windows would.
check_windows_glue() {
  zig cc -target x86_64-windows-gnu -Isrc/main/cpp tests/platforms/glue.c -o "$work/glue.exe"
  unzip -qoj "$jar" '*.dll' -d "$work/dlls"
  (cd "$work/dlls" && wine ../glue.exe mvq.dll jniMvqNative.dll) || stop "the libraries in $jar do not load"
  echo "wine loads both libraries of the jar and calls through JavaCPP's"
}

for platform in "${platforms[@]}"; do
  [ -n "${compiler[$platform]:-}" ] || stop "unknown platform $platform; there are ${!compiler[*]}"
  if ! has "${compiler[$platform]}"; then echo "skipped: $platform, ${compiler[$platform]} is not installed"; continue; fi
  SECONDS=0
  ./mvnw -B -q -Dspotless.check.skip=true -Pplatform-$platform process-classes
  ./mvnw -B -q -f modules/pom.xml -pl kernels -Pplatform-$platform package
  jar=$(ls modules/kernels/target/mvq-kernels-*-$platform.jar)
  for library in ${holds[$platform]}; do
    jar tf "$jar" | grep -qx "io/mvq/kernel/binding/$platform/$library" || stop "$jar has no $library"
    if unzip -p "$jar" "io/mvq/kernel/binding/$platform/$library" | grep -qaF "$PWD/"; then
      stop "$library in $jar names a folder of the build"
    fi
  done
  echo "built: $platform ($SECONDS s)"
  if has "${emulator[$platform]}"; then
    ./build-native.sh --platform=$platform --test
    case $platform in
      linux-arm64) check_arm64_java ;;
      windows-x86_64) check_windows_glue ;;
    esac
    echo "run: $platform ($SECONDS s in all)"
  else
    echo "not run: $platform, no emulator (${emulator[$platform]})"
  fi
done
