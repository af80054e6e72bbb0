#!/usr/bin/env bash
# Makes data/emoji.xz from the npm package below. Needs npm, tar and a JDK; run it again only for a newer package.
set -euo pipefail
cd "$(dirname "$0")/.."
package=emoji-datasource-google@16.0.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./mvnw -B -q -DskipTests process-classes
npm pack --silent --pack-destination "$work" "$package" >/dev/null
tar -xzf "$work"/*.tgz -C "$work" package/emoji.json package/img/google/64
java -cp "target/classes:$(cat target/mvq.classpath)" io.mvq.data.set.EmojiPack "$work/package" data/emoji.xz
ls -l data/emoji.xz
