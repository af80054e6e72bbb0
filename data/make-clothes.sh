#!/usr/bin/env bash
# Makes data/clothes/ from Debian's package dataset-fashion-mnist: its first 10,000 training and 2,000 test images.
# Needs apt-get, dpkg-deb and gzip.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get download -qq dataset-fashion-mnist && dpkg-deb -x ./*.deb .)

# FILE COUNT HEADER ITEM: the first COUNT items of ITEM bytes behind a header of HEADER bytes, whose bytes 4 to 7 are the count.
first() {
  gzip -dc "$work/usr/share/datasets/fashion-mnist/$1.gz" > "$work/all"
  {
    head -c 4 "$work/all"
    printf "\\x$(printf %02x $(($2 >> 24)))\\x$(printf %02x $(($2 >> 16 & 255)))\\x$(printf %02x $(($2 >> 8 & 255)))\\x$(printf %02x $(($2 & 255)))"
    head -c $(($3 + $2 * $4)) "$work/all" | tail -c +9
  } | gzip -9n > "clothes/$1.gz"
}
first train-images-idx3-ubyte 10000 16 784
first train-labels-idx1-ubyte 10000 8 1
first t10k-images-idx3-ubyte 2000 16 784
first t10k-labels-idx1-ubyte 2000 8 1
ls -l clothes
