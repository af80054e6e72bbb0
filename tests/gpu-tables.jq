# The tables of docs/cuda.md from what tests/gpu-check.sh wrote: jq -rf tests/gpu-tables.jq gpu-check.json
def digits: # three of them
  if . == null then "" elif type != "number" then tostring elif . == 0 then "0"
  elif . >= 100 then (round | tostring)
  else (. as $x | (2 - (log10 | floor)) as $places | ($x * pow(10; $places) | round) / pow(10; $places) | tostring) end;
def line: "| " + (map(digits) | join(" | ")) + " |";
def table($head; rows): [rows] as $rows
  | if ($rows | length) == 0 then empty
    else ($head | line), ($head | map("---") | line), ($rows[] | line), "" end;
def figures($step): .steps[] | select(.step == $step) | .figures[];
def over($a; $b): if $a == null or $b == null or $b == 0 then null else $a / $b end;

"\(.date), commit \(.commit)\(if .dry_run then ", a DRY RUN on the CPU: its times mean nothing" else "" end)",
"", (figures("device") | tojson), "",
table(["step", "what came of it", "seconds", ""]; .steps[] | [.step, .status, .seconds,
  (.reason // ([.figures[] | select(has("passed")) | "\(.passed) tests passed, \(.failed) failed"] | join("")))]),
table(["operation", "", "n, d, k", "ms", "limit", "times the limit"];
  figures("times") | [.operation, .detail, "\(.n), \(.d), \(.k)", .ms, .limit_ms, over(.ms; .limit_ms)]),
(["libtorch_searches", "libtorch_selection"][] as $step
  | ([figures($step) | .rows[].speedup | keys[]] | unique) as $peers
  | table(["operation", "n, d, k", "ns a row"] + ($peers | map("\(.): its time over ours"));
      figures($step) | .rows[] as $row
      | [$row.operation + (if ($row.detail // "") == "" then "" else ", " + $row.detail end),
         "\($row.n), \($row.d), \($row.k)", $row.ns_per_row]
        + ($peers | map($row.speedup[.])))),
table(["screened", "n, d, k", "ms", "without", "over the time without"];
  figures("screening") | [.operation, "\(.n), \(.d), \(.k)", .ms, .not_screened_ms, over(.ms; .not_screened_ms)]),
table(["tiles: n, d, k", "as chosen, ms", "large", "small", "64 blocks", "1024 blocks"];
  figures("tiles") | ["\(.n), \(.d), \(.k)", .ms, .large_ms, .small_ms, .blocks_64_ms, .blocks_1024_ms]),
table(["operation", "kernel", "ms"];
  figures("kernels") | [.operation + (if .detail == "" then "" else ", " + .detail end), .kernel, .ms])
