#!/usr/bin/env bash
# Runs tests/gpu-check.sh with the SIMT layer in a GPU's place: all steps from a build; then from a bundle in which one program
# hangs and one fails. Usage: gpu_check_test.sh BUILD
set -euo pipefail
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
check=$(cd "$(dirname "$0")/.." && pwd)/gpu-check.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
stop() { echo "gpu_check_test.sh: $*" >&2; exit 1; }
says() { jq -e "$1" "$json" >/dev/null || { jq -c '.steps[] | {step, status, reason}' "$json" >&2; stop "not so: $1"; }; }

# tools that a GPU's machine has; here they only run what they are given
mkdir "$scratch/tools"
for tool in compute-sanitizer nsys; do
  printf '#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in */*_bench|*/*_test) break ;; esac; shift; done\necho "%s ran \\"it\\""; exec "$@"\n' $tool >"$scratch/tools/$tool"
  chmod +x "$scratch/tools/$tool"
done

json=$scratch/whole.json
PATH=$scratch/tools:$PATH "$check" --dry-run --programs "$1" --out "$json" || stop "it failed; see above"
says '.dry_run and (.steps | length) >= 28'
says '[.steps[] | select(.status != "done" and (.status != "skipped" or (.reason | length) == 0))] == []'
says '[.steps[] | select(.step | startswith("agreement")) | .figures[0].passed] | length == 6 and min > 0'
says '[.steps[] | select(.step == "times") | .figures[] | .ms] | length == 12 and min > 0'
says '.steps[] | select(.step == "profile") | .status == "done" and .text[0] == "nsys ran \"it\"" and (.figures | length) == 1'
says '[.steps[] | select(.step | startswith("racecheck")) | .figures[0].passed] | length == 6 and min > 0'
if [ -f "${check%/tests/*}/target/mvq.classpath" ] && [ -d "${check%/tests/*}/target/classes/io" ]; then
  says '.steps[] | select(.step == "libtorch_searches") | .figures[0].rows[0].speedup.libtorch > 0'
fi
tables=$(jq -rf "${check%-check.sh}-tables.jq" "$json")
for row in "DRY RUN" "| agreement_codebook_sums | done" "| nearest_in_bank | m 16, screened | 20, 33, 20 |" "| nearest_free_mask | any, screened | 20, 64, 1024 |" "| nearest_code | 130, 33, 300 |" "| 70, 9, 300 |"; do
  [[ $tables == *"$row"* ]] || stop "the tables lack $row: $tables"
done

"$check" --dry-run --pack "$scratch/bundle.tgz" --native --programs "$1"
tar -C "$scratch" -xf "$scratch/bundle.tgz"
bundle=$scratch/mvq-gpu-check
printf '#!/bin/sh\nexec sleep 30\n' >"$bundle/programs/cuda_nearest_in_bank_test"
printf '#!/bin/sh\necho "FAILED a \\"thing\\""; exit 1\n' >"$bundle/programs/cuda_dropout_masks_test"
json=$scratch/part.json
(cd "$scratch" && mvq-gpu-check/tests/gpu-check.sh --dry-run --minutes 1 --out part.json) &
for ((tries = 0; tries < 50; ++tries)); do ! grep -qs agreement_nearest_code "$json" || break; sleep 0.2; done
says '.steps[-1].step == "agreement_nearest_code"'  # what is known is there while the next step hangs
wait $! && stop "a failed step was forgotten"
says '.steps[] | select(.step == "agreement_nearest_in_bank") | .status == "stopped"'
says '.steps[] | select(.step == "agreement_dropout_masks") | .status == "failed" and .text == ["FAILED a \"thing\""]'
says '.steps[] | select(.step == "times") | .status == "done"'
says '.steps[] | select(.step == "libtorch_searches") | .status == "skipped"'
"$check" --minutes soon 2>"$scratch/said" && stop "--minutes soon was taken"
grep -q 'must be a whole number from 1 on, got "soon"' "$scratch/said" || stop "$(cat "$scratch/said")"
