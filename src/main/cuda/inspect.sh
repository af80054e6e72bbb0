#!/usr/bin/env bash
# Prints what nvcc made of each kernel: registers, shared memory and occupancy an architecture, the instructions that
# matter in the PTX. Needs no GPU. Fails where a kernel spills more than 7 registers (28 bytes stored or loaded), or where
# an intended instruction is missing. The free mask's screen_tiles may spill 46: on sm_100 and 120 it does so.
set -euo pipefail
cd "$(dirname "$0")"
architectures="75 80 86 89 90 100 120"
flags="-std=c++20 -O3 -fmad=false -I . -I ../cpp"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# kernel architecture registers shared spilled-bytes, from ptxas
for source in */*.cu; do
  for architecture in $architectures; do
    nvcc $flags -Xptxas=-v -arch=sm_"$architecture" -cubin -o "$work/cubin" "$source" 2>&1 | awk -v a="$architecture" -v quote="'" '
      /Compiling entry function/ { split($0, part, quote); name = part[2] }
      /spill stores/ { for (i = 2; i <= NF; ++i) if ($i == "spill" && $(i - 2) > spilled) spilled = $(i - 2) }
      /Used [0-9]+ registers/ {
        shared = 0
        for (i = 2; i <= NF; ++i) { if ($i ~ /^registers/) registers = $(i - 1); if ($i ~ /^smem/) shared = $(i - 2) }
        print name, a, registers, shared, spilled + 0; spilled = 0
      }'
  done
done | sort -u >"$work/ptxas"

# kernel threads and counts of instructions, from the PTX of two code generators
for source in */*.cu; do
  for architecture in 80 120; do
    nvcc $flags -ptx -arch=compute_"$architecture" -o "$work/ptx" "$source"
    awk -v a="$architecture" '
      /^\.visible \.entry|^\.entry/ { name = $NF; sub(/\(.*/, "", name); copies = vectors = products = tensor = 0 }
      /\.maxntid/ { threads = $2; sub(/,.*/, "", threads) }
      /cp\.async\.c[ag]/ { ++copies }
      /ld\.shared\.v4/ { ++vectors }
      /fma\.rn\.f32/ { ++products }
      /mma\.sync/ { ++tensor }
      /^}/ { if (name != "") print name, a, threads, copies + 0, vectors + 0, products + 0, tensor + 0; name = "" }' "$work/ptx"
  done
done | sort -u >"$work/ptx_counts"

c++ -O1 -I "$(dirname "$(readlink -f "$(nvcc -dryrun -x cu -c /dev/null 2>&1 | sed -n 's/^#\$ _HERE_=//p')")")/include" -o "$work/occupancy" occupancy.cpp
awk 'NR == FNR { threads[$1] = $3; next } { print $1, $2, threads[$1], $3, $4 }' "$work/ptx_counts" "$work/ptxas" | "$work/occupancy" >"$work/occupied"

short_names() { c++filt | sed -E 's/(mvq::cuda::)?\(anonymous namespace\):://g; s/mvq::cuda:://g; s/\(Term\)0/full/; s/\(Term\)1/row_masked/; s/\(Term\)2/free/; s/void //; s/\((Search|Kept|unsigned|long|float|mvq_)[^|]*\)//; s/(losses<[0-9]+), true>/\1, wide>/; s/, false>/>/; s/halve<false>/halve/; s/halve<true>/halve<bank>/; s/screen_tiles<\(Screened\)0>/screen_tiles/; s/screen_tiles<\(Screened\)1>/screen_tiles<bank>/; s/<\(Screened\)2>/<free>/; s/, true>/, bank>/'; }

echo "| kernel | threads | shared bytes | registers / occupancy: $(echo $architectures | sed 's/\([0-9]*\)/sm_\1/g; s/ /, /g') |"
echo "| --- | --- | --- | --- |"
sort -k1,1 -k2,2n "$work/occupied" | awk '
  $1 != name { if (name != "") print line " |"; name = $1; line = "| " $1 " | " $3 " | " $5 " |" ; separator = " " }
  { line = line separator $4 " / " $6 "%"; separator = ", " }
  END { print line " |" }' | short_names
echo
echo "| kernel | PTX | cp.async | ld.shared.v4 | fma.rn.f32 | mma.sync |"
echo "| --- | --- | --- | --- | --- | --- |"
awk '{ print "| " $1 " | compute_" $2 " | " $4 " | " $5 " | " $6 " | " $7 " |" }' "$work/ptx_counts" | short_names

failed=no
if awk '$5 > ($1 ~ /screen_tiles.*ScreenedE2/ ? 184 : 28) { print "spills " $5 " bytes: " $1 " on sm_" $2; found = 1 } END { exit !found }' "$work/ptxas" | c++filt; then failed=yes; fi
if awk '$1 ~ /search_tiles/ && ($4 == 0 || $6 == 0) { print "no cp.async or fma: " $1; found = 1 } END { exit !found }' "$work/ptx_counts" | c++filt; then failed=yes; fi
if awk '$1 ~ /screen_tiles/ && $7 == 0 { print "no mma.sync: " $1; found = 1 } END { exit !found }' "$work/ptx_counts" | c++filt; then failed=yes; fi
[ $failed = no ] || { echo "inspect.sh: see above" >&2; exit 1; }
