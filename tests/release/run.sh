#!/usr/bin/env bash
# Stages the artifacts as a release would upload them, into a repository of files, and builds a consumer of each against
# that alone: what is io.mvq comes out of it into a cache of its own, every other library out of the usual one.
# Usage: run.sh LOCAL_REPOSITORY, after ./mvnw package
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$PWD/target/release
stop() { echo "run.sh: $*" >&2; exit 1; }
rm -rf "$work"
mkdir -p "$work"

./mvnw -B -q -f modules/pom.xml clean deploy -Dmaven.install.skip=true \
  -DaltDeploymentRepository="staged::file://$work/staged"
version=$(sed -n 's:.*<revision>\(.*\)</revision>.*:\1:p' modules/parent/pom.xml)

# consume FOLDER TEXT: builds and runs the project there, which must print the text
consume() {
  local log=$work/$(basename "$1").log
  cp -r "$1" "$work/"
  ./mvnw -B -f "$work/$(basename "$1")/pom.xml" -Dmaven.repo.local="$work/cache" -Dmaven.repo.local.tail="$cache" \
    -Dstaged="file://$work/staged" -Dmvq.version="$version" process-classes >"$log" 2>&1 || { cat "$log" >&2; stop "$1 failed"; }
  grep -Fq "$2" "$log" || { cat "$log" >&2; stop "$1 did not print \"$2\""; }
  echo "built and run against the staged artifacts alone: $1"
}
cache=$1
consume tests/consumer "code 2"
if grep -q pytorch "$work/consumer.log" || ls "$work/cache/org/bytedeco" 2>/dev/null | grep -q pytorch; then
  stop "a user of the kernels alone must not need LibTorch"
fi
consume tests/release/models "different tokens 4"
consume tests/release/train "LibTorch "
for artifact in mvq-bom mvq-kernels mvq mvq-train; do
  grep -q ">staged=" "$work/cache/io/mvq/$artifact/$version/_remote.repositories" \
    || stop "$artifact $version was taken from $cache/io/mvq and not from the staged repository; delete it there"
done
