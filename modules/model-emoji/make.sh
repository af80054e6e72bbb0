#!/usr/bin/env bash
# Trains the model emoji-2 anew and exports it here, in some 25 minutes of one core.
set -euo pipefail
cd "$(dirname "$0")/../.."
run=${1:-target/emoji-2}
./mvq train --out "$run" --threads 1 --data emoji --side 32 --codes 64 --width 24 --steps 3000 --seed 1 \
  --draw-weight 1.5 --draw-share 1 --look instances --look-rate 2e-4 --look-steps 600 --winner-look 1 \
  --prior-width 128 --prior-layers 2 --prior-conditional --prior-steps 1500 --prior-batch 128 --prior-warmup 50
./mvq evaluate "$run" --threads 1
place=modules/model-emoji/src/main/resources/io/mvq/pretrained
rm -rf "$place/emoji-2"
./mvq export "$run" --out "$place/emoji-2" --precision bf16 --license apache-2.0
