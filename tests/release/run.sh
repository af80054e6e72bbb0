#!/usr/bin/env bash
# Stages the artifacts as a release would upload them, into a repository of files, checks what is there, and builds a
# consumer of each against that alone: what is io.mvq comes out of it into a cache of its own, every other library out of
# the usual one. Signs with a key made for this run, where gpg is; two consumers are built by Gradle too, where that is. Usage: run.sh LOCAL_REPOSITORY, after ./mvnw package
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$1 work=$PWD/target/release
stop() { echo "run.sh: $*" >&2; exit 1; }
rm -rf "$work"
mkdir -p "$work"

signing=(-Dgpg.skip=true)
if command -v gpg >/dev/null; then
  GNUPGHOME=$(mktemp -d)  # short: the agent's socket lies in it
  export GNUPGHOME
  trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT
  gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'test of mvq' ed25519 sign 1d 2>"$work/gpg.log"
  signing=(-Dgpg.keyname="test of mvq" -Dgpg.passphrase=)
else
  echo "run.sh: gpg is not installed: signatures are not tried"
fi
# Without a public address nothing is uploaded, and the refusal says how to give one.
if ./mvnw -B -q -f modules/pom.xml -N -Prelease,central -Dgpg.skip=true validate >"$work/address.log" 2>&1; then
  stop "the profile central took an empty mvq.url"
fi
grep -q -e '-Dmvq.url=https://' "$work/address.log" || { cat "$work/address.log" >&2; stop "the refusal does not say -Dmvq.url=https://..."; }
address=https://example.org/mvq
# Spark's tests run here too, in modules/spark.
./mvnw -B -q -f modules/pom.xml clean deploy -Prelease "${signing[@]}" -Dmvq.url=$address -Dmaven.install.skip=true \
  -DaltDeploymentRepository="staged::file://$work/staged"
jars="mvq-kernels mvq mvq-data mvq-train mvq-spark mvq-model-emoji"
spark=$(sed -n 's:.*<spark.version>\(.*\)</spark.version>.*:\1:p' modules/parent/pom.xml)
version=$(sed -n 's:.*<revision>\(.*\)</revision>.*:\1:p' modules/parent/pom.xml)

# What Maven Central asks for.
staged() { echo "$work/staged/io/mvq/$1/$version/$1-$version$2"; }
signed() {
  [ -s "$1" ] || stop "$1 is missing"
  if [ -n "${GNUPGHOME:-}" ]; then gpg --batch --quiet --verify "$1.asc" "$1" 2>>"$work/gpg.log" || stop "$1 is not signed"; fi
}
for artifact in mvq-bom $jars; do
  pom=$(staged $artifact .pom)
  signed "$pom"
  if grep -q '\${\|<parent>' "$pom"; then stop "$pom is not flat"; fi
  for part in "<url>$address</url>" "<connection>scm:git:$address</connection>" "<developer>" "<name>Apache-2.0</name>"; do
    grep -q "$part" "$pom" || stop "$pom has no $part"
  done
  signed "$(staged $artifact -cyclonedx.json)"
done
for jar in mvq-kernels: mvq-kernels:-linux-x86_64 mvq: mvq-data: mvq-train: mvq-spark: mvq-model-emoji:; do
  file=$(staged "${jar%%:*}" "${jar##*:}.jar")
  signed "$file"
  for part in META-INF/LICENSE META-INF/NOTICE; do
    jar tf "$file" | grep -qx "$part" || stop "$file has no $part"
  done
done
for artifact in $jars; do
  signed "$(staged $artifact -sources.jar)"
  signed "$(staged $artifact -javadoc.jar)"
done
echo "staged with sources, Javadoc, SBOM${GNUPGHOME:+, signatures}: mvq-bom $jars $version"

# consume FOLDER TEXT: builds and runs the project there, which must print the text
consume() {
  local log=$work/$(basename "$1").log
  cp -r "$1" "$work/"
  ./mvnw -B -f "$work/$(basename "$1")/pom.xml" -Dmaven.repo.local="$work/cache" -Dmaven.repo.local.tail="$cache" \
    -Dstaged="file://$work/staged" -Dmvq.version="$version" -Dspark.version="$spark" process-classes >"$log" 2>&1 || { cat "$log" >&2; stop "$1 failed"; }
  grep -Fq "$2" "$log" || { cat "$log" >&2; stop "$1 did not print \"$2\""; }
  echo "built and run against the staged artifacts alone: $1"
}
consume tests/consumer "code 2"
if grep -q pytorch "$work/consumer.log" || [ -e "$work/cache/org/bytedeco/pytorch" ]; then
  stop "a user of the kernels alone must not need LibTorch"
fi
consume tests/release/spark "nearest codes 1 0"
if grep -q "bytedeco.*pytorch" "$work/spark.log" || [ -e "$work/cache/org/bytedeco/pytorch" ]; then
  stop "nearest codes on Spark must not need LibTorch"
fi
consume tests/release/models "different tokens 4"
consume tests/release/train "LibTorch "
grep -q "Frechet distance, samples from the prior" "$work/train.log" || stop "the quickstart of mvq-train printed no table"
for artifact in mvq-bom $jars; do
  grep -q ">staged=" "$work/cache/io/mvq/$artifact/$version/_remote.repositories" \
    || stop "$artifact $version was taken from $cache/io/mvq and not from the staged repository; delete it there"
done

# Users of the kernels and of the command once more, by Gradle.
if command -v gradle >/dev/null; then
  log=$work/gradle.log
  gradle --no-daemon --offline -p tests/release/gradle -g "$work/gradle/home" --project-cache-dir "$work/gradle/project" \
    -Pwork="$work/gradle" -Pstaged="file://$work/staged" -Plibraries="file://$cache" -Pmvq="$version" nearest info >"$log" 2>&1 \
    || { cat "$log" >&2; stop "tests/release/gradle failed"; }
  for text in "code 2" "LibTorch "; do grep -Fq "$text" "$log" || { cat "$log" >&2; stop "Gradle's consumer did not print \"$text\""; }; done
  elsewhere=$(grep '^class path: ' "$log" | tr ' ' '\n' | grep '/io/mvq/' | grep -v "^$work/staged/" || true)
  [ -z "$elsewhere" ] || stop "Gradle took what is not staged: $elsewhere"
  if sed -n '1,/^code 2/p' "$log" | grep -q pytorch; then stop "a user of the kernels alone must not need LibTorch"; fi
  echo "built and run by Gradle: tests/release/gradle"
else
  echo "run.sh: gradle is not installed: no consumer is built by it"
fi
