#!/usr/bin/env bash
# Builds a copy of this checkout in a folder of another name and compares its native libraries with this one's, byte by
# byte. Build this one first. A few minutes; .ci/run calls it.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
copy="$scratch/a copy"
mkdir "$copy"
(cd "$here" && git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$copy")
(cd "$copy" && ./mvnw -B -q -DskipTests -Dspotless.check.skip=true process-classes)
compared=0
while read -r library; do
  cmp "$here/target/native-classes/$library" "$copy/target/native-classes/$library"
  echo "same bytes from two folders: $library"
  compared=$((compared + 1))
done < <(cd "$here/target/native-classes" && find . -name '*.so' | sort)
[ $compared = 2 ] || { echo "same-bytes.sh: 2 libraries expected, $compared compared" >&2; exit 1; }
